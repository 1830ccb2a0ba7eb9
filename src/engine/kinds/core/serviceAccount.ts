import type { ServiceAccount } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'

const mountable = 'kubernetes.io/enforce-mountable-secrets'

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
  prepareForCreate: keepNames,
  prepareForUpdate: keepNames,
  validateUpdate: (_next, _old, meta) => meta(),
  warnings: ({ metadata }, old) =>
    metadata.annotations?.[mountable] && !old?.metadata.annotations?.[mountable]
      ? [
          `metadata.annotations[${mountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
})

/** Of the secrets an account names, only the names count. */
function keepNames(draft: { secrets?: readonly { name?: string }[] | undefined }): void {
  if (draft.secrets) draft.secrets = draft.secrets.map(({ name }) => (name === undefined ? {} : { name }))
}
