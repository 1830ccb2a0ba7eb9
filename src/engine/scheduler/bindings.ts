import { must, runMachine, type ChartHost, type PlainAddress, type Sim } from '../sim/index.ts'
import { bindingCycleMachine, type BindingContext, type BindingEvent } from './bindingCycleMachine.ts'
import type { Core } from './core.ts'
import type { PreBindPlan } from './framework.ts'
import type { Objects, PersistentVolumeClaim } from './objects.ts'
import { isFullyBound } from './plugins/volumeBinding.ts'
import type { PodInfo } from './podInfo.ts'
import type { Binding, SchedulerState } from './state.ts'
import type { Writes } from './writes.ts'

/** What binding cycles need of the scheduler. */
export interface BindingsHost {
  readonly sim: Sim
  /** whom their timers wake, with a `BindingAddress` */
  readonly component: string
  readonly state: SchedulerState
  readonly current: { readonly core: Core }
  readonly objects: Objects
  readonly writes: Writes
}

/** Where the timers of one pod's binding go. */
export interface BindingAddress extends PlainAddress {
  readonly uid: string
}

/** The pods between the decision and their nodes having them. */
export interface Bindings {
  readonly start: (pod: PodInfo, node: string, plan: PreBindPlan | undefined) => void
  readonly tell: (uid: string, event: BindingEvent) => void
  /** The pod is where it should be, or gone: nothing is left to do. */
  readonly stop: (uid: string) => void
  readonly stopAll: () => void
  /** Lets pods go on whose claims are bound by now. */
  readonly volumesChanged: () => void
}

const charts = runMachine<BindingContext, BindingEvent>(bindingCycleMachine)

/** Runs the binding cycles over the scheduler's state. */
export function createBindings({ sim, component, state, current, objects, writes }: BindingsHost): Bindings {
  const host: ChartHost<BindingContext, BindingEvent, string> = {
    schedule: (delayMs, event, uid) => sim.schedule(delayMs, addressOf(uid), event),
    cancel: sim.cancel,
    perform: (effect, _params, context, event) => effects[effect as keyof typeof effects](context, event),
  }

  function addressOf(uid: string): BindingAddress {
    return Object.freeze({ component, uid })
  }

  function later(uid: string, event: BindingEvent): void {
    sim.schedule(0, addressOf(uid), { ...event })
  }

  const effects = {
    preBind({ uid }: BindingContext): void {
      const { plan } = must(state.bindings.get(uid), 'a pod that is being bound')
      const queued = current.core.queue.find(uid)
      const refusal = queued && writes.prepare(queued.info, must(plan, 'a plan for its volumes and devices'))
      if (refusal !== undefined) later(uid, { type: 'refused', message: refusal })
      else if (plan!.claims.length === 0) later(uid, { type: 'volumes.bound' }) // devices need nobody else
    },
    bind({ uid, node }: BindingContext): void {
      const queued = current.core.queue.find(uid)
      const refusal = queued && writes.bind(queued.info, node)
      if (refusal !== undefined) later(uid, { type: 'refused', message: refusal })
    },
    undo({ uid }: BindingContext, event: BindingEvent): void {
      const { cache, queue } = current.core
      const queued = queue.find(uid)
      forget(uid, must(state.bindings.get(uid), 'a pod that is being bound'))
      cache.removePod(uid)
      if (queued === undefined) return
      queue.putBack(queued, [], sim.world.cause)
      const message = event.type === 'refused' ? event.message : 'timed out waiting for the condition'
      const text = `binding rejected: running Bind plugin "DefaultBinder": ${message}`
      writes.reportFailure(queued.info.pod, 'SchedulerError', text, undefined)
      queue.move({ name: 'Pod/Delete', other: queued.info }, sim.world.cause)
    },
  }

  function forget(uid: string, { plan }: Binding): void {
    if (plan !== undefined) {
      for (const { volume } of plan.bindings) state.core.promisedVolumes.delete(volume)
      for (const { claim } of plan.devices ?? []) state.core.promisedDevices.delete(claim)
    }
    state.bindings.delete(uid)
  }

  function stop(uid: string): void {
    const binding = state.bindings.get(uid)
    if (binding === undefined) return
    charts.stop(binding.chart, host, uid)
    forget(uid, binding)
  }

  return {
    start({ uid }, node, plan) {
      for (const { volume, claim } of plan?.bindings ?? []) state.core.promisedVolumes.set(volume, claim)
      for (const { claim, allocation } of plan?.devices ?? [])
        if (allocation !== undefined) state.core.promisedDevices.set(claim, allocation)
      const chart = charts.start({ uid, node, hasVolumes: plan !== undefined }, host, uid)
      state.bindings.set(uid, { chart, plan })
    },
    tell(uid, event) {
      const binding = state.bindings.get(uid)
      if (binding === undefined) return
      charts.send(binding.chart, event, host, uid)
      if (binding.chart.at === 'bound') forget(uid, binding)
    },
    stop,
    stopAll() {
      for (const uid of [...state.bindings.keys()]) stop(uid)
    },
    volumesChanged() {
      const isBound = (key: string): boolean => {
        const claim = objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', key)
        return claim !== undefined && isFullyBound(claim)
      }
      for (const [uid, { chart, plan }] of state.bindings)
        if (chart.at === 'preBinding' && plan!.claims.every(isBound)) later(uid, { type: 'volumes.bound' })
    },
  }
}
