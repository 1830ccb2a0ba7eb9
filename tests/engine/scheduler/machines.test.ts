import { describe, expect, test } from 'vitest'
import {
  bindingCycleMachine,
  bindLatencyMs,
  volumesTimeoutMs,
  type BindingContext,
  type BindingEvent,
} from '../../../src/engine/scheduler/bindingCycleMachine.ts'
import { schedulingCycleMachine, type CycleEvent } from '../../../src/engine/scheduler/schedulingCycleMachine.ts'
import { runMachine, type ChartHost } from '../../../src/engine/sim/index.ts'

describe('the scheduling cycle', () => {
  const charts = runMachine<object, CycleEvent>(schedulingCycleMachine)
  const still: ChartHost<object, CycleEvent> = { schedule: () => 0, cancel: () => undefined, perform: () => undefined }
  const rest = (...events: readonly CycleEvent['type'][]): string => {
    const chart = charts.start({}, still)
    for (const type of events) expect(charts.send(chart, { type }, still)).toBe(true)
    return chart.at
  }

  test.each<[string, CycleEvent['type'][], string]>([
    ['scores when several nodes are feasible', ['passed', 'passed', 'passed', 'passed'], 'chosen'],
    ['takes the only feasible node without scoring', ['passed', 'single'], 'chosen'],
    ['asks the nominated node first', ['nominated', 'single'], 'chosen'],
    ['asks the others when the nominated node is no good', ['nominated', 'none', 'single'], 'chosen'],
    ['looks for a way out when no node is feasible', ['passed', 'none', 'passed'], 'unschedulable'],
    ['looks for a way out when a plugin refuses the pod', ['refused', 'passed'], 'unschedulable'],
    ['gives up without nodes', ['none'], 'unschedulable'],
  ])('%s', (_behaviour, events, state) => expect(rest(...events)).toBe(state))
})

describe('the binding cycle', () => {
  const charts = runMachine<BindingContext, BindingEvent>(bindingCycleMachine)
  const play = (hasVolumes: boolean, ...events: readonly string[]): { at: string; did: string[] } => {
    const did: string[] = []
    const host: ChartHost<BindingContext, BindingEvent> = {
      schedule: () => 1,
      cancel: () => undefined,
      perform: (effect) => void did.push(effect),
    }
    const chart = charts.start({ uid: 'u', node: 'n', hasVolumes }, host)
    for (const type of events) charts.send(chart, { type } as unknown as BindingEvent, host)
    return { at: chart.at, did }
  }
  const latency = `xstate.after.${bindLatencyMs}.bindingCycle.assumed`
  const timeout = `xstate.after.${volumesTimeoutMs}.bindingCycle.preBinding`

  test.each<[string, boolean, string[], string, string[]]>([
    ['waits a moment', false, [], 'assumed', []],
    ['binds', false, [latency], 'binding', ['bind']],
    ['is done when the cluster says so', false, [latency, 'pod.confirmed'], 'bound', ['bind']],
    ['undoes what was refused', false, [latency, 'refused'], 'failed', ['bind', 'undo']],
    ['sees to volumes first', true, [latency], 'preBinding', ['preBind']],
    ['binds when the volumes are bound', true, [latency, 'volumes.bound'], 'binding', ['preBind', 'bind']],
    ['does not wait for volumes for ever', true, [latency, timeout], 'failed', ['preBind', 'undo']],
  ])('%s', (_behaviour, hasVolumes, events, at, did) => expect(play(hasVolumes, ...events)).toEqual({ at, did }))
})
