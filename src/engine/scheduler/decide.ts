import type { Pod } from '../api/index.ts'
import { runCycle } from './cycle.ts'
import { noteOf, recordOf, type DecisionRecord } from './decision.ts'
import { podInfoOf } from './podInfo.ts'
import { createFramework, defaultProfile } from './profile.ts'
import type { Snapshot } from './snapshot.ts'

const framework = createFramework(defaultProfile)

/**
 * What the default scheduler would do with a pod, and why. Nothing changes.
 * `random` draws a whole number below its argument; it decides at which node preemption begins to look.
 */
export function decide(pod: Pod, snapshot: Snapshot, random: (below: number) => number = () => 0): DecisionRecord {
  const attempt = runCycle({ framework, pod: podInfoOf(pod), snapshot, random, start: 0 })
  return recordOf(noteOf(attempt, { at: 0 }))
}
