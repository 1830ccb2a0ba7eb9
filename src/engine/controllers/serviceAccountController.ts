import type { Namespace, ServiceAccount } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { create, defineController, nothing } from './controller.ts'
import { forgive } from './perform.ts'
import { isNamespaceTerminating } from './podControl.ts'

/** Sees to it that every namespace has its `default` ServiceAccount. upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go */
export const serviceAccountController = defineController<Namespace>({
  name: 'service-account-controller',
  for: 'Namespace',
  watches: {
    ServiceAccount: {
      concerns: ({ type, object }: Change<ServiceAccount>) =>
        type === 'DELETED' && object.metadata.name === 'default' ? [object.metadata.namespace ?? ''] : [],
    },
  },
  reconcile({ object, lister }) {
    const { name } = object.metadata
    if (object.metadata.deletionTimestamp !== undefined || lister('ServiceAccount').get(`${name}/default`))
      return nothing
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } }
    const refused = (error: Parameters<typeof isNamespaceTerminating>[0] & { readonly reason: string }) =>
      error.reason === 'AlreadyExists' || isNamespaceTerminating(error) ? forgive : undefined
    return { writes: [create('ServiceAccount', account, { namespace: name, refused })] }
  },
})
