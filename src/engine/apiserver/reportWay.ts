import type { Draft, KubeObject } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import { copyMetadata, withStatus } from './copies.ts'
import type { Passage, Server } from './passage.ts'
import { refuse } from './prepare.ts'
import { isSame } from './stages.ts'
import { putOwned } from './storage.ts'

type Stated = KubeObject & { readonly status?: unknown }

const noOptions = Object.freeze({})

/**
 * The short way of a component's report: an object just as it is stored, with another status. Four or five come for each pod. What the
 * stages would make sure of besides (that it is the newest version, that its metadata is as it was) holds of itself, since its metadata
 * is the stored one's; where that is not so, or the object is going, it does nothing and returns undefined, and the report goes the way
 * of all requests. So must it where a policy might have a say: who calls sees to that.
 */
export function takeReport(kind: Kind, object: KubeObject, actor: string, server: Server): KubeObject | undefined {
  const { metadata, status = {} } = object as Stated
  const namespace = kind.namespaced ? (metadata.namespace ?? '') : ''
  const old = server.etcd.get(kind.storagePrefix, namespace, metadata.name)?.value as Stated | undefined
  if (old === undefined || old.metadata !== metadata || metadata.deletionTimestamp !== undefined) return undefined
  if (kind.storedAs !== undefined || !kind.hasStatus) return undefined
  const draft = withStatus(old, copyMetadata(metadata), status) as Draft<KubeObject>
  const { prepareForStatusUpdate, validateStatusUpdate } = kind
  if (prepareForStatusUpdate !== undefined) prepareForStatusUpdate(draft, old, server.context)
  const next = draft as KubeObject
  const passage = { options: noOptions, kind, namespace, actor, draft, old, isTrusted: true, subresource: 'status' }
  if (validateStatusUpdate !== undefined) refuse(passage as unknown as Passage, validateStatusUpdate(next, old))
  if (isSame(next, old)) return old
  return putOwned(passage as unknown as Passage, next, 'statusUpdated', server)
}
