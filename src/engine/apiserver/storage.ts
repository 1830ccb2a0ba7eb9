import {
  alreadyExists,
  conflict,
  notFound,
  staleWrite,
  statusError,
  type ApiError,
  type Draft,
  type KubeObject,
} from '../api/index.ts'
import { EtcdError, etcdErrors } from '../etcd/errors.ts'
import type { Change, Etcd, Key, Removal } from '../etcd/store.ts'
import { requestBytesMax } from '../etcd/txn.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { TraceDetail } from '../sim/index.ts'
import { ownersAfter } from './managedFields/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { stamped } from './stamp.ts'

/** A write on its way into the store: its place, and what is written there in whose name. */
interface Write extends Key {
  readonly object: KubeObject
  readonly passage: Passage
  /** in virtual milliseconds */
  readonly at: number
}

/** The object the request is about; a 404 where there is none. */
export function stored({ kind, namespace, name }: Passage, { etcd }: Server): KubeObject {
  const found = etcd.get(kind.storagePrefix, namespace, name)
  if (found === undefined) throw notFound(resourceOf(kind), name)
  return kind.storedAs === undefined ? (found.value as KubeObject) : inVersion(kind, found.value as KubeObject)
}

/** A stored object in the version that is asked for. */
export function inVersion({ storedAs }: Kind, object: KubeObject): KubeObject {
  return storedAs === undefined ? object : storedAs.fromStored(object)
}

/**
 * Writes to etcd, tells the trace and the watchers; a dry run stops right before. The object's resourceVersion must be the stored one's,
 * a new object has none: that is the transaction's condition, and a 409 or 404 says that it does not hold.
 */
export function put(
  passage: Passage,
  object: KubeObject,
  what: string,
  server: Server,
  detail?: TraceDetail,
): KubeObject {
  return write(passage, object, what, server, detail, undefined)
}

/** The same with what somebody made or changed: the fields that differ are theirs from now on. */
export function putOwned(passage: Passage, object: KubeObject, what: string, server: Server): KubeObject {
  return write(passage, object, what, server, undefined, ownersAfter)
}

function write(
  passage: Passage,
  object: KubeObject,
  what: string,
  { etcd, sim, watchers, leaseFor }: Server,
  detail: TraceDetail | undefined,
  toOwners: typeof ownersAfter | undefined,
): KubeObject {
  const { storedAs } = passage.kind
  const kind = storedAs === undefined ? passage.kind : storedAs.kind
  const form = storedAs === undefined ? object : storedAs.toStored(object)
  // what a reader would find: a dry run answers with that too. upstream: registry/dryrun.go copyInto
  if (passage.options.dryRun) return storedAs === undefined ? form : storedAs.fromStored(form)
  if (etcd.quota !== undefined && etcd.isFull()) throw unstorable(etcdErrors.noSpace)
  if (!passage.isTrusted && textLeft(form, requestBytesMax) < 0) throw unstorable(etcdErrors.tooLarge)
  const { name, resourceVersion } = form.metadata
  let change: Change | undefined
  try {
    change = etcd.optimisticPut<Write>(
      {
        prefix: kind.storagePrefix,
        namespace: passage.namespace,
        name,
        object: form,
        passage,
        at: sim.world.clock.now,
      },
      resourceVersion === undefined ? 0 : Number(resourceVersion),
      form === (passage.draft as KubeObject | undefined) ? stampOwn : stampCopy,
      kind.lifetimeMs === undefined ? '' : leaseFor(kind),
      toOwners,
    )
  } catch (error) {
    throw error instanceof EtcdError ? unstorable(error.message) : error
  }
  if (change === undefined) throw refused(passage, kind, form, etcd)
  watchers.publish(kind, change, passage.actor, what, detail)
  const written = change.value as KubeObject
  return storedAs === undefined ? written : storedAs.fromStored(written)
}

/** What etcd refuses, in its words. */
const unstorable = (message: string): ApiError => statusError({ message, code: 500 })

/** The object as of a revision: in place, if nobody else has seen it yet. */
function stampOwn(revision: number, { object }: Write): KubeObject {
  ;(object as Draft<KubeObject>).metadata.resourceVersion = String(revision)
  return object
}

const stampCopy = (revision: number, { object }: Write): KubeObject => stamped(object, revision)

/** Takes an object out of the store, tells the trace and the watchers. */
export function remove(passage: Passage, object: KubeObject, server: Server): KubeObject {
  if (passage.options.dryRun) return object
  const { storedAs } = passage.kind
  const kind = storedAs?.kind ?? passage.kind
  const { name, resourceVersion } = object.metadata
  const place = { prefix: kind.storagePrefix, namespace: passage.namespace, name }
  const change = server.etcd.optimisticDelete(place, Number(resourceVersion))
  if (change === undefined) throw refused(passage, kind, object, server.etcd)
  server.watchers.publish(kind, change, passage.actor, 'deleted')
  return storedAs === undefined ? (change.value as KubeObject) : storedAs.fromStored(change.value as KubeObject)
}

/** Why the condition of a write did not hold. upstream: apiserver/pkg/registry/generic/registry/store.go, storage/errors */
function refused(passage: Passage, { storagePrefix }: Kind, { metadata }: KubeObject, etcd: Etcd): ApiError {
  const { name, generateName, resourceVersion } = metadata
  const resource = resourceOf(passage.kind)
  if (resourceVersion === undefined) return alreadyExists(resource, name, generateName)
  const isThere = etcd.get(storagePrefix, passage.namespace, name) !== undefined
  return isThere ? conflict(resource, name, staleWrite) : notFound(resource, name)
}

/** Tells of objects that went without the API server's doing: it watches etcd, too. Those of no kind that is served go unheard. */
export function hearRemovals(removals: readonly Removal[], actor: string, server: Server): void {
  const kinds = new Map<string, Kind | undefined>()
  // all kinds first: the definition of one may be among what went
  for (const { prefix } of removals)
    if (!kinds.has(prefix))
      kinds.set(
        prefix,
        server.registry.kinds.find((kind) => kind.storagePrefix === prefix && kind.storedAs === undefined),
      )
  for (const { prefix, change } of removals) {
    const kind = kinds.get(prefix)
    if (kind !== undefined) server.watchers.publish(kind, change, actor, 'deleted')
  }
}

/**
 * What is left of an allowance of characters after the names and texts of a value; it stops where nothing is. Texts are counted in
 * place, as a call for each would double the cost. differs: upstream counts protobuf's bytes
 */
function textLeft(value: object, allowance: number): number {
  let left = allowance
  if (Array.isArray(value)) {
    for (const part of value as readonly unknown[]) {
      if (typeof part === 'string') left -= part.length
      else if (typeof part === 'object' && part !== null) left = textLeft(part, left)
      if (left < 0) return left
    }
    return left
  }
  for (const key in value) {
    const part = (value as Readonly<Record<string, unknown>>)[key]
    left -= key.length
    if (typeof part === 'string') left -= part.length
    else if (typeof part === 'object' && part !== null) left = textLeft(part, left)
    if (left < 0) return left
  }
  return left
}
