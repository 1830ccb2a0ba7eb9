import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api, Event, Node, Pod } from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { createClient, createProcess, type Process } from '../../../src/engine/client/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createScheduler, type Scheduler } from '../../../src/engine/scheduler/index.ts'
import {
  copyWorld,
  createSim,
  createWorld,
  freezeDeeply,
  recordsAfter,
  type Sim,
  type World,
} from '../../../src/engine/sim/index.ts'

beforeAll(() => freezeDeeply(true))
afterAll(() => freezeDeeply(false))

interface Bench {
  readonly sim: Sim
  readonly api: Api
  readonly process: Process
  readonly scheduler: Scheduler
}

function build(world: World): Bench {
  const sim = createSim(world)
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  const process = createProcess(sim, server, 'kube-scheduler')
  return { sim, api, process, scheduler: createScheduler(createClient(process)) }
}

function bench(): Bench {
  const made = build(createWorld(1))
  made.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  return made
}

function addNode({ api }: Bench, name: string, cpu = '2'): void {
  const allocatable = { cpu, memory: '4Gi', pods: '110' }
  api.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec: {},
    status: { allocatable },
  })
  api.patch('nodes', name, { spec: { taints: null } }, { type: 'merge' })
}

function addPod({ api }: Bench, name: string, cpu = '1', spec: object = {}): void {
  const containers = [{ name: 'app', image: 'app:1', resources: { requests: { cpu } } }]
  api.create(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers, ...spec } },
    { namespace: 'default' },
  )
}

const podAt = ({ api }: Bench, name: string): Pod => api.get('pods', name, { namespace: 'default' }) as Pod
const eventsOf = ({ api }: Bench, name: string): string[] =>
  (api.list('events', { namespace: 'default' }) as readonly Event[])
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`)
const conditionOf = (b: Bench, name: string): object | undefined =>
  podAt(b, name).status.conditions?.find(({ type }) => type === 'PodScheduled')

describe('the scheduler in a cluster', () => {
  test('binds a pod, says so, and the trace says why', () => {
    const b = bench()
    addNode(b, 'n1')
    addPod(b, 'web')
    b.sim.advanceTo(50)
    expect(podAt(b, 'web').spec.nodeName).toBe('n1')
    expect(eventsOf(b, 'web')).toEqual(['Normal Scheduled Successfully assigned default/web to n1'])
    expect(b.scheduler.lastDecision('default/web')?.result).toEqual({ node: 'n1' })
    expect(b.scheduler.bindings().size).toBe(0)
    const records = [...recordsAfter(b.sim.world.trace, 0)]
    const decided = records.find(({ what }) => what === 'pod.assumed')!
    expect(records[decided.cause - 1]).toMatchObject({ what: 'created', object: 'Pod/default/web' })
    expect(b.sim.isSettled()).toBe(true)
  })

  test('says why a pod waits, and tries again when the cluster has changed', () => {
    const b = bench()
    addNode(b, 'n1')
    addPod(b, 'big', '3')
    b.sim.advanceTo(50)
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
    expect(conditionOf(b, 'big')).toMatchObject({ status: 'False', reason: 'Unschedulable', message })
    expect(eventsOf(b, 'big')).toEqual([`Warning FailedScheduling ${message}`])
    expect(b.scheduler.queue().unschedulable).toMatchObject([
      { pod: 'default/big', attempts: 1, rejectedBy: ['NodeResourcesFit'] },
    ])
    b.api.patch('nodes', 'n1', { metadata: { labels: { a: 'b' } } }, { type: 'merge' })
    b.sim.advanceTo(2_000)
    expect(b.scheduler.queue().unschedulable).toHaveLength(1)
    addNode(b, 'n2', '4')
    b.sim.advanceTo(3_000)
    expect(podAt(b, 'big').spec.nodeName).toBe('n2')
    expect(conditionOf(b, 'big')).toMatchObject({ status: 'True' })
  })

  test('makes room for an important pod', () => {
    const b = bench()
    addNode(b, 'n1', '1')
    addPod(b, 'low')
    b.sim.advanceTo(50)
    addPod(b, 'vip', '1', { priorityClassName: 'system-cluster-critical' })
    b.sim.advanceTo(100)
    expect(podAt(b, 'vip').status.nominatedNodeName).toBe('n1')
    expect(eventsOf(b, 'low')[1]).toMatch(/^Normal Preempted Preempted by pod .* on node n1$/)
    expect(podAt(b, 'low').status.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }),
    )
    b.api.delete('pods', 'low', { namespace: 'default' }, { gracePeriodSeconds: 0 })
    b.sim.advanceTo(200)
    expect(podAt(b, 'vip').spec.nodeName).toBe('n1')
    expect(b.scheduler.lastDecision('default/vip')?.result).toEqual({ node: 'n1', victims: ['default/low'] })
  })

  test('leaves gated pods and other schedulers’ pods alone', () => {
    const b = bench()
    addNode(b, 'n1')
    addPod(b, 'gated', '1', { schedulingGates: [{ name: 'example.com/a' }] })
    addPod(b, 'other', '1', { schedulerName: 'other' })
    b.sim.advanceTo(1_000)
    expect([podAt(b, 'gated').spec.nodeName, podAt(b, 'other').spec.nodeName]).toEqual([undefined, undefined])
    expect([...eventsOf(b, 'gated'), ...eventsOf(b, 'other')]).toEqual([])
    b.api.patch('pods', 'gated', { spec: { schedulingGates: [] } }, { namespace: 'default', type: 'merge' })
    b.sim.advanceTo(2_000)
    expect(podAt(b, 'gated').spec.nodeName).toBe('n1')
  })

  test('tries again after an error, when its back-off is over', () => {
    const b = bench()
    addPod(b, 'early')
    b.sim.advanceTo(100)
    expect(eventsOf(b, 'early')).toEqual(['Warning FailedScheduling no nodes available to schedule pods'])
    expect(b.scheduler.queue().backOff).toMatchObject([{ pod: 'default/early', attempts: 1, until: 1000 }])
    expect(b.sim.isSettled()).toBe(true)
    addNode(b, 'n1')
    b.sim.advanceTo(1_999)
    expect(podAt(b, 'early').spec.nodeName).toBeUndefined()
    b.sim.advanceTo(2_050)
    expect(podAt(b, 'early').spec.nodeName).toBe('n1')
  })

  test('forgets everything when it stops, and finds it again when it starts', () => {
    const b = bench()
    addNode(b, 'n1', '1')
    addPod(b, 'first')
    b.sim.advanceTo(50)
    b.process.setRunning(false)
    addPod(b, 'second')
    b.sim.advanceTo(500)
    expect(podAt(b, 'second').spec.nodeName).toBeUndefined()
    b.process.setRunning(true)
    addNode(b, 'n2', '1')
    b.sim.advanceTo(1_000)
    expect(podAt(b, 'second').spec.nodeName).toBe('n2')
  })

  test('goes on from a checkpoint as it would have without', () => {
    const b = bench()
    for (const name of ['n1', 'n2', 'n3']) addNode(b, name)
    for (let index = 0; index < 8; index++) addPod(b, `p${index}`)
    b.sim.advanceTo(5) // some are bound, some assumed, some wait
    const copy = build(copyWorld(b.sim.world))
    b.sim.advanceTo(400_000)
    copy.sim.advanceTo(400_000)
    expect([...recordsAfter(copy.sim.world.trace, 0)]).toEqual([...recordsAfter(b.sim.world.trace, 0)])
    expect((b.api.list('nodes') as readonly Node[]).length).toBe(3)
  })
})
