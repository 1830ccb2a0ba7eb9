import {
  each,
  invalidValue,
  isLabel,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  named,
  notAllowed,
  required,
  type FieldError,
  type LabelSelector,
} from '../../../api/index.ts'
import { selectorErrors } from '../../rules/labelSelector.ts'
import type { Affinity } from './types.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type NodeTerm = NonNullable<NodeAffinity['preferredDuringSchedulingIgnoredDuringExecution']>[number]['preference']
type NodeRequirement = NonNullable<NodeTerm['matchExpressions']>[number]
type PodAffinity = NonNullable<Affinity['podAffinity']>
type PodTerm = NonNullable<PodAffinity['requiredDuringSchedulingIgnoredDuringExecution']>[number]

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'
const soft = 'preferredDuringSchedulingIgnoredDuringExecution'

/** What is wrong with where a pod wants to be. */
// upstream: pkg/apis/core/validation/validation.go validateAffinity
export function affinityErrors(
  errors: FieldError[],
  path: string,
  { nodeAffinity, podAffinity, podAntiAffinity }: Affinity,
): void {
  if (nodeAffinity !== undefined) nodeAffinityErrors(errors, `${path}.nodeAffinity`, nodeAffinity)
  if (podAffinity !== undefined) podAffinityErrors(errors, `${path}.podAffinity`, podAffinity)
  if (podAntiAffinity !== undefined) podAffinityErrors(errors, `${path}.podAntiAffinity`, podAntiAffinity)
}

function nodeAffinityErrors(errors: FieldError[], path: string, affinity: NodeAffinity): void {
  const needed = affinity[hard]
  if (needed !== undefined) nodeSelectorErrors(errors, `${path}.${hard}`, needed.nodeSelectorTerms)
  affinity[soft]?.forEach(({ weight, preference }, index) => {
    const at = `${path}.${soft}[${index}]`
    weightErrors(errors, at, weight)
    termErrors(errors, `${at}.preference`, preference ?? {}, false)
  })
}

/** What is wrong with terms of which a node has to meet one. */
export function nodeSelectorErrors(errors: FieldError[], path: string, terms: readonly NodeTerm[] | undefined): void {
  if (!terms?.length) errors.push(required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'))
  terms?.forEach((term, index) => termErrors(errors, `${path}.nodeSelectorTerms[${index}]`, term, true))
}

function weightErrors(errors: FieldError[], path: string, weight: number | undefined): void {
  if (weight === undefined || weight < 1 || weight > 100)
    errors.push(invalidValue(`${path}.weight`, weight ?? 0, 'must be in the range 1-100'))
}

function termErrors(
  errors: FieldError[],
  path: string,
  { matchExpressions, matchFields }: NodeTerm,
  checksValues: boolean,
): void {
  matchExpressions?.forEach((one, index) =>
    expressionErrors(errors, `${path}.matchExpressions[${index}]`, one, checksValues),
  )
  matchFields?.forEach((one, index) => fieldErrors(errors, `${path}.matchFields[${index}]`, one))
}

function expressionErrors(errors: FieldError[], path: string, one: NodeRequirement, checksValues: boolean): void {
  const { key = '', operator = '', values = [] } = one
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(notAllowed(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
  } else errors.push(invalidValue(`${path}.operator`, named(operator), 'not a valid selector operator'))
  errors.push(...each(`${path}.key`, key, isQualifiedName(key)))
  if (checksValues)
    values.forEach((value, index) => errors.push(...each(`${path}.values[${index}]`, value, isLabelValue(value))))
}

function fieldErrors(
  errors: FieldError[],
  path: string,
  { key = '', operator = '', values = [] }: NodeRequirement,
): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1)
      errors.push(
        required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
  } else errors.push(invalidValue(`${path}.operator`, named(operator), 'not a valid selector operator'))
  if (key !== 'metadata.name')
    return void errors.push(invalidValue(`${path}.key`, key, 'not a valid field selector key'))
  values.forEach((value, index) => errors.push(...each(`${path}.values[${index}]`, value, isSubdomain(value))))
}

function podAffinityErrors(errors: FieldError[], path: string, affinity: PodAffinity): void {
  affinity[hard]?.forEach((term, index) => podTermErrors(errors, `${path}.${hard}[${index}]`, term))
  affinity[soft]?.forEach(({ weight, podAffinityTerm }, index) => {
    const at = `${path}.${soft}[${index}]`
    weightErrors(errors, at, weight)
    podTermErrors(errors, `${at}.podAffinityTerm`, podAffinityTerm ?? ({} as PodTerm))
  })
}

function podTermErrors(errors: FieldError[], path: string, term: PodTerm): void {
  const { topologyKey = '', namespaces = [], matchLabelKeys = [], mismatchLabelKeys = [] } = term
  errors.push(...selectorErrors(`${path}.labelSelector`, term.labelSelector))
  errors.push(...selectorErrors(`${path}.namespaceSelector`, term.namespaceSelector))
  for (const name of namespaces) errors.push(...each(`${path}.namespace`, name, isLabel(name)))
  keyErrors(errors, `${path}.matchLabelKeys`, matchLabelKeys, term.labelSelector)
  keyErrors(errors, `${path}.mismatchLabelKeys`, mismatchLabelKeys, term.labelSelector)
  repeatedKeyErrors(errors, path, matchLabelKeys, term.labelSelector)
  matchLabelKeys.forEach((key, index) => {
    if (mismatchLabelKeys.includes(key))
      errors.push(
        invalidValue(`${path}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'),
      )
  })
  if (topologyKey === '') errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  errors.push(...each(`${path}.topologyKey`, topologyKey, isQualifiedName(topologyKey)))
}

/** Keys whose values are taken from the pod itself. */
export function keyErrors(
  errors: FieldError[],
  path: string,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): void {
  if (keys.length === 0) return
  if (selector === undefined)
    return void errors.push(notAllowed(path, 'must not be specified when labelSelector is not set'))
  keys.forEach((key, index) => errors.push(...each(`${path}[${index}]`, key, isQualifiedName(key))))
}

/**
 * The server has put the keys into the selector by now: one that stands there twice was there before.
 * Upstream gives the place among the keys, at the path of what holds them.
 */
export function repeatedKeyErrors(
  errors: FieldError[],
  path: string,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): void {
  if (keys.length === 0) return
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}))
  for (const { key } of selector?.matchExpressions ?? []) {
    const index = keys.lastIndexOf(key)
    if (index >= 0 && seen.has(key))
      errors.push(invalidValue(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'))
    seen.add(key)
  }
}
