import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const scoresFile = here('../scores.json')

/** One recording, whatever its area. */
export interface Recording {
  readonly name: string
  readonly source?: string
  readonly [field: string]: unknown
}

/** The recordings of an area by file: ours from the repository, those of the documentation's manifests from beside it, if there. */
export function recordingsOf(area: string): ReadonlyMap<string, readonly Recording[]> {
  const files = new Map<string, Recording[]>()
  const add = (folder: string, isWanted: (one: Recording) => boolean): void => {
    if (!existsSync(folder)) return
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const list = (JSON.parse(readFileSync(folder + file, 'utf8')) as Recording[]).filter(isWanted)
      const name = file.replace('.json', '')
      files.set(name, [...(files.get(name) ?? []), ...list])
    }
  }
  add(here(`../data/${area}/`), () => true)
  add(here(`../../../../shared/golden/${area}/`), ({ source }) => source?.startsWith('docs:') === true)
  return files
}

/** What became of one recording. */
export type Verdict = { readonly name: string } & (
  | { readonly is: 'passed' }
  | { readonly is: 'failed'; readonly expected: unknown; readonly got: unknown }
  | { readonly is: 'skipped'; readonly why: string }
)

/** Prints an area's score, and holds it against the best so far. Set VERBOSE to see what failed, GOLDEN to choose cases by name. */
export function settle(area: string, verdicts: readonly Verdict[]): void {
  const counted = verdicts.filter(({ is }) => is !== 'skipped')
  const passed = counted.filter(({ is }) => is === 'passed').length
  const total = counted.length
  const share = total === 0 ? 0 : Math.round((1000 * passed) / total) / 10
  console.log(`golden ${area}: ${passed}/${total} (${share}%), ${verdicts.length - total} skipped`)
  if (process.env['VERBOSE']) for (const verdict of verdicts) if (verdict.is === 'failed') show(verdict)
  if (process.env['GOLDEN']) return
  ratchet(area, { passed, total })
}

function show(verdict: Extract<Verdict, { is: 'failed' }>): void {
  console.log(`FAIL ${verdict.name}\n  expected ${textOf(verdict.expected)}\n  got      ${textOf(verdict.got)}`)
}

const textOf = (value: unknown): string => JSON.stringify(value).slice(0, Number(process.env['VERBOSE']) || 1200)

interface Score {
  readonly passed: number
  readonly total: number
}

function ratchet(area: string, score: Score): void {
  const scores = existsSync(scoresFile) ? (JSON.parse(readFileSync(scoresFile, 'utf8')) as Record<string, Score>) : {}
  const best = scores[area]
  // without the documentation's recordings there is less to count
  if (best !== undefined && best.total <= score.total) expect(score.passed).toBeGreaterThanOrEqual(best.passed)
  if (process.env['UPDATE_SCORES'] !== '1') return
  mkdirSync(here('..'), { recursive: true })
  const sorted = Object.fromEntries(Object.entries({ ...scores, [area]: score }).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(scoresFile, `${JSON.stringify(sorted, null, 2)}\n`)
}
