import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { handleHttp } from '../../../src/engine/apiserver/http.ts'
import type { Delivery } from '../../../src/engine/api/index.ts'
import { ApiError, type Event, type KubeObject, type Pod, type Status } from '../../../src/engine/api/index.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { controllers } from '../../../src/engine/controllers/index.ts'
import { runControllers } from '../../../src/engine/controllers/manager.ts'
import { createPodGarbageCollector } from '../../../src/engine/controllers/podGarbageCollector.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createSim, createWorld, freezeDeeply, recordAt } from '../../../src/engine/sim/index.ts'
import { condensers, podNews } from './condense.ts'
import { createNames, type Names } from './names.ts'
import { createPlayedKubelet } from './playedKubelet.ts'
import { createPlayedMetrics } from './playedMetrics.ts'
import type { EventEntry, Manifest, Recording, Step } from './recording.ts'
import { runTrivialScheduler } from './trivialScheduler.ts'

/** What a replay gave, in the recordings' words. */
export interface Replay {
  readonly timeline: ReadonlyMap<string, readonly unknown[]>
  readonly events: ReadonlyMap<string, readonly EventEntry[]>
  readonly final: ReadonlyMap<string, unknown>
  readonly problems: readonly string[]
}

const uids = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const tickMs = 20
const waitMsMax = 400_000
const poolSize = 6
const markMs = 1500
const namespace = 'demo'

/** Plays a recording's steps against our control plane. */
export function replay(recording: Recording, seed = 1): Replay {
  freezeDeeply(true)
  const sim = createSim(createWorld(seed))
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  for (const name of ['kube-system', 'kube-node-lease', 'default'])
    api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  for (let index = 1; index <= poolSize; index++) api.create(poolNode(`pool-${index}`))
  runControllers(createClient(createProcess(sim, server, 'kube-controller-manager')), withFlags(recording))
  runTrivialScheduler(sim, server)
  const kubelet = createPlayedKubelet(sim, server, recording.gap * 1000)
  const metrics = createPlayedMetrics(sim, server, api)
  const problems: string[] = []
  const served = kinds
    .filter(({ kind, group }) => kind !== 'Lease' && group !== 'events.k8s.io')
    .map(({ kind }) => kind)
  const inboxes = served.map((kind) => server.watchers.subscribe(`golden/${kind}`, { kind }, () => undefined))
  const names = createNames()
  const log = createLog(
    names,
    (seq) => recordAt(sim.world.trace, seq)?.actor === 'kubelet',
    (uid) => kubelet.hasRemoved(uid),
  )
  let lastChange = 0
  // the recordings' one owner in another namespace
  const stranger = api.create<KubeObject>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt-x', namespace: 'default' },
  }).metadata.uid

  function advance(ms: number): void {
    const until = sim.now() + ms
    while (sim.now() < until) {
      sim.advanceTo(sim.now() + tickMs)
      kubelet.tick()
      collect()
    }
  }

  function collect(): void {
    const all: Delivery[] = []
    for (const inbox of inboxes) all.push(...server.watchers.take(inbox))
    all.sort((a, b) => a.revision - b.revision)
    for (const delivery of all) if (log.add(delivery)) lastChange = sim.now()
  }

  function perform(step: Step): void {
    try {
      act(step)
      if (step.refused) problems.push(`not refused: ${step.refused.message}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (names.clean(error.message) !== step.refused?.message) problems.push(`refused: ${error.message}`)
    }
  }

  function act(step: Step): void {
    const name = names.real(step.name ?? '')
    const info = step.kind ? api.findKind(step.kind) : undefined
    const place = info?.namespaced ? { namespace: step.namespace ?? namespace } : {}
    if (step.do === 'create') {
      const manifest = JSON.parse(names.real(JSON.stringify(step.manifest)).replaceAll('<uid>', stranger)) as Manifest
      const kind = api.findKind(manifest.kind)!
      const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version
      api.create(
        withDefaults({ apiVersion, ...manifest }),
        kind.namespaced ? { namespace: manifest.metadata.namespace ?? namespace } : {},
      )
      if (manifest.kind === 'Node') kubelet.greet(manifest.metadata.name)
    } else if (step.do === 'patch') {
      const subresource = step.subresource && step.subresource !== 'scale' ? { subresource: step.subresource } : {}
      // a time is one of long ago
      const body = JSON.parse(JSON.stringify(step.patch).replaceAll('<time>', '2026-08-31T08:00:00Z')) as unknown
      api.patch(step.kind!, name, body, { ...place, ...subresource, type: step.type ?? 'merge' })
    } else if (step.do === 'delete') api.delete(step.kind!, name, place, step.options)
    else if (step.do === 'kubelet' && step.pod)
      kubelet.report(`${namespace}/${names.real(step.pod)}`, step.report!, step.code ?? step.count ?? 0)
    else if (step.do === 'kubelet') kubelet.setSilent(step.node!, step.report === 'silent')
    else if (step.do === 'evict') evict(step)
    else if (step.do === 'metrics') metrics.tell(step)
    else if (step.do === 'request') request(step)
    else problems.push(`unknown step ${step.do}`)
  }

  /** A raw request: only its code was recorded. */
  function request({ method = '', path = '', body, answer }: Step): void {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const headers: Readonly<Record<string, string>> = body === undefined ? {} : { 'Content-Type': contentType }
    const { code } = handleHttp(server, { method, path, body, headers })
    if (code !== (answer as { code: number }).code) problems.push(`${method} ${path}: ${code}`)
  }

  /** An eviction is answered as it was recorded: its code, its text, its causes. */
  function evict({ pod = '', answer }: Step): void {
    const name = names.real(pod)
    const { group, version, plural: resource } = api.findKind('Pod')!
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
    const path = { group, version, resource, namespace, name, subresource: 'eviction' }
    const { code, body: got } = api.request({ verb: 'create', ...path, body })
    const { reason, message, details } = got as Status
    const said = code < 400 ? { code } : { code, ...(reason && { reason }), message, ...(details && { details }) }
    if (text(said) !== text(answer)) problems.push(`evict ${pod}: ${text(said)}`)
  }

  function isMet(step: Step, since: number): boolean {
    const { wait = '', where = {}, seconds = 0 } = step
    if (wait === 'quiet') return sim.now() - lastChange >= seconds * 1000 && sim.now() - since >= seconds * 1000
    // virtual time began on a full minute; the recorder looked a moment after each
    if (wait === 'minute marks')
      return Math.floor((sim.now() - markMs) / 60_000) - Math.floor(since / 60_000) >= (step.number ?? 1)
    if (wait === 'time') return sim.now() - since >= seconds * 1000
    if (wait.startsWith('count ')) return count(wait.slice(6), step) === step.equals
    const [kind = '', name = ''] = wait.split('/')
    const found = api.find<KubeObject>(kind, names.real(name), api.findKind(kind)?.namespaced ? { namespace } : {})
    if (where.gone) return found === undefined
    return found !== undefined && fits(found, where)
  }

  function count(kind: string, { where = {}, labels = {} }: Step): number {
    const has = (object: KubeObject): boolean =>
      Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value)
    return api.list<KubeObject>(kind, { namespace }).filter((object) => has(object) && fits(object, where)).length
  }

  advance(3000)
  collect()
  if (!recording.steps.some(({ manifest }) => manifest?.kind === 'Namespace'))
    api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  advance(recording.area === 'namespace' ? 300 : 50)
  log.start(recording.area === 'namespace')
  let before: Step | undefined
  for (const step of recording.steps) {
    advance(before?.do && step.do ? ((step.at ?? 0) - (before.at ?? 0)) * 1000 : 20)
    if (step.do) perform(step)
    else {
      const since = sim.now()
      while (!isMet(step, since) && sim.now() - since < waitMsMax) advance(tickMs)
      if (!isMet(step, since)) problems.push(`never: ${step.wait} ${JSON.stringify(step.where ?? '')}`)
    }
    before = step
  }
  advance(100)
  return { ...log.result(), problems }
}

function withFlags({ flags }: Recording) {
  const threshold = flags['kube-controller-manager']?.find((flag) => flag.startsWith('--terminated-pod-gc-threshold='))
  if (threshold === undefined) return controllers
  const other = createPodGarbageCollector(Number(threshold.split('=')[1]))
  return controllers.map((each) => (each.name === other.name ? other : each))
}

function poolNode(name: string): object {
  const capacity = { cpu: '64', memory: '256Gi', pods: '1100' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: {},
    status: { capacity, allocatable: capacity },
  }
}

/** What the API server fills in and controllers rely on, as long as the kinds have no defaults of their own. */
function withDefaults<T extends object>(object: T): T {
  const { kind, spec } = object as T & { kind: string; spec?: object }
  const usual = { progressDeadlineSeconds: 600, revisionHistoryLimit: 10, replicas: 1 }
  return kind === 'Deployment' ? { ...object, spec: { ...usual, ...spec } } : object
}

function fits(object: KubeObject, where: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where).every(([path, wanted]) => {
    const value = read(object, path)
    if (wanted === 'absent') return value === undefined || value === 0 || value === null
    if (wanted === 'present') return value !== undefined && value !== null
    return value === wanted
  })
}

function read(object: KubeObject, path: string): unknown {
  const parts = path.split('.')
  let value: unknown = object
  if (parts[0] === 'conditions') {
    const list = (object as unknown as Pod).status.conditions as readonly { readonly type: string }[] | undefined
    value = list?.find(({ type }) => type === parts[1])
    return (value as Record<string, unknown> | undefined)?.[parts[2] ?? 'status']
  }
  for (const part of parts) value = (value as Record<string, unknown> | undefined)?.[part]
  return value
}

interface Log {
  /** Takes a change in; false if it is not one that the recordings speak of. */
  readonly add: (delivery: Delivery) => boolean
  readonly start: (withNamespace: boolean) => void
  readonly result: () => Omit<Replay, 'problems'>
}

function createLog(names: Names, isInput: (cause: number) => boolean, isRemoved: (uid: string) => boolean): Log {
  const timeline = new Map<string, unknown[]>()
  const pods: string[] = []
  const scaling: string[] = []
  const gone: string[] = []
  const events = new Map<string, Map<string, Event>>()
  const last = new Map<string, KubeObject>()
  const addresses = new Map<string, string>()
  const early: Delivery[] = []
  let isOn = false

  function add(delivery: Delivery): boolean {
    if (!isOn) {
      early.push(delivery)
      return false
    }
    const { object } = delivery
    const { namespace: place, name } = object.metadata
    const isNode = object.kind === 'Node' || (object as Event).involvedObject?.kind === 'Node'
    if (
      place !== namespace &&
      !(isNode && !name.startsWith('pool-')) &&
      !(object.kind === 'Namespace' && name === namespace) &&
      object.kind !== 'ClusterRole' &&
      object.kind !== 'PersistentVolume' &&
      !((object as Event).involvedObject?.kind === 'PersistentVolume') &&
      object.kind !== 'CustomResourceDefinition'
    )
      return false
    if (object.kind === 'Event') addEvent(object as Event)
    else addObject(delivery)
    return true
  }

  function addEvent(event: Event): void {
    const { kind, name } = event.involvedObject
    const key = `${kind}/${name}`
    const list = events.get(key) ?? new Map<string, Event>()
    events.set(key, list)
    list.set(event.metadata.name, event)
  }

  function addObject({ object, type, cause }: Delivery): void {
    names.meet(object)
    const key = `${object.kind}/${object.metadata.name}`
    const before = last.get(key)
    if (object.kind === 'Pod') {
      const pod = object as Pod
      if (pod.status.podIP) addresses.set(pod.status.podIP, pod.metadata.name)
      const mark = isInput(cause) ? '~' : ''
      const news = podNews(pod, before)
      for (const each of news) pods.push(mark && !each.startsWith('terminating') ? mark + each : each)
      if (type === 'DELETED') {
        if (!pod.metadata.deletionTimestamp && before && !before.metadata.deletionTimestamp)
          pods.push(`terminating ${pod.metadata.name}`)
        pods.push(`${mark || (isRemoved(pod.metadata.uid) ? '~' : '')}gone ${pod.metadata.name}`)
      }
    } else if (condensers[object.kind]) addState(object, key, type)
    if (object.kind === 'ReplicaSet' || object.kind === 'ReplicationController')
      addScaling(object as never, before as never)
    if (type === 'DELETED') {
      gone.push(key)
      last.delete(key)
    } else last.set(key, object)
  }

  function addState(object: KubeObject, key: string, type: string): void {
    const list = timeline.get(key) ?? []
    timeline.set(key, list)
    const state =
      type === 'DELETED'
        ? { deleted: true }
        : condensers[object.kind]!(object, (ip) => `<ip ${addresses.get(ip) ?? ip}>`)
    if (text(list[list.length - 1]) !== text(state)) list.push(JSON.parse(text(state)))
  }

  function addScaling(
    set: { metadata: { name: string }; spec: { replicas: number } },
    before: typeof set | undefined,
  ): void {
    if (before === undefined) scaling.push(`${set.metadata.name}: created with ${set.spec.replicas}`)
    else if (before.spec.replicas !== set.spec.replicas)
      scaling.push(`${set.metadata.name}: ${before.spec.replicas} -> ${set.spec.replicas}`)
  }

  return {
    add,
    start(withNamespace) {
      isOn = true
      for (const delivery of early) {
        const isOwn =
          withNamespace &&
          (delivery.object.metadata.namespace === namespace || delivery.object.metadata.name === namespace)
        if (isOwn && delivery.object.kind !== 'Event') add(delivery)
      }
    },
    result() {
      const clean = <T>(value: T): T =>
        JSON.parse(withoutRejected(names.clean(JSON.stringify(value).replace(uids, '<uid>')))) as T
      const all = new Map<string, readonly unknown[]>()
      for (const [key, list] of timeline) all.set(names.clean(key), clean(list))
      all.set('Pods', clean(pods))
      all.set('Scaling', clean(scaling))
      all.set('Gone', clean(gone))
      const told = new Map<string, readonly EventEntry[]>()
      for (const [key, list] of events) {
        const entries = [...list.values()].map((event) => ({ ...clean(entryOf(event)), uid: event.involvedObject.uid }))
        told.set(names.clean(key), folded(entries))
      }
      const final = new Map([...last].map(([key, object]) => [names.clean(key), clean(object)]))
      return { timeline: all, events: told, final }
    },
  }
}

function entryOf(event: Event): EventEntry & { count: number } {
  const { type = '', reason = '', message = '', count, series, reportingComponent = '', action } = event
  return {
    type,
    reason,
    message,
    from: reportingComponent,
    ...(action && { action }),
    count: series?.count ?? count ?? 1,
  }
}

/** Equal texts about one object once, with how often they were told and by how many Events. */
function folded(list: readonly (EventEntry & { count: number; uid?: string | undefined })[]): readonly EventEntry[] {
  const groups = new Map<string, { entry: EventEntry; count: number; objects: number }>()
  for (const { count, uid = '', ...entry } of list) {
    const cleaned = { ...entry, message: withoutRejected(entry.message) }
    const key = JSON.stringify([uid, cleaned])
    const known = groups.get(key)
    if (known) {
      known.objects++
      known.count = Math.max(known.count, count)
    } else groups.set(key, { entry: cleaned, count, objects: 1 })
  }
  return [...groups.values()].map(({ entry, count, objects }) => ({
    ...entry,
    ...(count > 1 && { count }),
    ...(objects > 1 && { objects }),
  }))
}

function withoutRejected(message: string): string {
  return message.replace(/pods (\\?")([^"\\]*-)[a-z0-9]{5}(\\?") is forbidden/g, 'pods $1$2<rejected>$3 is forbidden')
}

/** Canonical text of plain data. */
export function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  const record = value as Record<string, unknown>
  const keys = Object.keys(record).filter((key) => record[key] !== undefined)
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${text(record[key])}`)
    .join(',')}}`
}
