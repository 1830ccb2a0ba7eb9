import type { ServiceAccount } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** Who a pod is when it talks to the API server. */
export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  answersWithDeleted: true,
  subresources: ['token'],
  validateUpdate: (_next, _old, meta) => meta(),
})
