import {
  invalidValue,
  isEqual,
  type FieldError,
  type FlowSchema,
  type PriorityLevelConfiguration,
} from '../../api/index.ts'

// upstream: apiserver/pkg/apis/flowcontrol/bootstrap/default.go MandatoryFlowSchemas, MandatoryPriorityLevelConfigurations

type Level = PriorityLevelConfiguration['spec']
type Schema = FlowSchema['spec']
type Fixed<Spec> = Readonly<Partial<Record<string, Spec>>>

const lastLevel: Level = {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
}

const group = (name: string) => ({ kind: 'Group', group: { name } })
const all = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}
const schemas: Fixed<Schema> = {
  exempt: {
    priorityLevelConfiguration: { name: 'exempt' },
    matchingPrecedence: 1,
    rules: [{ subjects: [group('system:masters')], ...all }],
  },
  'catch-all': {
    priorityLevelConfiguration: { name: 'catch-all' },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: 'ByUser' },
    rules: [{ subjects: [group('system:unauthenticated'), group('system:authenticated')], ...all }],
  },
}

const nothing: readonly FieldError[] = Object.freeze([])

/** What is wrong with a level without which no request would be served. */
export function fixedLevelErrors(name: string, spec: Level): readonly FieldError[] {
  if (name === 'exempt' && !isEqual({ ...spec, exempt: 0 }, { type: 'Exempt', exempt: 0 }))
    return [
      invalidValue(
        'spec',
        goNames(spec),
        `spec of '${name}' except the 'spec.exempt' field must equal the fixed value`,
      ),
    ]
  return name === 'catch-all' ? fixedErrors(name, spec, lastLevel) : nothing
}

/** What is wrong with a schema without which some requests would belong nowhere. */
export function fixedSchemaErrors(name: string, spec: Schema): readonly FieldError[] {
  const fixed = schemas[name]
  return fixed === undefined ? nothing : fixedErrors(name, spec, fixed)
}

function fixedErrors<Spec>(name: string, spec: Spec, fixed: Spec): readonly FieldError[] {
  return isEqual(spec, fixed)
    ? nothing
    : [invalidValue('spec', goNames(spec), `spec of '${name}' must equal the fixed value`)]
}

/** A value with the field names of Go's structs. */
function goNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(goNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key[0]!.toUpperCase() + key.slice(1), goNames(one)]),
  )
}
