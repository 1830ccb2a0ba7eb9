import { badRequest } from './errors.ts'

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
  const equal = Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, operator: 'in' as const, values: [value] }))
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
export function parseLabelSelector(text: string): readonly Requirement[] {
  return splitOutside(text).map((part) => parseRequirement(part.trim(), text))
}

function splitOutside(text: string): string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
}

function parseRequirement(part: string, whole: string): Requirement {
  const set = /^([^\s=!<>(]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part)
  if (set) {
    const values = set[3]!.split(',').map((value) => value.trim())
    return { key: set[1]!, operator: set[2] as 'in' | 'notin', values }
  }
  const compared = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*(\S*)$/.exec(part)
  if (compared) {
    const words = { '=': 'in', '==': 'in', '!=': 'notin', '>': 'gt', '<': 'lt' } as const
    return { key: compared[1]!, operator: words[compared[2] as keyof typeof words], values: [compared[3]!] }
  }
  const exists = /^(!?)\s*([A-Za-z0-9][-A-Za-z0-9_./]*)$/.exec(part)
  if (exists) return { key: exists[2]!, operator: exists[1] === '!' ? '!' : 'exists', values: [] }
  throw badRequest(`unable to parse requirement: found '${part}', expected: identifier after operator in '${whole}'`)
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
