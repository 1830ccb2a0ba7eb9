import { notAllowed, required, unsupported, type FieldError, type PriorityClass } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'

const highest = 1_000_000_000

/** The two that every cluster has; only they may be above a billion. */
const systemClasses: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2 * highest,
  'system-node-critical': 2 * highest + 1000,
}

/** How important a pod is, by a name. */
export const priorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  hasGeneration: true,
  defaults(draft) {
    draft.value ??= 0
    draft.preemptionPolicy ??= 'PreemptLowerPriority'
  },
  validate: errorsIn,
  validateUpdate(next, old) {
    const errors: FieldError[] = []
    if (next.value !== old.value) errors.push(notAllowed('value', 'may not be changed in an update.'))
    return [...errors, ...immutable('preemptionPolicy', next.preemptionPolicy, old.preemptionPolicy)]
  },
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', cell: ({ value }) => value ?? 0 },
    { name: 'Global-Default', type: 'boolean', cell: ({ globalDefault }) => globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', cell: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
  ],
})

const policies = ['PreemptLowerPriority', 'Never']

// upstream: pkg/apis/scheduling/validation/validation.go ValidatePriorityClass
function errorsIn({ metadata, value = 0, globalDefault, preemptionPolicy }: PriorityClass): readonly FieldError[] {
  const errors: FieldError[] = []
  if (metadata.name.startsWith('system-')) {
    const problem = notOfTheSystem(metadata.name, value, globalDefault ?? false)
    if (problem !== undefined)
      errors.push(
        notAllowed(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
        ),
      )
  } else if (value > highest)
    errors.push(notAllowed('value', `maximum allowed value of a user defined priority is ${highest}`))
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'))
  else if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy))
    errors.push(unsupported('preemptionPolicy', preemptionPolicy, policies))
  return errors
}

function notOfTheSystem(name: string, value: number, isDefault: boolean): string | undefined {
  const known = systemClasses[name]
  if (known === undefined) return `${name} is not a known system priority class`
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}
