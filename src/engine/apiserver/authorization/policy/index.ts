import { formatTime, type KubeObject } from '../../../api/index.ts'
import type { Etcd } from '../../../etcd/store.ts'
import { bootstrapPolicy } from './policy.ts'

/**
 * Writes the roles and bindings that the server itself brings, past all stages: nobody watches yet, and nobody asked for them.
 * differs: their uids are counted instead of drawn, and aggregated roles are stored complete.
 */
// upstream: pkg/registry/rbac/rest/storage_rbac.go PostStartHook
export function storePolicy(etcd: Etcd, now: number): void {
  const creationTimestamp = formatTime(now)
  let count = 0
  for (const { prefix, object } of bootstrapPolicy()) {
    const { name, namespace = '' } = object.metadata
    const uid = `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`
    etcd.optimisticPut({ prefix, namespace, name }, 0, (revision) =>
      withBirth(object, uid, creationTimestamp, revision),
    )
  }
}

function withBirth(object: KubeObject, uid: string, creationTimestamp: string, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, creationTimestamp, uid, resourceVersion: String(revision) } }
}
