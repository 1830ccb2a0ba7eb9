import { forbidden, notFound, statusError, type Namespace } from '../../api/index.ts'
import { resourceOf } from '../passage.ts'
import { defineAdmission } from './admission.ts'

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public'])

/** Nothing is created in a namespace that is missing or going; the first ones cannot be deleted. */
// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go
export const namespaceLifecycle = defineAdmission({
  name: 'NamespaceLifecycle',
  verbs: ['create', 'delete'],
  mutate({ verb, kind, name, namespace, context }) {
    if (verb === 'delete' && kind.kind === 'Namespace' && immortal.has(name))
      throw forbidden(resourceOf(kind), name, 'this namespace may not be deleted')
    if (verb !== 'create' || !kind.namespaced || kind.isVirtual) return
    const found = context.find<Namespace>('Namespace', namespace)
    if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace)
    if (found.metadata.deletionTimestamp !== undefined) throw terminating(resourceOf(kind), name, namespace)
  },
})

function terminating(resource: { group: string; resource: string }, name: string, namespace: string): Error {
  const { status } = forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  )
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  return statusError({ ...status, details: { ...status.details, causes: [cause] } })
}
