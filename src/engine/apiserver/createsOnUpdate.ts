import { conflict, type KubeObject } from '../api/index.ts'
import { authorize } from './authorization/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { inVersion, stored } from './storage.ts'

/** Kinds that a PUT may make. upstream: AllowCreateOnUpdate of each kind's strategy */
const kinds: Readonly<Record<string, readonly string[]>> = {
  '': ['Endpoints', 'Event', 'LimitRange', 'PodTemplate', 'Service'],
  'certificates.k8s.io': ['CertificateSigningRequest'],
  'coordination.k8s.io': ['Lease'],
  'events.k8s.io': ['Event'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
}

/** The object that an update is about; undefined where the update makes it, a 404 where it may not. */
export function storedOrNew(passage: Passage, server: Server): KubeObject | undefined {
  const { kind, namespace, name, subresource } = passage
  const found = server.etcd.get(kind.storagePrefix, namespace, name)?.value as KubeObject | undefined
  if (!passage.isTrusted) checkUid(passage, found?.metadata.uid ?? '')
  if (found !== undefined) return inVersion(kind, found)
  const mayCreate = subresource === '' && kinds[kind.group]?.includes(kind.kind)
  if (!mayCreate) return stored(passage, server) // which says that it is not there
  // whoever makes an object must be allowed to create one
  if (!passage.isTrusted) authorize({ ...passage, request: { ...passage.request, verb: 'create' } }, server)
  return undefined
}

/** Whoever names a uid means that one object, not another of its name, and not one that is gone. */
// upstream: staging/src/k8s.io/apiserver/pkg/storage/interfaces.go Preconditions.Check
function checkUid({ kind, namespace, name, draft }: Passage, uid: string): void {
  const asked = draft?.metadata.uid
  if (!asked || asked === uid) return
  const key = ['/registry', kind.storagePrefix, ...(kind.namespaced ? [namespace] : []), name].join('/')
  const why = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${uid}`
  throw conflict(
    resourceOf(kind),
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  )
}
