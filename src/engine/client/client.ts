import {
  ApiError,
  type ApiRequest,
  type KubeObject,
  type PatchType,
  type Pod,
  type RequestOptions,
  type Selection,
  type Verb,
} from '../api/index.ts'
import type { EventInput } from './eventObject.ts'
import { createInformerFactory, type Indexers, type Informer } from './informer.ts'
import type { Process } from './process.ts'
import { createRecorder } from './recorder.ts'

/** How a component sees the cluster and writes to it. Verbs answer at once or throw an ApiError; reads by informer lag a little. */
export interface Client {
  /** who the trace and the events name */
  readonly actor: string
  readonly process: Process
  /** A read past the caches. */
  readonly find: <T extends KubeObject>(kind: string, name: string, namespace?: string) => T | undefined
  readonly create: <T extends KubeObject>(kind: string, object: object, namespace?: string) => T
  readonly update: <T extends KubeObject>(object: T) => T
  readonly updateStatus: <T extends KubeObject>(object: T) => T
  readonly patch: <T extends KubeObject>(target: Target, patch: unknown, type?: PatchType, subresource?: string) => T
  readonly delete: (target: Target, options?: RequestOptions) => unknown
  /** A POST to a subresource: `binding`, `eviction`. */
  readonly post: (target: Target, subresource: string, body: unknown) => unknown
  readonly bind: (pod: Pod, node: string) => void
  readonly informer: <T extends KubeObject>(selection: Selection, indexers?: Indexers<T>) => Informer<T>
  /** Writes a Kubernetes Event about an object; never throws. */
  readonly event: (object: KubeObject, event: EventInput) => void
  /** Renews a lease every `periodMs` from now on, without a write each time; readers see the last renewal. */
  readonly keepLease: (lease: Target, periodMs: number) => void
  /** Ends the renewals, and writes the last one down. */
  readonly dropLease: (lease: Target) => void
  readonly isLeaseKept: (lease: Target) => boolean
  /** The same process under another actor's name: one controller of the controller manager. */
  readonly as: (actor: string) => Client
}

/** One object's place. */
export interface Target {
  readonly kind: string
  readonly name: string
  readonly namespace?: string | undefined
}

/** Makes a process's client. */
export function createClient(process: Process): Client {
  const informers = createInformerFactory(process)
  return clientAs(process, process.name, informers.informer)
}

function clientAs(process: Process, actor: string, informer: Client['informer']): Client {
  const { server } = process
  const recorder = createRecorder(process, actor)

  /** All requests have the same fields in the same order, and what they are made of comes one by one: that makes them cheap. */
  function request<T>(
    verb: Verb,
    kindName: string,
    namespace: string | undefined,
    name: string | undefined,
    subresource?: string,
    body?: unknown,
    patchType?: PatchType,
    options?: RequestOptions,
  ): T {
    if (!process.isUp()) throw connectionRefused()
    const kind = server.registry.byKind(kindName)
    const { group, version, plural: resource } = kind
    const full = {
      verb,
      group,
      version,
      resource,
      subresource,
      namespace,
      name,
      body,
      patchType,
      options,
      isGiven: false,
    }
    return server.perform(full as ApiRequest, actor, kind) as T
  }

  function updateStatus<T extends KubeObject>(object: T): T {
    if (!process.isUp()) throw connectionRefused()
    const kind = server.registry.byKind(object.kind)
    const { namespace, name } = object.metadata
    const stored = server.takeReport?.(kind, object, actor)
    return (stored as T | undefined) ?? request('update', object.kind, namespace, name, 'status', object)
  }

  return {
    actor,
    process,
    find<T extends KubeObject>(kind: string, name: string, namespace = '') {
      if (!process.isUp()) throw connectionRefused()
      return server.find(server.registry.byKind(kind), namespace, name, actor) as T | undefined
    },
    create: (kind, object, namespace) => request('create', kind, namespace, undefined, undefined, object),
    update: (object) =>
      request('update', object.kind, object.metadata.namespace, object.metadata.name, undefined, object),
    updateStatus,
    patch: ({ kind, namespace, name }, patch, patchType = 'strategic', subresource) =>
      request('patch', kind, namespace, name, subresource || undefined, patch, patchType),
    delete: ({ kind, namespace, name }, options) =>
      request('delete', kind, namespace, name, undefined, undefined, undefined, options),
    post: ({ kind, namespace, name }, subresource, body) => request('create', kind, namespace, name, subresource, body),
    bind: ({ metadata: { namespace, name } }, node) =>
      request('create', 'Pod', namespace, name, 'binding', { target: { kind: 'Node', name: node } }),
    informer,
    event: recorder.event,
    keepLease: ({ name, namespace = '' }, periodMs) => server.keepLease(namespace, name, periodMs),
    dropLease: ({ name, namespace = '' }) => server.dropLease(namespace, name, actor),
    isLeaseKept: ({ name, namespace = '' }) => server.isLeaseKept(namespace, name),
    as: (other) => clientAs(process, other, informer),
  }
}

function connectionRefused(): ApiError {
  const message = 'the API server cannot be reached'
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'ServiceUnavailable',
    code: 503,
  })
}
