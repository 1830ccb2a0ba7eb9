import {
  duplicate,
  each,
  invalidValue,
  isLabelValue,
  isQualifiedName,
  named,
  notAllowed,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { selectorErrors } from '../../rules/labelSelector.ts'
import { keyErrors, repeatedKeyErrors } from './affinity.ts'
import type { PodSpec, SpreadConstraint, Toleration } from './types.ts'

/** The effects a taint can have, in the order of upstream's message. */
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** What is wrong with tolerations. */
// upstream: pkg/apis/core/validation/validation.go ValidateTolerations
export function tolerationErrors(errors: FieldError[], path: string, tolerations: readonly Toleration[]): void {
  for (let index = 0; index < tolerations.length; index++) {
    const { key, operator = '', value = '', effect, tolerationSeconds } = tolerations[index]!
    const at = `${path}[${index}]`
    if (key) errors.push(...each(`${at}.key`, key, isQualifiedName(key)))
    if (!key && operator !== 'Exists')
      errors.push(
        invalidValue(
          `${at}.operator`,
          named(operator),
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(
        invalidValue(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      )
    operatorErrors(errors, `${at}.operator`, operator, value)
    if (effect && !taintEffects.includes(effect)) errors.push(unsupported(`${at}.effect`, effect, taintEffects))
  }
}

function operatorErrors(errors: FieldError[], path: string, operator: string, value: string): void {
  if (operator === 'Equal' || operator === '') {
    const bad = isLabelValue(value)
    if (bad.length > 0) errors.push(invalidValue(path, value, bad.join(';')))
  } else if (operator === 'Exists') {
    if (value !== '') errors.push(invalidValue(path, value, "value must be empty when `operator` is 'Exists'"))
  } else if (operator === 'Lt' || operator === 'Gt')
    errors.push(unsupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])) // their feature gate is off, but they are named
  else errors.push(unsupported(path, named(operator), ['Equal', 'Exists']))
}

/** An update may only add tolerations, or change how long one lasts. */
export function addedTolerationErrors(
  path: string,
  next: readonly Toleration[] = [],
  old: readonly Toleration[] = [],
): readonly FieldError[] {
  const kept = new Set(next.map(withoutSeconds))
  if (old.every((one) => kept.has(withoutSeconds(one)))) {
    const errors: FieldError[] = []
    tolerationErrors(errors, path, next)
    return errors
  }
  return [notAllowed(path, 'existing toleration can not be modified except its tolerationSeconds')]
}

const withoutSeconds = ({ key, operator, value, effect }: Toleration): string =>
  JSON.stringify([key, operator, value, effect])

/** What is wrong with readiness and scheduling gates. */
export function gateErrors(errors: FieldError[], path: string, { readinessGates, schedulingGates }: PodSpec): void {
  readinessGates?.forEach(({ conditionType }, index) =>
    errors.push(
      ...each(`${path}.readinessGates[${index}].conditionType`, conditionType, isQualifiedName(conditionType)),
    ),
  )
  const seen = new Set<string>()
  schedulingGates?.forEach(({ name }, index) => {
    const at = `${path}.schedulingGates[${index}]`
    errors.push(...each(at, name ?? '', isQualifiedName(name ?? '')))
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
  })
}

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const policies = ['Honor', 'Ignore']

/** What is wrong with topology spread constraints. */
export function spreadErrors(errors: FieldError[], path: string, constraints: readonly SpreadConstraint[]): void {
  constraints.forEach((constraint, index) => {
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', labelSelector, matchLabelKeys = [] } = constraint
    const at = `${path}[${index}]`
    if (maxSkew <= 0) errors.push(invalidValue(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
    if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!actions.includes(whenUnsatisfiable))
      errors.push(unsupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions))
    const isRepeated = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)
    if (isRepeated)
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`))
    domainErrors(errors, `${at}.minDomains`, constraint)
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field]
      if (policy !== undefined && !policies.includes(policy))
        errors.push(unsupported(`${at}.${field}`, policy, policies))
    }
    keyErrors(errors, `${at}.matchLabelKeys`, matchLabelKeys, labelSelector)
    repeatedKeyErrors(errors, at, matchLabelKeys, labelSelector)
    errors.push(...selectorErrors(`${at}.labelSelector`, labelSelector))
  })
}

function domainErrors(errors: FieldError[], path: string, { minDomains, whenUnsatisfiable }: SpreadConstraint): void {
  if (minDomains === undefined) return
  if (minDomains <= 0) errors.push(invalidValue(path, minDomains, 'must be greater than zero'))
  if (whenUnsatisfiable !== 'DoNotSchedule')
    errors.push(
      invalidValue(
        path,
        minDomains,
        `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
      ),
    )
}
