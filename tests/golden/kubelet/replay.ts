import { isEqual, type Api, type Event, type KubeObject, type Node, type Pod } from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { createCorrelator, type CorrelatorState } from '../../../src/engine/client/eventCorrelator.ts'
import { createControllerManager } from '../../../src/engine/controllers/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createNodes, type NodeSpec } from '../../../src/engine/node/index.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'
import { createFakeRuntime, type FakeRuntime } from './fakeRuntime.ts'
import { eventOf, stateOf, type SeenState } from './observed.ts'
import type { Recording, Step } from './recording.ts'

/** What our kubelet did with a recording's steps. */
export interface Replayed {
  readonly pods: ReadonlyMap<string, readonly SeenState[]>
  readonly events: readonly (Record<string, unknown> & { readonly at: readonly number[]; readonly count: number })[]
  readonly nodes: readonly Node[]
}

/** Thrown where a recording needs what is not served yet. */
export class Unserved extends Error {}

const administrator = { name: 'kubernetes-admin', groups: ['system:masters'] }
const quietMs = 3000

/** Plays a recording's steps against a kubelet over a runtime that obeys the recording. */
export function replay(recording: Recording, seed = 11): Replayed {
  const sim = createSim(createWorld(seed))
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, administrator)
  for (const name of ['default', 'demo', 'kube-node-lease'])
    api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, { namespace: 'demo' })
  api.create(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'x' } },
    { namespace: 'demo' },
  )
  const { containers = [], images = {} } = recording.runtime
  const runtime = createFakeRuntime(sim, containers, images)
  const nodes = createNodes(sim, server, runtime)
  if (recording.area === 'node')
    createControllerManager(createClient(createProcess(sim, server, 'kube-controller-manager')))
  const isNodeStory = recording.steps[0]?.do === 'node'
  const spec: NodeSpec = { name: 'node-1', isBooted: true }
  if (!isNodeStory) nodes.add(spec)
  // a zone that is lost as a whole is left alone, so a lost node needs neighbours
  for (const name of ['node-2', 'node-3']) if (recording.area === 'node') nodes.add({ ...spec, name })
  bindPods(sim, server, nodes)
  const seen = observe(sim, server, runtime)
  sim.advanceTo(quietMs)
  const player = { recording, sim, api, runtime, nodes, seen, spec }
  recording.steps.forEach((step, index) => play(step, index, player))
  finish(player)
  const events = [...seen.events.values()].map((event) => ({ ...event, count: timesSaid(event, player) }))
  return { pods: seen.pods, events, nodes: seen.nodes }
}

interface Player {
  readonly recording: Recording
  readonly sim: ReturnType<typeof createSim>
  readonly api: Api
  readonly runtime: FakeRuntime
  readonly nodes: ReturnType<typeof createNodes>
  readonly seen: Seen
  readonly spec: NodeSpec
}

/** Recordings end when their author had seen enough: what comes late because of chance is waited for. */
function finish({ recording, sim, seen }: Player): void {
  const until = sim.now() + 120_000
  const isShort = (): boolean =>
    Object.entries(recording.pods).some(
      ([name, states]) => (seen.pods.get(name)?.length ?? 0) < states.filter(({ only }) => only === undefined).length,
    )
  while (isShort() && sim.now() < until && sim.nextAt() !== undefined) sim.advanceTo(sim.now() + 500)
}

function play(step: Step, index: number, player: Player): void {
  const { sim, api, runtime } = player
  if (step.wait !== undefined) return await_(step.wait, index, player)
  sim.advanceTo(sim.now() + 5)
  const namespace = 'demo'
  if (step.do === 'create') createObject(step, player)
  else if (step.do === 'delete') api.delete('pods', step.pod!, { namespace }, step.options)
  else if (step.do === 'patch') patchObject(step, player)
  else if (step.do === 'runtime') changeRuntime(step, player)
  else changeNode(step, player)
  sim.advanceTo(sim.now() + 1)
  void runtime
}

function createObject({ manifest }: Step, { api }: Player): void {
  const { kind, apiVersion } = manifest as KubeObject
  if (api.findKind(kind) === undefined) throw new Unserved(kind)
  api.create({ apiVersion: apiVersion ?? 'v1', ...manifest }, { namespace: 'demo' })
}

function patchObject({ kind, name, patch, subresource, refused }: Step, { api }: Player): void {
  try {
    api.patch(kind!, name!, patch, { namespace: 'demo', ...(subresource && { subresource }) })
  } catch (error) {
    if (refused === undefined) throw new Unserved(`${subresource ?? 'patch'}: ${(error as Error).message}`)
  }
}

function changeRuntime(step: Step, { runtime, nodes, api }: Player): void {
  if (step.behaviour) return runtime.behave(step.behaviour)
  if (step.ready !== undefined) return nodes.setPlugin('node-1', step.ready === 'true')
  if (step.container !== undefined) return runtime.kill(step.pod!, step.container, step.code!)
  if (step.what?.includes('sandbox')) {
    nodes.killSandbox(api.get<Pod>('pods', step.pod!, { namespace: 'demo' }))
    for (const name of runtime.running(step.pod!)) runtime.kill(step.pod!, name, 137)
  }
}

function changeNode({ what = '' }: Step, { nodes, spec }: Player): void {
  const pods = /maxPods (\d+)/.exec(what)?.[1]
  if (what.includes('stops')) nodes.setKubelet('node-1', false)
  else if (!what.includes('starts')) throw new Unserved(what)
  else if (nodes.machine('node-1') === undefined)
    nodes.add({ ...spec, isBooted: false, ...(pods && { pods: Number(pods) }) })
  else nodes.setKubelet('node-1', true)
}

function await_(what: string, index: number, player: Player): void {
  const { sim, recording } = player
  const seconds = /^([0-9.]+) seconds$/.exec(what)
  if (seconds) return sim.advanceTo(sim.now() + Number(seconds[1]) * 1000)
  const { at } = recording.steps[index]!
  const next = recording.steps[index + 1]?.at ?? at
  const took = Math.max(...next.map((end, run) => end - (at[run] ?? 0)))
  const isTimeout = recording.problems?.some((problem) => problem.includes(what)) && took >= 119
  const until = sim.now() + (isTimeout ? took : took * 1.6 + 20) * 1000
  while (sim.now() < until) {
    if (!isTimeout && holds(what, player)) return
    sim.advanceTo(sim.now() + 50)
  }
}

function holds(what: string, player: Player): boolean {
  const { api } = player
  const [subject = '', condition = '', ...rest] = what.split(' ')
  if (subject === 'event') return hasEvent(condition, rest, player)
  if (subject === 'node')
    return hasCondition(api.find<Node>('nodes', 'node-1'), condition.split('=') as [string, string])
  if (subject.includes('/')) throw new Unserved(subject)
  const pod = api.find<Pod>('pods', subject, { namespace: 'demo' })
  if (condition === 'gone') return pod === undefined
  if (pod === undefined) return false
  const [word, first = '', second = ''] = condition.split(':')
  const all = [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.ephemeralContainerStatuses ?? []),
  ]
  switch (word) {
    case 'ready':
      return hasCondition(pod, ['Ready', 'True'])
    case 'notready':
      return hasCondition(pod, ['Ready', 'False'])
    case 'cond':
      return hasCondition(pod, [first, second])
    case 'phase':
      return pod.status.phase === first
    case 'restarts':
      return all.reduce((sum, { restartCount }) => sum + restartCount, 0) >= Number(first)
    case 'waiting':
      return all.some(({ state }) => state?.waiting?.reason === first)
    case 'running':
      return all.some(({ name, state }) => name === first && state?.running !== undefined)
    case 'terminated':
      return all.some(({ name, state }) => name === first && state?.terminated !== undefined)
    default:
      return condition === 'exists'
  }
}

function hasCondition(object: Pod | Node | undefined, [type, status]: readonly [string, string]): boolean {
  return object?.status?.conditions?.find((condition) => condition.type === type)?.status === status
}

function hasEvent(reason: string, rest: readonly string[], player: Player): boolean {
  const times = /^x(\d+)$/.exec(rest[0] ?? '')
  const text = (times ? rest.slice(1) : rest).join(' ')
  let count = 0
  for (const event of player.seen.events.values())
    if (event['reason'] === reason && String(event['message']).includes(text)) count += timesSaid(event, player)
  return count >= Number(times?.[1] ?? 1)
}

/** Recordings count what a source said, what its budget kept from the API server included. */
function timesSaid(event: SeenEvent, { sim }: Pick<Player, 'sim'>): number {
  const { sources } = sim.slice<CorrelatorState>('recorder/kubelet@node-1/kubelet', createCorrelator)
  let count = event.count
  for (const { type, reason, part, message, quiet } of sources.get(event.about)?.said ?? [])
    if (isEqual([type, reason, part, message], [event['type'], event['reason'], event['fieldPath'], event['message']]))
      count += quiet
  return count
}

type SeenEvent = Record<string, unknown> & { readonly about: string; at: number[]; count: number }

interface Seen {
  readonly pods: Map<string, SeenState[]>
  readonly events: Map<string, SeenEvent>
  readonly nodes: Node[]
}

type Server = ReturnType<typeof createApiServer>
type Sim = ReturnType<typeof createSim>

function observe(sim: Sim, server: Server, runtime: FakeRuntime): Seen {
  const client = createClient(createProcess(sim, server, 'recorder'))
  const seen: Seen = { pods: new Map(), events: new Map(), nodes: [] }
  const words: [string, string][] = [['192.168.10.11', '<hostIP>']]
  const normalise = (text: string): string => words.reduce((result, [from, to]) => result.replaceAll(from, to), text)
  const at = (): number => (sim.now() - quietMs) / 1000
  client.informer<Pod>({ kind: 'Pod' }).listen(({ type, object }) => {
    const { name, uid } = object.metadata
    if (!words.some(([from]) => from === uid)) words.unshift([uid, `<uid Pod/${name}>`])
    const ip = runtime.ipOf(uid)
    if (ip && !words.some(([from]) => from === ip) && ip !== '192.168.10.11') words.unshift([ip, `<ip ${name}>`])
    const states = seen.pods.get(name) ?? []
    seen.pods.set(name, states)
    const state = type === 'DELETED' ? { gone: true } : stateOf(object, runtime, normalise)
    const { at: _, ...last } = states.at(-1) ?? { at: 0 }
    if (!isEqual(last, state)) states.push({ ...state, at: at() })
  })
  client.informer<Event>({ kind: 'Event' }).listen(({ type, object }) => {
    if (type === 'DELETED') return
    const event = eventOf(object, normalise)
    const key = JSON.stringify(event)
    const known = seen.events.get(key) ?? { ...event, about: object.involvedObject?.uid ?? '', at: [], count: 0 }
    known.at.push(at())
    known.count = object.count ?? 1
    seen.events.set(key, known)
  })
  client.informer<Node>({ kind: 'Node' }).listen(({ object }) => void seen.nodes.push(object))
  return seen
}

/** The simplest scheduler: one node, while it has room for another pod. */
function bindPods(sim: Sim, server: Server, nodes: Player['nodes']): void {
  const client = createClient(createProcess(sim, server, 'default-scheduler'))
  const pods = client.informer<Pod>({ kind: 'Pod' })
  sim.handle('binder', (key) => {
    const pod = pods.get(key)
    if (pod === undefined || pod.spec.nodeName || pod.metadata.deletionTimestamp) return
    const active = [...pods.list()].filter(
      ({ spec, status }) => spec.nodeName && status.phase !== 'Succeeded' && status.phase !== 'Failed',
    )
    if (active.length >= Number(nodes.machine('node-1')?.allocatable['pods']))
      return void sim.schedulePeriodic(20, `binder/${key}`, { type: 'pod.pending' })
    client.bind(pod, 'node-1')
    const { namespace, name } = pod.metadata
    client.event(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to node-1`,
    })
  })
  pods.listen(({ type, object }) => {
    if (type === 'ADDED' && !object.spec.nodeName)
      sim.schedule(6, `binder/${object.metadata.namespace}/${object.metadata.name}`, { type: 'pod.pending' })
  })
}
