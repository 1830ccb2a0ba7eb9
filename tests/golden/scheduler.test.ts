import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { decide, isIgnored, gateOf } from '../../src/engine/scheduler/index.ts'
import { differences } from './scheduler/compareDecision.ts'
import { load, type RecordedCase } from './scheduler/recordedCase.ts'

const folder = fileURLToPath(new URL('./data/scheduler/', import.meta.url))
const scoresFile = fileURLToPath(new URL('./scores.json', import.meta.url))

interface Score {
  passed: number
  total: number
}

test('decides as the recorded kube-scheduler did', { timeout: 60_000 }, () => {
  const all: Score = { passed: 0, total: 0 }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const { area, cases } = JSON.parse(readFileSync(folder + file, 'utf8')) as { area: string; cases: RecordedCase[] }
    const wrong = cases
      .map((recorded) => ({ name: recorded.name, differences: check(recorded) }))
      .filter((one) => one.differences.length > 0)
    for (const one of wrong)
      console.log(`FAIL ${area}/${one.name}\n${one.differences.map((line) => `     ${line}`).join('\n')}`)
    console.log(`golden scheduler/${area}: ${cases.length - wrong.length}/${cases.length}`)
    all.passed += cases.length - wrong.length
    all.total += cases.length
  }
  console.log(`golden scheduler: ${all.passed}/${all.total}`)
  ratchet(all)
})

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
