import { type ChartState, emptyList } from '../sim/index.ts'
import type { BindingContext } from './bindingCycleMachine.ts'
import { createCoreState, type CoreState } from './core.ts'
import { following, type CompactDecision } from './decision.ts'
import type { PreBindPlan } from './framework.ts'

/** Everything the scheduler keeps, as plain data. */
export interface SchedulerState {
  core: CoreState
  /** by uid: pods between the decision and the node having them */
  bindings: Map<string, Binding>
  /** the last decision about each pod, the latest last; the oldest are forgotten */
  decisions: CompactDecision[]
  /** timers on the clock, by what they are for */
  timers: Timers
}

/** Ids of timers; 0 where none is planned. */
export interface Timers {
  cycle: number
  flush: number
  idleFlush: number
  sweep: number
}

/** One pod on its way to its node. */
export interface Binding {
  readonly chart: ChartState<BindingContext>
  readonly plan: PreBindPlan | undefined
}

/** A scheduler that has just started. */
export function createSchedulerState(): SchedulerState {
  return { core: createCoreState(), bindings: new Map(), decisions: emptyList(), timers: noTimers() }
}

const decisionsMax = 512
/** how many are forgotten at once */
const forgottenAtOnce = 64

/** Remembers a decision instead of the last one about the pod, and forgets the oldest when there are too many. */
export function rememberDecision({ decisions }: SchedulerState, latest: CompactDecision): void {
  // most pods are decided about once
  const place = latest.attempts === 1 ? -1 : decisions.findLastIndex(({ pod }) => pod === latest.pod)
  const [before] = place < 0 ? noDecisions : decisions.splice(place, 1)
  if (decisions.length >= decisionsMax) decisions.splice(0, forgottenAtOnce)
  decisions.push(following(latest, before))
}

const noDecisions: readonly CompactDecision[] = Object.freeze([])

/** The last decision about a pod `namespace/name`. */
export function decisionAbout({ decisions }: SchedulerState, pod: string): CompactDecision | undefined {
  return decisions.findLast((decision) => decision.pod === pod)
}

/** Nothing is planned. */
export function noTimers(): Timers {
  return { cycle: 0, flush: 0, idleFlush: 0, sweep: 0 }
}
