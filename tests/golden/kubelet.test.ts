import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freezeDeeply } from '../../src/engine/sim/index.ts'
import { compare } from './kubelet/compare.ts'
import type { Recording } from './kubelet/recording.ts'
import { replay, Unserved } from './kubelet/replay.ts'

const folder = fileURLToPath(new URL('./data/kubelet/', import.meta.url))
const scoresFile = fileURLToPath(new URL('./scores.json', import.meta.url))

interface Score {
  passed: number
  total: number
}

/** Stories of the whole control plane, which this replay has no part of. */
const others: ReadonlySet<string> = new Set(['job', 'deployment', 'static'])

test('behaves as the recorded kubelet did', { timeout: 120_000 }, () => {
  freezeDeeply(true)
  const areas = new Map<string, Score>()
  const skipped: string[] = []
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const recording = JSON.parse(readFileSync(folder + file, 'utf8')) as Recording
    const outcome = others.has(recording.area) ? undefined : check(recording)
    if (outcome === undefined) {
      skipped.push(recording.name)
      continue
    }
    const score = areas.get(recording.area) ?? { passed: 0, total: 0 }
    areas.set(recording.area, { passed: score.passed + (outcome ? 1 : 0), total: score.total + 1 })
  }
  for (const [area, { passed, total }] of areas) console.log(`golden kubelet/${area}: ${passed}/${total}`)
  const all = [...areas.values()].reduce(
    (sum, one) => ({ passed: sum.passed + one.passed, total: sum.total + one.total }),
    { passed: 0, total: 0 },
  )
  console.log(`golden kubelet: ${all.passed}/${all.total}, ${skipped.length} skipped (${skipped.join(', ')})`)
  ratchet(all)
})

/** Whether states and events are as recorded; undefined where the recording needs what is not served. */
function check(recording: Recording): boolean | undefined {
  try {
    const { states, events, rhythm } = compare(recording, replay(recording))
    const findings = [...states.map((line) => `states ${line}`), ...events.map((line) => `events ${line}`)]
    if (findings.length > 0) console.log(`FAIL ${recording.name}\n${findings.map((line) => `    ${line}`).join('\n')}`)
    if (rhythm.length > 0) console.log(`rhythm of ${recording.name}\n${rhythm.map((line) => `    ${line}`).join('\n')}`)
    return findings.length === 0
  } catch (error) {
    if (error instanceof Unserved) return undefined
    throw error
  }
}

/** A change may raise the score, never lower it. */
function ratchet(now: Score): void {
  const scores = (existsSync(scoresFile) ? JSON.parse(readFileSync(scoresFile, 'utf8')) : {}) as Record<string, Score>
  const before = scores['kubelet']
  if (process.env['UPDATE_SCORES'])
    writeFileSync(scoresFile, `${JSON.stringify({ ...scores, kubelet: now }, null, 2)}\n`)
  else if (before) expect(now.passed / now.total).toBeGreaterThanOrEqual(before.passed / before.total)
}
