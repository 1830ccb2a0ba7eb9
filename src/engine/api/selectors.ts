import { isLabelValue, isQualifiedName } from './content.ts'
import { badRequest, quote } from './errors.ts'

/** One requirement of a label selector. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/** A `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

type Labels = Readonly<Record<string, string>> | undefined

/** Whether labels satisfy every requirement. */
export function matches(requirements: readonly Requirement[], labels: Labels): boolean {
  for (const requirement of requirements) if (!satisfies(requirement, labels)) return false
  return true
}

function satisfies({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels?.[key]
  if (operator === 'in') return value !== undefined && values.includes(value)
  if (operator === 'notin') return value === undefined || !values.includes(value)
  if (operator === 'exists') return value !== undefined
  if (operator === '!') return value === undefined
  if (value === undefined || !/^-?\d+$/.test(value)) return false
  return operator === 'gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0])
}

const none: readonly Requirement[] = Object.freeze([])

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
  const expressions = (matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    operator: operators[operator] ?? 'in',
    values,
  }))
  return [...equal, ...expressions]
}

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
  const requirements = requirementsOf(selector)
  return requirements !== undefined && matches(requirements, labels)
}

/** Whether a plain map selector (Service, ReplicationController, nodeSelector) matches; an empty one matches everything. */
export function selectsAll(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false
  return true
}

/** Parses `app=web,tier!=db,env in (a,b),!legacy,canary`. Throws a 400 as the API server words it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go
export function parseLabelSelector(text: string): readonly Requirement[] {
  const tokens = tokensOf(text)
  const requirements: Requirement[] = []
  if (tokens[0] === '') return requirements
  for (let at = 0; ;) {
    const [requirement, next] = parseRequirement(tokens, at)
    requirements.push(requirement)
    if (tokens[next] === '') return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    if (tokens[next] !== ',') throw unreadable(`found '${tokens[next]}', expected: ',' or 'end of string'`, false)
    at = next + 1
    if (tokens[at] === '' || tokens[at] === ',')
      throw unreadable(`found '${tokens[at]}', expected: identifier after ','`, false)
  }
}

/** Words and symbols, and an empty one for the end. */
function tokensOf(text: string): readonly string[] {
  return [...(text.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? []), '']
}

const isWord = (token: string): boolean => token !== '' && !/^(==|!=|[=!<>(),])$/.test(token)

function unreadable(why: string, isInside = true): Error {
  return badRequest(isInside ? `unable to parse requirement: ${why}` : why)
}

const comparisons: Readonly<Record<string, Requirement['operator']>> = {
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': 'gt',
  '<': 'lt',
}

function parseRequirement(tokens: readonly string[], start: number): [Requirement, next: number] {
  const isDenied = tokens[start] === '!'
  const key = tokens[isDenied ? start + 1 : start]!
  if (!isWord(key)) throw unreadable(`found '${key}', expected: identifier`)
  const bad = isQualifiedName(key)
  if (bad.length > 0) throw unreadable(`<nil>: Invalid value: ${quote(key)}: ${bad.join('; ')}`)
  if (isDenied) return [{ key, operator: '!', values: [] }, start + 2]
  const word = tokens[start + 1]!
  if (word === '' || word === ',') return [{ key, operator: 'exists', values: [] }, start + 1]
  if (word === 'in' || word === 'notin') return parseSet(tokens, start + 2, key, word)
  const operator = comparisons[word]
  if (operator === undefined) throw unreadable(`found '${word}', expected: in, notin, =, ==, !=, gt, lt`)
  const value = tokens[start + 2]!
  if (value === '' || value === ',') return [checked({ key, operator, values: [''] }), start + 2]
  if (!isWord(value)) throw unreadable(`found '${value}', expected: identifier`)
  return [checked({ key, operator, values: [value] }), start + 3]
}

function parseSet(
  tokens: readonly string[],
  start: number,
  key: string,
  operator: 'in' | 'notin',
): [Requirement, next: number] {
  if (tokens[start] !== '(') throw unreadable(`found '${tokens[start]}' expected: '('`)
  const values: string[] = []
  let at = start + 1
  for (; tokens[at] !== ')'; at++) {
    const token = tokens[at]!
    if (token === '') throw unreadable(`found '', expected: ',' or ')'`)
    if (token !== ',') values.push(token)
    else if (tokens[at - 1] === '(' || tokens[at - 1] === ',') values.push('')
  }
  return [checked({ key, operator, values: values.sort() }), at + 1]
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement
  if (operator === 'gt' || operator === 'lt') {
    if (!/^-?\d+$/.test(values[0] ?? ''))
      throw unreadable(
        `values[0][${key}]: Invalid value: ${quote(values[0] ?? '')}: for 'Gt', 'Lt' operators, the value must be an integer`,
      )
    return requirement
  }
  values.forEach((value, index) => {
    const bad = isLabelValue(value)
    if (bad.length > 0) throw unreadable(`values[${index}][${key}]: Invalid value: ${quote(value)}: ${bad.join('; ')}`)
  })
  return requirement
}

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string
  readonly value: string
  readonly equals: boolean
}

/** Parses `spec.nodeName=node-1,status.phase!=Running`. Throws a 400 as the API server words it. */
export function parseFieldSelector(text: string): readonly FieldTerm[] {
  if (text === '') return []
  return text.split(',').map((part) => {
    const match = /^([^=!]+?)(==|!=|=)(.*)$/.exec(part)
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
    return { field: match[1]!, value: match[3]!, equals: match[2] !== '!=' }
  })
}

/** A LabelSelector as `kubectl get -o wide` prints it: `app=web,tier in (a,b)`; empty for one that asks for nothing. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const requirements = [...(requirementsOf(selector) ?? [])].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  )
  return requirements.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key
  if (operator === '!') return `!${key}`
  if (operator === 'in' && values.length === 1) return `${key}=${values[0]}`
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
