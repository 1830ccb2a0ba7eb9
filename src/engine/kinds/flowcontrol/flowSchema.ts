import { each, invalidValue, isSubdomain, required, type FieldError, type FlowSchema } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { fixedSchemaErrors } from './mandatory.ts'
import { flowConditionErrors, flowRuleErrors } from './rules.ts'

/** Sorts requests into a priority level. */
export const flowSchema = defineKind<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {} as typeof draft.spec
    draft.spec.priorityLevelConfiguration ??= { name: '' }
    draft.spec.matchingPrecedence ||= 1000
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: schemaErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...schemaErrors(next)],
  validateStatusUpdate: ({ status }) => flowConditionErrors(status.conditions),
  rowOrder: byPrecedence,
  columns: [
    nameColumn,
    { name: 'PriorityLevel', cell: ({ spec }) => spec.priorityLevelConfiguration.name },
    { name: 'MatchingPrecedence', cell: ({ spec }) => spec.matchingPrecedence },
    { name: 'DistinguisherMethod', cell: ({ spec }) => spec.distinguisherMethod?.type ?? '<none>' },
    ageColumn,
    {
      name: 'MissingPL',
      cell: ({ status }) => status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    },
  ],
})

/** The order in which they are asked whether a request is theirs. */
// upstream: staging/src/k8s.io/apiserver/pkg/util/apihelpers/helpers.go FlowSchemaSequence
function byPrecedence(a: FlowSchema, b: FlowSchema): number {
  const difference = (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0)
  return difference || (a.metadata.name < b.metadata.name ? -1 : 1)
}

const precedenceMax = 10_000
const methods = ['ByNamespace', 'ByUser']

// upstream: pkg/apis/flowcontrol/validation/validation.go ValidateFlowSchema
function schemaErrors({ metadata, spec, status }: FlowSchema): readonly FieldError[] {
  const errors: FieldError[] = []
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration: level, rules } = spec
  const bad = (text: string): unknown => errors.push(invalidValue('spec.matchingPrecedence', precedence, text))
  if (precedence <= 0) bad('must be a positive value')
  if (precedence > precedenceMax) bad(`must not be greater than ${precedenceMax}`)
  if (precedence === 1 && metadata.name !== 'exempt')
    bad("only the schema named 'exempt' may have matchingPrecedence 1")
  if (distinguisherMethod !== undefined && !methods.includes(distinguisherMethod.type))
    errors.push({
      type: 'FieldValueNotSupported',
      field: 'spec.distinguisherMethod.type',
      value: { Type: distinguisherMethod.type ?? '' },
      detail: `supported values: ${methods.map((one) => `"${one}"`).join(', ')}`,
    })
  const path = 'spec.priorityLevelConfiguration.name'
  if (!level.name) errors.push(required(path, 'must reference a priority level'))
  else errors.push(...each(path, level.name, isSubdomain(level.name)))
  rules?.forEach((rule, index) => flowRuleErrors(errors, `spec.rules[${index}]`, rule))
  return [...errors, ...fixedSchemaErrors(metadata.name, spec), ...flowConditionErrors(status.conditions)]
}
