import { keyOf, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { PlainAddress, TimerEvent } from '../sim/index.ts'
import type { BindingEvent } from './bindingCycleMachine.ts'
import { createBindings, type BindingAddress } from './bindings.ts'
import { settingsOf } from './configuration/settings.ts'
import type { SchedulerConfiguration } from './configuration/types.ts'
import { createCore, createCoreState, type Core, type Tried } from './core.ts'
import type { Attempt } from './cycle.ts'
import { noteOf, recordOf, type CompactDecision, type DecisionRecord } from './decision.ts'
import { createEventHandlers } from './eventHandlers.ts'
import type { PreBindPlan } from './framework.ts'
import { observe } from './observe.ts'
import type { PodInfo } from './podInfo.ts'
import { defaultFrameworks, frameworksOf } from './profile.ts'
import type { QueuedPod } from './queueState.ts'
import { viewOf, type QueueView } from './queueView.ts'
import { createSchedulerState, noTimers, rememberDecision, type SchedulerState, type Timers } from './state.ts'
import { createWrites } from './writes.ts'
import type { FindObject } from './why/question.ts'
import type { Why } from './why/why.ts'
import { whyOf } from './why/whyOf.ts'

/** The scheduler of a cluster: it finds nodes for pods, and says why not. */
export interface Scheduler {
  /** the last attempt at a pod `namespace/name` */
  readonly lastDecision: (pod: string) => DecisionRecord | undefined
  readonly queue: () => QueueView
  /** where pods between decision and binding stand in `bindingCycleMachine`, by `namespace/name` */
  readonly bindings: () => ReadonlyMap<string, string>
  /** Everything about a pod's last decision, its place in the queue, and what would place it. Changes nothing. */
  readonly why: (pod: Pod, find: FindObject) => Why
}

/** One look at one pod takes this long, in virtual milliseconds. */
const cycleMs = 1
/** How often pods are looked for that have waited too long. upstream: flushUnschedulablePodsLeftover */
const sweepMs = 30_000

/** Starts the scheduler of a process, or finds it again after a restore. */
export function createScheduler(client: Client, configuration?: SchedulerConfiguration): Scheduler {
  const { process } = client
  const { sim, name } = process
  const { profiles, initialBackoffMs, maxBackoffMs } = settingsOf(configuration)
  const frameworks = configuration === undefined ? defaultFrameworks : frameworksOf(profiles)
  const { schedulerName } = profiles[0]!
  const { nodes, pods, objects, onOther } = observe(client)
  const writes = createWrites(client)
  let isNew = false
  const state = sim.slice<SchedulerState>(`scheduler/${name}`, () => {
    isNew = true
    return createSchedulerState()
  })
  const cycleAddress = `${name}/cycle`
  // a program that stops begins with a new core
  const current = { core: buildCore() }
  let lastNote: CompactDecision | undefined
  const bindings = createBindings({ sim, component: name, state, current, objects, writes })
  const handlers = createEventHandlers({
    current,
    frameworks,
    confirmed: (uid) => bindings.tell(uid, { type: 'pod.confirmed' }),
    gone: bindings.stop,
    volumesChanged: bindings.volumesChanged,
    wake,
  })

  function buildCore(): Core {
    const random = (below: number): number => sim.int(schedulerName, below)
    return createCore(state.core, { now: sim.now, random, objects, frameworks, initialBackoffMs, maxBackoffMs })
  }

  /** Plans the next cycle, the end of back-offs, and the sweep, as far as they are needed and not planned yet. */
  function wake(): void {
    const { timers } = state
    const { errorBackOff, unschedulable } = state.core.queue
    if (timers.cycle === 0 && current.core.queue.hasNext()) timers.cycle = sim.because(0, planCycle)
    if (errorBackOff.length > 0 && timers.flush === 0 && timers.idleFlush === 0) planFlush()
    if (timers.sweep === 0 && unschedulable.size > 0)
      timers.sweep = sim.schedulePeriodic(sweepMs - (sim.now() % sweepMs), `${name}/sweep`, due)
  }

  function planCycle(): number {
    return sim.schedule(cycleMs, cycleAddress, due)
  }

  function planFlush(): void {
    const at = current.core.queue.nextFlush()
    if (at === undefined) return
    const delayMs = at - sim.now()
    // without nodes pods are tried again for ever: that keeps no cluster from having settled
    if (current.core.snapshot.nodes().length > 0) state.timers.flush = sim.schedule(delayMs, `${name}/flush`, due)
    else state.timers.idleFlush = sim.schedulePeriodic(delayMs, `${name}/idleFlush`, due)
  }

  function onTimer(part: string, event: TimerEvent, address: PlainAddress | undefined): void {
    if (address !== undefined) bindings.tell((address as BindingAddress).uid, event as unknown as BindingEvent)
    else if (part === 'preempt') preempt(event as unknown as PreemptEvent)
    else onDue(part as keyof Timers)
    wake()
  }

  function onDue(timer: keyof Timers): void {
    state.timers[timer] = 0
    if (timer === 'cycle') scheduleOne()
    else if (timer === 'sweep') current.core.queue.flushUnschedulable()
    else current.core.queue.flushBackOff()
  }

  function scheduleOne(): void {
    const tried = current.core.scheduleNext()
    if (tried === undefined) return
    const before = sim.world.cause
    sim.world.cause = tried.queued.cause
    if (tried.attempt.node === undefined) failed(tried)
    else assumed(tried)
    sim.world.cause = before
  }

  function noted({ wake, attempts }: QueuedPod, attempt: Attempt): CompactDecision {
    lastNote = noteOf(attempt, { at: sim.now(), wake, attempts }, lastNote)
    return lastNote
  }

  function assumed(tried: Tried): void {
    const { queued, attempt } = tried
    const { info, victims } = queued
    const node = attempt.node!.name
    const note = noted(queued, attempt)
    rememberDecision(state, victims.length === 0 ? note : Object.freeze({ ...note, result: { node, victims } }))
    sim.world.cause = sim.record(name, 'pod.assumed', `Pod/${info.key}`, { node })
    bindings.start(info, node, planFor(tried))
  }

  function planFor({ queued, attempt }: Tried): PreBindPlan | undefined {
    let whole: PreBindPlan | undefined
    for (const plugin of attempt.framework.preBind) {
      const plan = plugin.preBind!(queued.info, attempt.node!, current.core.snapshot)
      if (plan !== undefined)
        whole = {
          ...whole,
          ...plan,
          ...(whole && { devices: [...(whole.devices ?? []), ...(plan.devices ?? [])], ...volumesOf(whole, plan) }),
        }
    }
    return whole
  }

  function failed({ queued, attempt }: Tried): void {
    const { info } = queued
    const { message, nominatedNode, victims } = attempt
    const keys = victims.map(({ key }) => key)
    rememberDecision(state, noted(queued, attempt))
    const detail = { message, ...(nominatedNode && { nominatedNode, victims: keys }) }
    const record = sim.record(name, 'pod.unschedulable', `Pod/${info.key}`, detail)
    queued.cause = record
    if (nominatedNode) queued.victims = Object.freeze(keys)
    sim.because(record, () => {
      if (nominatedNode) makeRoom(info, nominatedNode, keys)
      else if (nominatedNode === '') current.core.queue.dropNomination(info.uid)
      writes.reportFailure(info.pod, 'Unschedulable', message, nominatedNode)
    })
  }

  /** Holds the node for the preemptor, takes it from lesser pods that waited for it, and has the victims told a moment later. */
  function makeRoom(preemptor: PodInfo, node: string, victims: readonly string[]): void {
    const { queue } = current.core
    for (const other of [...(state.core.queue.nominated.get(node)?.values() ?? [])]) {
      if (other.priority >= preemptor.priority) continue
      queue.dropNomination(other.uid)
      writes.dropNomination(other.pod)
      queue.activate(other.uid, sim.world.cause)
    }
    queue.nominate(preemptor, node)
    state.core.queue.preempting.add(preemptor.uid)
    sim.schedule(cycleMs, `${name}/preempt`, { type: 'preempt', preemptor: preemptor.uid, node, victims })
  }

  /** Evicts the victims. Pods that are on their way out already need no telling. */
  function preempt({ preemptor, node, victims }: PreemptEvent): void {
    if (!state.core.queue.preempting.delete(preemptor)) return
    const waiting = current.core.queue.find(preemptor)
    if (waiting === undefined) return
    for (const key of victims) {
      const victim = pods.get(key)
      if (victim?.metadata.deletionTimestamp === undefined && victim !== undefined)
        writes.preempt(victim, waiting.info, node)
    }
  }

  /** A program that stops forgets everything; the informers tell it all again when it starts. */
  function forgetAll(): void {
    bindings.stopAll()
    const { cycle, flush, idleFlush, sweep } = state.timers
    for (const timer of [cycle, flush]) if (timer !== 0) sim.cancel(timer)
    for (const timer of [idleFlush, sweep]) if (timer !== 0) sim.cancelPeriodic(timer)
    state.timers = noTimers()
    state.core = createCoreState()
    current.core = buildCore()
  }

  sim.handle(name, (part, event, address) => {
    if (process.isRunning()) onTimer(part, event, address)
  })
  process.onChange((change) => {
    if (change === 'stopped') forgetAll()
  })
  nodes.listen(handlers.node)
  pods.listen(handlers.pod)
  onOther(handlers.other)
  if (isNew) {
    for (const object of nodes.list())
      handlers.node({ type: 'ADDED', key: keyOf(object), object, previous: undefined, cause: 0 })
    for (const object of pods.list())
      handlers.pod({ type: 'ADDED', key: keyOf(object), object, previous: undefined, cause: 0 })
  }

  return {
    lastDecision(pod) {
      const note = state.decisions.get(pod)
      return note && recordOf(note)
    },
    queue: () => viewOf(state.core.queue),
    why: (pod, find) => whyOf(pod, { state, objects, find, frameworks }),
    bindings: () =>
      new Map([...state.bindings].map(([uid, { chart }]) => [current.core.cache.find(uid)?.key ?? uid, chart.at])),
  }
}

function volumesOf(a: PreBindPlan, b: PreBindPlan): Omit<PreBindPlan, 'devices'> {
  return {
    bindings: [...a.bindings, ...b.bindings],
    provisions: [...a.provisions, ...b.provisions],
    claims: [...a.claims, ...b.claims],
  }
}

const due: TimerEvent = Object.freeze({ type: 'due' })

interface PreemptEvent {
  readonly preemptor: string
  readonly node: string
  readonly victims: readonly string[]
}
