import { isEqual, type ValidatingWebhookConfiguration } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { staticNameWarnings } from './rules.ts'
import { defaultWebhook, webhookColumns, webhookErrors } from './webhooks.ts'

/** Services that are asked whether a request may pass. */
export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  hasGeneration: true,
  isNewGeneration: (next, old) => !isEqual(next.webhooks, old.webhooks),
  defaults(draft) {
    for (const webhook of draft.webhooks ?? []) defaultWebhook(webhook)
  },
  validate: (object) => webhookErrors(object),
  validateUpdate: (next, old, meta) => [...meta(), ...webhookErrors(next, old)],
  warnings: ({ metadata }, old) => (old === undefined ? staticNameWarnings(metadata.name) : []),
  columns: webhookColumns,
})
