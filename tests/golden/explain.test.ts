import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builtInExplainRoot, explain } from '../../src/engine/api/schema/index.ts'

interface Recording {
  readonly name: string
  readonly command: string
  readonly structure: string
  readonly stderr: string
}

interface Resource {
  readonly name: string
  readonly singularName: string
  readonly shortNames: readonly string[]
  readonly apiVersion: string
  readonly kind: string
}

const file = ['../shared/golden/explain/explain.json', 'tests/golden/data/explain/explain.json'].find((path) =>
  existsSync(path),
)
const recordings = file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as Recording[])
const resources = resourcesOf('../shared/golden/discovery/api-resources.json')

test.skipIf(recordings.length === 0 || resources.length === 0)('explains as the recorded kubectl did', () => {
  const known = recordings.filter(({ command }) => findResource(command) !== undefined)
  const wrong = known.filter((recording) => !isRight(recording)).map(({ name }) => name)
  console.log(
    `explain: ${known.length - wrong.length} of ${known.length} structures, ${recordings.length - known.length} about no known resource`,
  )
  expect(wrong).toEqual([])
})

function isRight(recording: Recording): boolean {
  const { kind, apiVersion } = findResource(recording.command) ?? { kind: '', apiVersion: '' }
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const root = builtInExplainRoot(group, version, kind, () => '<text>')
  if (root === undefined) return false
  const subject = { group, version, kind, path: pathOf(recording.command).slice(1) }
  const { stdout, error } = explain(subject, root, recording.command.includes('--recursive'))
  const stderr = error === undefined ? '' : `${error}\n`
  return structureOf(stdout) === recording.structure.trimEnd() && stderr === recording.stderr
}

/** The output without texts, as it was recorded: one mark for the description, no text below a field, single empty lines. */
function structureOf(stdout: string): string {
  return stdout
    .replaceAll(/\n +\n +Possible enum values:(\n +- .*)*/g, '')
    .replace(/DESCRIPTION:\n(?: +<text>\n)+(?: +\n)*/, 'DESCRIPTION:\n    <description>\n\n')
    .replaceAll(/^ +<text>\n/gm, '')
    .replaceAll(/\n\n\n+/g, '\n\n')
    .trimEnd()
}

function pathOf(command: string): string[] {
  return (command.split(' ')[2] ?? '').split('.')
}

function findResource(command: string): Resource | undefined {
  const [asked = ''] = pathOf(command)
  const named = resources.filter(({ name, singularName, shortNames }) =>
    [name, singularName, ...shortNames].includes(asked),
  )
  // The newest version of a group is the one it prefers.
  return named.sort((a, b) => (a.apiVersion < b.apiVersion ? 1 : -1))[0]
}

function resourcesOf(path: string): readonly Resource[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Resource[]) : []
}
