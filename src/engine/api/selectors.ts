import { textAt } from './equal.ts'
/** One requirement of a label selector. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/** A `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly Expression[]
}

interface Expression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

type Labels = Readonly<Record<string, string>> | undefined

/** Whether labels satisfy every requirement. */
export function matches(requirements: readonly Requirement[], labels: Labels): boolean {
  for (const requirement of requirements) if (!satisfies(requirement, labels)) return false
  return true
}

function satisfies({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = textAt(labels, key)
  if (operator === 'in') return value !== undefined && values.includes(value)
  if (operator === 'notin') return value === undefined || !values.includes(value)
  if (operator === 'exists') return value !== undefined
  if (operator === '!') return value === undefined
  const [given, limit] = [int64(value), int64(values[0])]
  if (given === undefined || limit === undefined) return false
  return operator === 'gt' ? given > limit : given < limit
}

const int64Max = 2n ** 63n

/** A whole number as Go reads one of 64 bits; undefined for what is none. */
export function int64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[-+]?\d+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value < int64Max && value >= -int64Max ? value : undefined
}

const none: readonly Requirement[] = Object.freeze([])
const noTexts: readonly string[] = Object.freeze([])

/** A LabelSelector's requirements. An absent selector matches nothing (undefined), an empty one everything. */
export function requirementsOf(selector: LabelSelector | undefined): readonly Requirement[] | undefined {
  if (selector === undefined) return undefined
  const { matchLabels, matchExpressions } = selector
  if (matchLabels === undefined && matchExpressions === undefined) return none
  const equal = Object.entries(matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: 'in' as const,
    values: [value],
  }))
  return matchExpressions === undefined ? equal : [...equal, ...matchExpressions.map(requirementOf)]
}

const requirementOf = ({ key, operator, values = noTexts }: Expression): Requirement => ({
  key,
  operator: operators[operator] ?? 'in',
  values,
})

const operators: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
}

/** Whether labels satisfy a LabelSelector; an absent selector matches nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false
  const { matchLabels, matchExpressions } = selector
  for (const key in matchLabels) {
    const value = textAt(labels, key)
    if (value === undefined || value !== matchLabels[key]) return false
  }
  return matchExpressions === undefined || matches(matchExpressions.map(requirementOf), labels)
}

/** Whether a plain map selector (Service, ReplicationController, nodeSelector) matches; an empty one matches everything. */
export function selectsAll(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false
  return true
}

/** A LabelSelector as `kubectl get -o wide` prints it: `app=web,tier in (a,b)`; empty for one that asks for nothing. */
// upstream: apimachinery/pkg/labels/selector.go Requirement.String
export function formatSelector(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }))
  const expressions = requirementsOf({ matchExpressions: selector?.matchExpressions ?? [] })!.map((requirement) => ({
    key: requirement.key,
    text: formatRequirement(requirement),
  }))
  return [...labels, ...expressions]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key
  if (operator === '!') return `!${key}`
  if (operator === 'gt' || operator === 'lt') return `${key}${operator === 'gt' ? '>' : '<'}${values[0]}`
  return `${key} ${operator} (${[...values].sort().join(',')})`
}

/** Labels, or a plain selector, as text: `a=b,c=d` in the order of their keys. */
export function formatLabels(labels: Labels): string {
  return Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(',')
}
