import type { ChartState } from '../sim/index.ts'
import type { BindingContext } from './bindingCycleMachine.ts'
import { createCoreState, type CoreState } from './core.ts'
import { following, type CompactDecision } from './decision.ts'
import type { PreBindPlan } from './framework.ts'

/** Everything the scheduler keeps, as plain data. */
export interface SchedulerState {
  core: CoreState
  /** by uid: pods between the decision and the node having them */
  bindings: Map<string, Binding>
  /** the last decision about each pod, by key; the oldest are forgotten */
  decisions: Map<string, CompactDecision>
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
  return { core: createCoreState(), bindings: new Map(), decisions: new Map(), timers: noTimers() }
}

const decisionsMax = 512

/** Remembers a decision, and forgets the oldest when there are too many. */
export function rememberDecision({ decisions }: SchedulerState, latest: CompactDecision): void {
  const before = decisions.get(latest.pod)
  if (before !== undefined) decisions.delete(latest.pod)
  else if (decisions.size >= decisionsMax) decisions.delete(decisions.keys().next().value!)
  decisions.set(latest.pod, following(latest, before))
}

/** Nothing is planned. */
export function noTimers(): Timers {
  return { cycle: 0, flush: 0, idleFlush: 0, sweep: 0 }
}
