import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { decide, isIgnored, gateOf } from '../../src/engine/scheduler/index.ts'
import { differences } from './scheduler/compareDecision.ts'
import { load, type RecordedCase } from './scheduler/recordedCase.ts'
import { isPlayable, play } from './scheduler/throughApiServer.ts'

const folder = fileURLToPath(new URL('./data/scheduler/', import.meta.url))
const scoresFile = fileURLToPath(new URL('./scores.json', import.meta.url))

interface Score {
  passed: number
  total: number
}

const areas = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as { area: string; cases: RecordedCase[] })

test('decides as the recorded kube-scheduler did', { timeout: 60_000 }, () => {
  const all: Score = { passed: 0, total: 0 }
  for (const { area, cases } of areas) {
    const failed = cases.filter((recorded) => !isRight(`${area}/${recorded.name}`, check(recorded)))
    console.log(`golden scheduler/${area}: ${cases.length - failed.length}/${cases.length}`)
    all.passed += cases.length - failed.length
    all.total += cases.length
  }
  console.log(`golden scheduler: ${all.passed}/${all.total}`)
  ratchet(all)
})

test('decides the same in a cluster of API server and scheduler', { timeout: 120_000 }, () => {
  const cases = areas.flatMap(({ area, cases }) => cases.map((recorded) => ({ area, recorded })))
  const playable = cases.filter(({ recorded }) => isPlayable(recorded))
  const failed = playable.filter(
    ({ area, recorded }) => !isRight(`in a cluster, ${area}/${recorded.name}`, checkPlayed(recorded)),
  )
  console.log(
    `golden scheduler in a cluster: ${playable.length - failed.length}/${playable.length}; ${cases.length - playable.length} skipped: kinds not served`,
  )
  expect(failed).toEqual([])
})

function isRight(name: string, differences: readonly string[]): boolean {
  if (differences.length > 0) console.log(`FAIL ${name}\n${differences.map((line) => `     ${line}`).join('\n')}`)
  return differences.length === 0
}

function checkPlayed(recorded: RecordedCase): string[] {
  const record = play(recorded)
  if (recorded.result.ignored || recorded.result.gated) return record === undefined ? [] : ['should not be tried']
  return record === undefined ? ['should be tried'] : differences(recorded, record)
}

function check(recorded: RecordedCase): string[] {
  const { pod, snapshot } = load(recorded)
  if (recorded.result.ignored) return isIgnored(pod) ? [] : ['should be none of our business']
  if (recorded.result.gated) return gateOf(pod) === undefined ? ['should be gated'] : []
  if (isIgnored(pod) || gateOf(pod) !== undefined) return ['should be scheduled']
  return differences(recorded, decide(pod, snapshot))
}

/** A change may raise the score, never lower it. */
function ratchet(now: Score): void {
  const scores = (existsSync(scoresFile) ? JSON.parse(readFileSync(scoresFile, 'utf8')) : {}) as Record<string, Score>
  const before = scores['scheduler']
  if (process.env['UPDATE_SCORES'])
    writeFileSync(scoresFile, `${JSON.stringify({ ...scores, scheduler: now }, null, 2)}\n`)
  else if (before) expect(now.passed / now.total).toBeGreaterThanOrEqual(before.passed / before.total)
}
