import { randomUid, type Draft, type LimitRange } from '../../api/index.ts'
import { nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { limitRangeErrors } from './limitRangeRules.ts'

/** Defaults and bounds of what the pods and claims of a namespace ask for. */
export const limitRange = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  defaults(draft) {
    draft.spec ??= { limits: [] }
    for (const item of draft.spec.limits ?? []) if (item.type === 'Container') defaultItem(item)
  },
  prepareForCreate(draft, { int }) {
    draft.metadata.name ||= randomUid(int)
  },
  validate: ({ spec }) => limitRangeErrors(spec.limits ?? []),
  validateUpdate: ({ spec }, _old, meta) => [...meta(), ...limitRangeErrors(spec.limits ?? [])],
  columns: [nameColumn, { name: 'Created At', type: 'date', cell: ({ metadata }) => metadata.creationTimestamp }],
})

type Item = Draft<NonNullable<LimitRange['spec']['limits']>[number]>

// upstream: pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem
function defaultItem(item: Item): void {
  const limits = { ...item.max, ...item.default }
  const requests = { ...item.min, ...limits, ...item.defaultRequest }
  if (Object.keys(limits).length > 0) item.default = limits
  if (Object.keys(requests).length > 0) item.defaultRequest = requests
}
