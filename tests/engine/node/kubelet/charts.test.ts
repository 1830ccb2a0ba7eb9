import { describe, expect, test } from 'vitest'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import {
  containerMachine,
  kubeletMachine,
  linkMachine,
  podMachine,
  powerMachine,
  probeMachine,
  pullMachine,
} from '../../../../src/engine/node/index.ts'
import { runMachine } from '../../../../src/engine/sim/index.ts'

const machines = { containerMachine, kubeletMachine, linkMachine, podMachine, powerMachine, probeMachine, pullMachine }

test.each(Object.entries(machines))('every state of %s can be reached', (_, machine) => {
  const reached = new Set<AnyStateNode>()
  const waiting: AnyStateNode[] = [machine.root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue
    reached.add(node)
    if (node.parent) waiting.push(node.parent)
    if (node.type === 'compound') waiting.push(...node.initial.target)
    for (const transitions of [...node.transitions.values(), node.always ?? []])
      for (const { target } of transitions) waiting.push(...((target ?? []) as AnyStateNode[]))
  }
  const all: string[] = []
  collect(machine.root, all)
  expect([...reached].map(({ id }) => id).sort()).toEqual(all.sort())
})

function collect(node: AnyStateNode, ids: string[]): void {
  ids.push(node.id)
  for (const child of Object.values(node.states)) collect(child, ids)
}

/** Plays events on a chart: where it stands after each, and what it asked of its host on the way. */
function walk(machine: AnyStateMachine, events: readonly string[]): { at: string[]; effects: string[] } {
  const charts = runMachine<object>(machine)
  const effects: string[] = []
  const host = { schedule: () => 1, cancel: () => undefined, perform: (effect: string) => void effects.push(effect) }
  const chart = charts.start({}, host)
  const at = events.map((type) => {
    charts.send(chart, { type }, host)
    return chart.at
  })
  return { at, effects }
}

describe('the container', () => {
  test.each<[string, string[], string, string[]]>([
    [
      'starts',
      ['image.present', 'container.created', 'xstate.after.startMs.container.created', 'process.started', 'hook.done'],
      'running',
      ['ensureImage', 'createContainer', 'startProcess', 'runPostStart', 'tellStarted'],
    ],
    ['cannot be pulled', ['start.failed'], 'failed', ['ensureImage', 'tellFailed']],
    [
      'cannot be created',
      ['image.present', 'start.failed'],
      'failed',
      ['ensureImage', 'createContainer', 'tellFailed'],
    ],
  ])('%s', (_, events, at, effects) => {
    const walked = walk(containerMachine, events)
    expect(walked.at.at(-1)).toBe(at)
    expect(walked.effects).toEqual(effects)
  })

  test('is stopped step by step', () => {
    const start = [
      'image.present',
      'container.created',
      'xstate.after.startMs.container.created',
      'process.started',
      'hook.done',
    ]
    const { at } = walk(containerMachine, [...start, 'stop.wanted', 'hook.done', 'turn.come', 'process.exited'])
    expect(at.slice(5)).toEqual(['stopping.preStopping', 'stopping.queued', 'stopping.terminating', 'exited'])
  })
})

test('a pod is synced, stopped and forgotten', () => {
  const { at, effects } = walk(podMachine, [
    'sync.due',
    'status.reported',
    'volumes.mounted',
    'sandbox.needed',
    'sandbox.ready',
    'start.needed',
    'container.started',
    'sync.ended',
    'stop.due',
    'containers.stopped',
    'cleanup.due',
  ])
  expect(at).toEqual([
    'syncing.reporting',
    'syncing.mounting',
    'syncing.planning',
    'syncing.sandboxing',
    'syncing.deciding',
    'syncing.starting',
    'syncing.deciding',
    'waiting',
    'terminating.stopping',
    'terminating.stopped',
    'terminated',
  ])
  expect(effects.slice(-5)).toEqual(['awaitNext', 'beginStop', 'killAll', 'reportStopped', 'finish'])
})
