import type { Draft, KubeObject } from '../../api/index.ts'
import { defineSubresource } from './subresource.ts'

/** Where somebody says yes or no to a certificate request; only its conditions change here. */
// upstream: pkg/registry/certificates/certificates/strategy.go csrApprovalStrategy; the kind itself stamps the conditions
export const approval = defineSubresource({
  name: 'approval',
  merge: (sent, old) =>
    ({ ...old, metadata: sent.metadata, status: { ...(sent as { status?: object }).status } }) as Draft<KubeObject>,
})
