import {
  duplicate,
  each,
  invalidValue,
  isQualifiedName,
  notNegative,
  required,
  tooLong,
  tooMany,
  unsupported,
  type FieldError,
  type Job,
} from '../../api/index.ts'
import { readIndexes } from './indexes.ts'

// upstream: pkg/apis/batch/validation/validation.go validatePodFailurePolicy, validateSuccessPolicy

type Spec = Job['spec']
type FailureRule = NonNullable<Spec['podFailurePolicy']>['rules'][number]
type ExitCodes = NonNullable<FailureRule['onExitCodes']>
type Conditions = NonNullable<FailureRule['onPodConditions']>

const failureRulesMax = 20
const exitCodesMax = 255
const conditionsMax = 20
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

const validValues = (words: readonly string[]): string =>
  `valid values: [${words.map((word) => JSON.stringify(word)).join(' ')}]`

/** What is wrong with how a Job takes failures of its pods. */
export function failurePolicyErrors(errors: FieldError[], path: string, spec: Spec): void {
  const rules = spec.podFailurePolicy!.rules ?? []
  if (rules.length > failureRulesMax) errors.push(tooMany(`${path}.rules`, rules.length, failureRulesMax))
  const { containers = [], initContainers = [] } = spec.template.spec ?? {}
  const names = new Set([...containers, ...initContainers].map(({ name }) => name))
  rules.forEach((rule, index) => failureRuleErrors(errors, `${path}.rules[${index}]`, rule, spec, names))
}

function failureRuleErrors(
  errors: FieldError[],
  path: string,
  { action = '', onExitCodes, onPodConditions = [] }: FailureRule,
  { backoffLimitPerIndex }: Spec,
  names: ReadonlySet<string>,
): void {
  if (action === '') errors.push(required(`${path}.action`, validValues(actions)))
  else if (action === 'FailIndex') {
    if (backoffLimitPerIndex === undefined)
      errors.push(invalidValue(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'))
  } else if (!actions.includes(action)) errors.push(unsupported(`${path}.action`, action, actions))
  if (onExitCodes !== undefined) exitCodeErrors(errors, `${path}.onExitCodes`, onExitCodes, names)
  conditionErrors(errors, `${path}.onPodConditions`, onPodConditions)
  const hasConditions = onPodConditions.length > 0
  if (onExitCodes !== undefined && hasConditions)
    errors.push(withoutValue(path, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (onExitCodes === undefined && !hasConditions)
    errors.push(withoutValue(path, 'specifying one of OnExitCodes and OnPodConditions is required'))
}

/** A complaint that does not repeat the value. */
export const withoutValue = (field: string, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  omitsValue: true,
  detail,
})

function exitCodeErrors(errors: FieldError[], path: string, codes: ExitCodes, names: ReadonlySet<string>): void {
  const { operator = '', containerName } = codes
  const values = codes.values ?? [] // an empty list is null
  if (operator === '') errors.push(required(`${path}.operator`, validValues(operators)))
  else if (!operators.includes(operator)) errors.push(unsupported(`${path}.operator`, operator, operators))
  if (containerName !== undefined && !names.has(containerName))
    errors.push(
      invalidValue(
        `${path}.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    )
  const at = `${path}.values`
  if (values.length === 0) errors.push(invalidValue(at, codes.values, 'at least one value is required'))
  else if (values.length > exitCodesMax) errors.push(tooMany(at, values.length, exitCodesMax))
  const seen = new Set<number>()
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0)
      errors.push(invalidValue(`${at}[${index}]`, value, 'must not be 0 for the In operator'))
    if (seen.has(value)) errors.push(duplicate(`${at}[${index}]`, value))
    seen.add(value)
  })
  if (values.some((value, index) => index > 0 && values[index - 1]! > value))
    errors.push(invalidValue(at, values, 'must be ordered'))
}

function conditionErrors(errors: FieldError[], path: string, conditions: Conditions): void {
  if (conditions.length > conditionsMax) errors.push(tooMany(path, conditions.length, conditionsMax))
  conditions.forEach(({ type = '', status = '' }, index) => {
    const at = `${path}[${index}]`
    errors.push(...each(`${at}.type`, type, isQualifiedName(type)))
    if (status === '') errors.push(required(`${at}.status`, validValues(statuses)))
    else if (!statuses.includes(status)) errors.push(unsupported(`${at}.status`, status, statuses))
  })
}

const successRulesMax = 20
const indexesBytesMax = 64 * 1024

/** What is wrong with when an indexed Job counts as done. */
export function successPolicyErrors(errors: FieldError[], path: string, spec: Spec): void {
  const rules = spec.successPolicy!.rules ?? []
  const at = `${path}.rules`
  if (rules.length === 0)
    errors.push(required(at, 'at least one rules must be specified when the successPolicy is specified'))
  if (rules.length > successRulesMax) errors.push(tooMany(at, rules.length, successRulesMax))
  rules.forEach((rule, index) => successRuleErrors(errors, `${at}[${index}]`, rule, spec.completions ?? 0))
}

type SuccessRule = NonNullable<Spec['successPolicy']>['rules'][number]

function successRuleErrors(errors: FieldError[], path: string, rule: SuccessRule, completions: number): void {
  const { succeededCount: count, succeededIndexes: indexes } = rule
  if (count === undefined && indexes === undefined)
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'))
  let total = 0
  if (indexes !== undefined) {
    if (indexes.length > indexesBytesMax) errors.push(tooLong(`${path}.succeededIndexes`, indexesBytesMax))
    const read = readIndexes(indexes, completions)
    if ('error' in read)
      errors.push(invalidValue(`${path}.succeededIndexes`, indexes, `error parsing succeededIndexes: ${read.error}`))
    else total = read.total
  }
  if (count === undefined) return
  const at = `${path}.succeededCount`
  errors.push(...notNegative(at, count))
  const limit = (max: number, what: string): FieldError =>
    invalidValue(at, count, `must be less than or equal to ${max} (the number of ${what})`)
  if (count > completions) errors.push(limit(completions, 'specified completions'))
  if (indexes !== undefined && count > total)
    errors.push(limit(total, 'indexes in the specified succeededIndexes field'))
}
