import { createCluster, type Cluster, type HttpStream } from '#engine'
import type { Recording, Verdict } from '../api/recordings.ts'
import { pathOf, type Json, type Thing } from '../api/server.ts'
import { pick, verdictOf } from './compare.ts'
import { eventsOf } from './events.ts'

/** What is left when the garbage collector has finished. */
export interface DeletionCase extends Recording {
  readonly object?: Thing
  readonly options?: Json
  readonly blockOwnerDeletion?: boolean
  readonly policy?: string
  readonly childFinalizer?: string
  readonly events?: readonly Json[]
}

const namespace = 'golden'
const settleMs = 40_000

/** A control plane with its controllers; no node, so pods are never bound. */
class Stage {
  readonly cluster: Cluster = createCluster({ seed: 1, nodes: 0, addOns: false })

  constructor() {
    this.pass()
    this.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    this.pass()
  }

  pass(ms = settleMs): void {
    this.cluster.control.advanceTo(this.cluster.control.now() + ms)
  }

  send(method: string, path: string, body?: unknown) {
    return this.cluster.http({ method, path, headers: { 'content-type': 'application/json' }, body })
  }

  watch(path: string, name: string): HttpStream {
    const stream = this.cluster.openHttp({
      method: 'GET',
      path: `${path}?watch=true&fieldSelector=metadata.name%3D${name}`,
    })
    if (!('take' in stream)) throw new Error('no stream')
    stream.take()
    return stream
  }

  things(path: string): readonly Thing[] {
    return (this.send('GET', path).body as { items: readonly Thing[] }).items.filter(
      ({ metadata }) => metadata.name !== 'kube-root-ca.crt',
    )
  }

  counts(): Json {
    const found: Record<string, Json> = {}
    for (const [kind, path] of Object.entries(paths)) {
      const all = this.things(path)
      if (all.length === 0) continue
      const withOwner = all.filter(({ metadata }) => (metadata as Json)['ownerReferences'] !== undefined).length
      const deleting = all.filter(({ metadata }) => (metadata as Json)['deletionTimestamp'] !== undefined).length
      found[kind] = { count: all.length, withOwner, deleting }
    }
    return found
  }
}

const paths: Readonly<Record<string, string>> = {
  Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
  ReplicaSet: `/apis/apps/v1/namespaces/${namespace}/replicasets`,
  StatefulSet: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
  DaemonSet: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  Job: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  CronJob: `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
  Pod: `/api/v1/namespaces/${namespace}/pods`,
  ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
}

/** Deletes what a recording deletes, and compares what is left. */
export function playDeletion(one: DeletionCase): Verdict {
  if (one.events !== undefined) return playNamespace(one)
  return one.object === undefined ? playOwned(one) : playPropagation(one, one.object)
}

function playPropagation(one: DeletionCase, object: Thing): Verdict {
  const stage = new Stage()
  const place = pathOf(object, namespace)
  stage.send('POST', place, object)
  stage.pass()
  const before = stage.counts()
  const stream = stage.watch(place, String(object.metadata.name))
  const { code, body, warnings } = stage.send('DELETE', `${place}/${String(object.metadata.name)}`, one.options)
  stage.pass()
  const ownerDeletionEvents = eventsOf(stream)
    .filter(({ type, object: { metadata } }) => type === 'DELETED' || isHeld(metadata as Json))
    .map(({ type, object: { metadata } }) => ({
      type,
      finalizers: (metadata as Json)['finalizers'] ?? [],
      deleting: (metadata as Json)['deletionTimestamp'] !== undefined,
    }))
    .filter(({ deleting }) => deleting)
  const got = {
    code,
    answer: (body as Thing).kind,
    before,
    after: stage.counts(),
    ownerDeletionEvents: distinct(ownerDeletionEvents),
    ...(warnings.length > 0 && { warnings }),
  }
  return verdictOf(one.name, pick(one, ['code', 'answer', 'before', 'after', 'ownerDeletionEvents', 'warnings']), got)
}

const isHeld = (metadata: Json): boolean => metadata['deletionTimestamp'] !== undefined

/** The status of an owner may change while it waits: that says the same again. */
function distinct<Event>(events: readonly Event[]): readonly Event[] {
  return events.filter((event, index) => JSON.stringify(event) !== JSON.stringify(events[index - 1]))
}

function playOwned(one: DeletionCase): Verdict {
  const stage = new Stage()
  const place = paths['ConfigMap']!
  const make = (name: string, metadata: Json): Thing =>
    stage.send('POST', place, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } }).body as Thing
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner' }
  const isAlive = one.policy !== undefined
  const uid = isAlive ? String((make('owner', {}).metadata as Json)['uid']) : '00000000-0000-4000-8000-000000000000'
  make('child', {
    ownerReferences: [{ ...reference, uid, blockOwnerDeletion: one.blockOwnerDeletion ?? false }],
    ...(one.childFinalizer && { finalizers: [one.childFinalizer] }),
  })
  stage.pass()
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: one.policy }
  if (isAlive) stage.send('DELETE', `${place}/owner`, options)
  stage.pass()
  const remaining = stage.things(place).map(({ metadata }) => metadata.name)
  const got = { after: stage.counts(), ...(one['remaining'] !== undefined && { remaining }) }
  return verdictOf(one.name, pick(one, ['after', 'remaining']), got)
}

function playNamespace(one: DeletionCase): Verdict {
  const stage = new Stage()
  const isHeldBack = one.name.includes('held')
  if (isHeldBack)
    stage.send('POST', paths['ConfigMap']!, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['example.com/hold'] },
    })
  stage.pass()
  const stream = stage.watch('/api/v1/namespaces', namespace)
  stage.send('DELETE', `/api/v1/namespaces/${namespace}`)
  stage.pass()
  const events = eventsOf(stream).map(({ type, object }) => {
    const { spec, status } = object as unknown as {
      spec: { finalizers?: readonly string[] }
      status: { phase: string; conditions?: readonly Readonly<Record<string, string>>[] }
    }
    const conditions = (status.conditions ?? [])
      .map((each) => `${each['type']}=${each['status']} ${each['reason']}: ${each['message']}`)
      .sort()
    return { type, phase: status.phase, specFinalizers: spec.finalizers ?? [], conditions }
  })
  return verdictOf(one.name, one.events, events)
}
