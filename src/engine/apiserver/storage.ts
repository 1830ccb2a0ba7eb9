import { notFound, refOf, type KubeObject } from '../api/index.ts'
import type { Change } from '../etcd/store.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { stamp, stamped } from './stamp.ts'

type Detail = Readonly<Record<string, unknown>>

/** The object the request is about; a 404 where there is none. */
export function stored({ kind, namespace, name }: Passage, { etcd }: Server): KubeObject {
  const found = etcd.get(kind.storagePrefix, namespace, name)
  if (found === undefined) throw notFound(resourceOf(kind), name)
  return found.value as KubeObject
}

/** Writes to etcd, tells the trace and the watchers; a dry run stops right before. */
export function put(passage: Passage, object: KubeObject, what: string, server: Server, detail?: Detail): KubeObject {
  if (passage.options.dryRun) return object
  const { kind, namespace } = passage
  const key = { prefix: kind.storagePrefix, namespace, name: object.metadata.name }
  const isOwn = object === (passage.draft as KubeObject | undefined)
  const change = server.etcd.put(key, (revision) => (isOwn ? stamp(object, revision) : stamped(object, revision)))
  tell(passage, change, what, server, detail)
  return change.value as KubeObject
}

/** Takes an object out of the store, tells the trace and the watchers. */
export function remove(passage: Passage, object: KubeObject, server: Server): KubeObject {
  if (passage.options.dryRun) return object
  const { kind, namespace } = passage
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
