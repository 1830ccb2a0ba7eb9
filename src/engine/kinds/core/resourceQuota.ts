import type { ResourceQuota } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { quotaErrors, quotaStatusErrors, quotaUpdateErrors } from './resourceQuotaRules.ts'

/** How much all objects of a namespace may take together. */
export const resourceQuota = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  answersWithDeleted: true,
  subresources: ['status'],
  defaults(draft) {
    draft.spec ??= {}
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: ({ spec }) => quotaErrors(spec),
  validateUpdate: quotaUpdateErrors,
  validateStatusUpdate: quotaStatusErrors,
  columns: [
    nameColumn,
    { name: 'Request', cell: (quota) => usageText(quota, false) },
    { name: 'Limit', cell: (quota) => usageText(quota, true) },
    ageColumn,
  ],
})

/** `pods: 2/10, requests.cpu: 500m/2`; names that begin with `limits.` have a column of their own. */
// upstream: pkg/printers/internalversion/printers.go printResourceQuota
function usageText({ status }: ResourceQuota, isLimit: boolean): string {
  const { hard = {}, used = {} } = status
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === isLimit)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]!}`)
    .join(', ')
}
