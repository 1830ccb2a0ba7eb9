import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { controllers } from '../../src/engine/controllers/index.ts'
import { kinds } from '../../src/engine/kinds/index.ts'
import { compare, type Check } from './controllers/compare.ts'
import type { Recording } from './controllers/recording.ts'
import { replay } from './controllers/replay.ts'

const data = fileURLToPath(new URL('./data/controllers/', import.meta.url))
const scoresFile = fileURLToPath(new URL('./scores.json', import.meta.url))
const served = new Set(kinds.map(({ kind }) => kind))
const recordings = readdirSync(data)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(data + file, 'utf8')) as Recording)
/** Kinds that nothing would happen to without their controller: a scenario with one waits until that is there. */
const driven: Readonly<Record<string, string>> = {
  ReplicationController: 'replication-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemonset-controller',
  Job: 'job-controller',
  CronJob: 'cronjob-controller',
  HorizontalPodAutoscaler: 'horizontal-pod-autoscaler',
  PersistentVolume: 'persistentvolume-binder-controller',
  PersistentVolumeClaim: 'persistentvolume-binder-controller',
  // evictions by a real scheduler: the replay has a trivial one
  PriorityClass: 'kube-scheduler',
}
const running = new Set(controllers.map(({ name }) => name))
const isReady = (kind: string | undefined): boolean =>
  kind === undefined || (served.has(kind) && (driven[kind] === undefined || running.has(driven[kind])))
const isPlayable = ({ steps }: Recording): boolean =>
  steps.every((step) => isReady(step.manifest?.kind) && isReady(step.kind))

interface Score {
  passed: number
  total: number
}

test('recordings of the real controllers', { timeout: 300_000 }, () => {
  const scores = new Map<string, Score>()
  const only = process.env['GOLDEN']
  const playable = recordings.filter(isPlayable).filter(({ name }) => !only || name.includes(only))
  for (const recording of playable) {
    const result = replay(recording)
    const checks = compare(recording, result, served)
    const score = scores.get(recording.area) ?? { passed: 0, total: 0 }
    scores.set(recording.area, score)
    score.total += checks.length
    score.passed += checks.filter(({ passed }) => passed).length
    if (process.env['VERBOSE'] || only) report(recording.name, checks, result.problems, Boolean(only))
  }
  const all = { passed: 0, total: 0 }
  for (const [area, { passed, total }] of scores) {
    console.log(`golden controllers/${area}: ${passed}/${total} (${Math.round((100 * passed) / total)}%)`)
    all.passed += passed
    all.total += total
  }
  console.log(
    `golden controllers: ${all.passed}/${all.total}; ${recordings.length - playable.length} of ${recordings.length} scenarios skipped: kinds not served, or nobody who looks after them`,
  )
  if (!only) ratchet(all)
})

function report(name: string, checks: readonly Check[], problems: readonly string[], withLists: boolean): void {
  const failed = checks.filter(({ passed }) => !passed)
  console.log(
    `${failed.length === 0 && problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} ${checks.length - failed.length}/${checks.length}`,
  )
  for (const problem of problems) console.log(`     ${problem}`)
  for (const { what, expected, got } of failed) {
    console.log(`     ${what}`)
    if (withLists) console.log(diff(expected, got))
  }
}

function diff(expected: readonly string[], got: readonly string[]): string {
  const rest = [...got]
  const lines: string[] = []
  for (const each of expected) {
    const at = rest.indexOf(each)
    if (at < 0) lines.push(`       - ${each}`)
    else lines.push(...rest.splice(0, at + 1).map((line) => `       ${line === each ? ' ' : '+'} ${line}`))
  }
  return [...lines, ...rest.map((line) => `       + ${line}`)].join('\n')
}

/** A change may raise the score, never lower it. */
function ratchet(now: Score): void {
  const scores = (existsSync(scoresFile) ? JSON.parse(readFileSync(scoresFile, 'utf8')) : {}) as Record<string, Score>
  const before = scores['controllers']
  if (process.env['UPDATE_SCORES'])
    writeFileSync(scoresFile, `${JSON.stringify({ ...scores, controllers: now }, null, 2)}\n`)
  else if (before) expect(now.passed / now.total).toBeGreaterThanOrEqual(before.passed / before.total)
}
