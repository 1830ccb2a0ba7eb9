import {
  duplicate,
  invalidValue,
  isEqual,
  required,
  unsupported,
  type CSIDriver,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'

/** What a storage driver can do and wants to be told. */
export const csiDriver = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  needsResourceVersion: true,
  answersWithDeleted: true,
  defaults(draft) {
    draft.spec ??= {}
    const { spec } = draft
    spec.attachRequired ??= true
    spec.podInfoOnMount ??= false
    spec.storageCapacity ??= false
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType'
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent']
    spec.requiresRepublish ??= false
    spec.seLinuxMount ??= false
  },
  prepareForUpdate(draft, old) {
    const changes = ['tokenRequests', 'requiresRepublish', 'seLinuxMount'] as const
    if (changes.some((field) => !isEqual(draft.spec[field], old.spec[field])))
      draft.metadata.generation = (old.metadata.generation ?? 0) + 1 // born without one, as upstream
  },
  validate: driverErrors,
  validateUpdate: (next, old) => [
    ...driverErrors(next),
    ...immutable('spec.attachedRequired', next.spec.attachRequired, old.spec.attachRequired),
    ...immutable('spec.volumeLifecycleModes', next.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes),
  ],
  columns: [
    nameColumn,
    { name: 'AttachRequired', type: 'boolean', cell: ({ spec }) => spec.attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', cell: ({ spec }) => spec.podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', cell: ({ spec }) => spec.storageCapacity ?? false },
    {
      name: 'TokenRequests',
      cell: ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
    },
    { name: 'RequiresRepublish', type: 'boolean', cell: ({ spec }) => spec.requiresRepublish ?? false },
    { name: 'Modes', cell: ({ spec }) => spec.volumeLifecycleModes?.join(',') || '<none>' },
    ageColumn,
  ],
})

const needed = [
  ['attachRequired', 'attachedRequired'], // upstream misspells it
  ['podInfoOnMount', 'podInfoOnMount'],
  ['storageCapacity', 'storageCapacity'],
] as const
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType']
const lifecycleModes = ['Persistent', 'Ephemeral']

// upstream: pkg/apis/storage/validation/validation.go validateCSIDriverSpec
function driverErrors({ spec }: CSIDriver): readonly FieldError[] {
  const errors: FieldError[] = needed
    .filter(([field]) => spec[field] === undefined)
    .map(([, shown]) => required(`spec.${shown}`))
  const { fsGroupPolicy, volumeLifecycleModes = [], nodeAllocatableUpdatePeriodSeconds: period } = spec
  if (fsGroupPolicy !== undefined && !groupPolicies.includes(fsGroupPolicy))
    errors.push(unsupported('spec.fsGroupPolicy', fsGroupPolicy, groupPolicies))
  tokenErrors(errors, spec.tokenRequests ?? [])
  for (const mode of volumeLifecycleModes)
    if (!lifecycleModes.includes(mode)) errors.push(unsupported('spec.volumeLifecycleModes', mode, lifecycleModes))
  if (spec.seLinuxMount === undefined) errors.push(required('spec.seLinuxMount'))
  if (period !== undefined && period < 10)
    errors.push(
      invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds'),
    )
  return errors
}

type Token = NonNullable<CSIDriver['spec']['tokenRequests']>[number]

function tokenErrors(errors: FieldError[], tokens: readonly Token[]): void {
  const seen = new Set<string>()
  tokens.forEach(({ audience = '', expirationSeconds: seconds }, index) => {
    const path = `spec.tokenRequests[${index}]`
    if (seen.has(audience)) return void errors.push(duplicate(`${path}.audience`, audience))
    seen.add(audience)
    if (seconds === undefined) return
    const bad = (text: string): unknown => errors.push(invalidValue(`${path}.expirationSeconds`, seconds, text))
    if (seconds < 600) bad('may not specify a duration less than 10 minutes')
    if (seconds > 2 ** 32) bad('may not specify a duration larger than 2^32 seconds')
  })
}
