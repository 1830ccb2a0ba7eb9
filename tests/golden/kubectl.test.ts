import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { kinds } from '../../src/engine/kinds/index.ts'
import { replay, type Outcome } from './kubectl/replay.ts'
import type { Step } from './kubectl/transcript.ts'

const data = fileURLToPath(new URL('./data/kubectl/', import.meta.url))
const scoresFile = fileURLToPath(new URL('./scores.json', import.meta.url))

interface Resource {
  readonly name: string
  readonly singularName?: string
  readonly shortNames?: readonly string[]
  readonly kind: string
  readonly group?: string
}

/** Words of kinds that the real server serves and this one does not yet. */
const unserved = readUnserved()

test('transcripts of the real kubectl', { timeout: 300_000 }, () => {
  const only = process.env['GOLDEN']
  const files = readdirSync(data).filter((file) => file.endsWith('.txt') && (!only || file.includes(only)))
  const outcomes = files.flatMap((file) => {
    const found = replay(readFileSync(data + file, 'utf8'), isServed)
    if (process.env['VERBOSE'] || only) report(file, found, Boolean(only))
    return found
  })
  const judged = outcomes.filter(({ result }) => result !== 'skipped')
  for (const command of [...new Set(judged.map((outcome) => outcome.command))].sort()) {
    const group = judged.filter((outcome) => outcome.command === command)
    console.log(`golden kubectl/${command}: ${passedOf(group)}/${group.length}`)
  }
  const score = { passed: passedOf(judged), total: judged.length }
  console.log(
    `golden kubectl: ${score.passed}/${score.total}; ${outcomes.length - judged.length} commands skipped: about kinds not served`,
  )
  if (!only) ratchet(score)
})

const passedOf = (outcomes: readonly Outcome[]): number => outcomes.filter(({ result }) => result === 'passed').length

function isServed(step: Step, files: ReadonlyMap<string, string>): boolean {
  const words = step.words.split(/[\s,/=]+/).map((word) => word.toLowerCase())
  if (words.some((word) => unserved.words.has(word))) return false
  const manifests = [...files].filter(([name]) => step.words.includes(name)).map(([, text]) => text)
  const texts = [...manifests, step.stdin ?? '']
  if (texts.some((text) => [...text.matchAll(/^\s*kind: *(\w+)/gm)].some(([, kind]) => unserved.kinds.has(kind!))))
    return false
  const printed = [...step.stdout, ...step.stderr].map(({ text }) => text).join('\n')
  return ![...unserved.prefixes].some((prefix) => printed.includes(prefix))
}

function readUnserved(): { words: Set<string>; kinds: Set<string>; prefixes: Set<string> } {
  const served = new Set(kinds.map(({ kind, group }) => `${kind}.${group}`))
  const all = JSON.parse(readFileSync(`${data}resources.json`, 'utf8')) as Resource[]
  const missing = all.filter(({ kind, group = '' }) => !served.has(`${kind}.${group}`) && kind !== 'Event')
  const wordsOf = ({ name, kind, shortNames = [] }: Resource): string[] => [name, kind.toLowerCase(), ...shortNames]
  return {
    words: new Set(missing.flatMap(wordsOf)),
    kinds: new Set(missing.map(({ kind }) => kind).filter((kind) => !kinds.some((served) => served.kind === kind))),
    prefixes: new Set(
      missing.filter(({ group = '' }) => group !== '').map(({ kind, group }) => `${kind.toLowerCase()}.${group}/`),
    ),
  }
}

function report(file: string, outcomes: readonly Outcome[], withOutput: boolean): void {
  const judged = outcomes.filter(({ result }) => result !== 'skipped')
  console.log(`${file}: ${passedOf(judged)}/${judged.length}`)
  for (const { step, result, stdout, stderr, code } of outcomes) {
    if (result !== 'failed') continue
    console.log(`  ${step.line}: ${step.words}`)
    if (!withOutput) continue
    const got = [...lines(stdout, '|'), ...lines(stderr, '!'), ...(code === step.code ? [] : [`= ${code}`])]
    const wanted = [
      ...step.stdout.map(({ text }) => `| ${text}`),
      ...step.stderr.map(({ text }) => `! ${text}`),
      ...(code === step.code ? [] : [`= ${step.code}`]),
    ]
    console.log([...wanted.map((line) => `     want ${line}`), ...got.map((line) => `     got  ${line}`)].join('\n'))
  }
}

const lines = (text: string, mark: string): string[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${mark} ${line}`)

interface Score {
  readonly passed: number
  readonly total: number
}

/** The score may rise, never fall; kinds that come to be served make the total grow. */
function ratchet(score: Score): void {
  const scores = existsSync(scoresFile) ? (JSON.parse(readFileSync(scoresFile, 'utf8')) as Record<string, Score>) : {}
  const before = scores['kubectl']
  if (process.env['UPDATE_SCORES'])
    writeFileSync(scoresFile, `${JSON.stringify({ ...scores, kubectl: score }, null, 2)}\n`)
  else if (before) expect(score.passed).toBeGreaterThanOrEqual(before.passed)
}
