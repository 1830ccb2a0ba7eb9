import { notFound, refOf, statusError, type KubeObject } from '../api/index.ts'
import type { Change } from '../etcd/store.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import type { StoredForm } from '../kinds/defineKind.ts'
import { stamp, stamped } from './stamp.ts'

type Detail = Readonly<Record<string, unknown>>

/** The object the request is about; a 404 where there is none. */
export function stored({ kind, namespace, name }: Passage, { etcd }: Server): KubeObject {
  const found = etcd.get(kind.storagePrefix, namespace, name)
  if (found === undefined) throw notFound(resourceOf(kind), name)
  const object = found.value as KubeObject
  return kind.storedAs === undefined ? object : kind.storedAs.fromStored(object)
}

/** Writes to etcd, tells the trace and the watchers; a dry run stops right before. */
export function put(passage: Passage, object: KubeObject, what: string, server: Server, detail?: Detail): KubeObject {
  const { kind, namespace } = passage
  if (passage.options.dryRun) return kind.storedAs === undefined ? object : readBack(kind.storedAs, object)
  const key = { prefix: kind.storagePrefix, namespace, name: object.metadata.name }
  if (kind.storedAs !== undefined) return putInForm(passage, kind.storedAs, object, what, server, detail)
  if (server.etcd.isFull()) throw statusError({ message: 'etcdserver: mvcc: database space exceeded', code: 500 })
  const isOwn = object === (passage.draft as KubeObject | undefined)
  const change = server.etcd.put(key, (revision) => (isOwn ? stamp(object, revision) : stamped(object, revision)))
  tell(passage, change, what, server, detail)
  return change.value as KubeObject
}

/** Writes an object of another version than the stored one, and answers in that version. */
function putInForm(
  passage: Passage,
  { kind, toStored, fromStored }: StoredForm,
  object: KubeObject,
  what: string,
  server: Server,
  detail?: Detail,
): KubeObject {
  return fromStored(put({ ...passage, kind, draft: undefined }, toStored(object), what, server, detail))
}

/** What a reader would find: a dry run answers with that too. */
// upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/dryrun.go copyInto
function readBack({ toStored, fromStored }: StoredForm, object: KubeObject): KubeObject {
  return fromStored(toStored(object))
}

/** Takes an object out of the store, tells the trace and the watchers. */
export function remove(passage: Passage, object: KubeObject, server: Server): KubeObject {
  if (passage.options.dryRun) return object
  const { kind, namespace } = passage
  if (kind.storedAs !== undefined) {
    const { kind: storedKind, toStored, fromStored } = kind.storedAs
    return fromStored(remove({ ...passage, kind: storedKind }, toStored(object), server))
  }
  const key = { prefix: kind.storagePrefix, namespace, name: object.metadata.name }
  const change = server.etcd.remove(key, (revision) => stamped(object, revision))
  tell(passage, change, 'deleted', server)
  return change.value as KubeObject
}

function tell({ kind, actor }: Passage, change: Change, what: string, server: Server, detail?: Detail): void {
  const object = change.value as KubeObject
  const cause = server.sim.record(actor, what, refOf(object), detail, change.revision)
  server.watchers.publish(kind, change, cause)
  server.onWrite(kind, change)
}
