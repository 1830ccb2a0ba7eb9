import { isEqual, type CustomResourceDefinition } from '../../api/index.ts'
import { approvalOf } from '../../kinds/apiextensions/customResourceDefinition.ts'

type Definition = CustomResourceDefinition
type Names = Definition['spec']['names']
type Condition = NonNullable<Definition['status']['conditions']>[number]

/** The definition with a condition put in its place, or at the end. */
export function withCondition(
  definition: Definition,
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): Definition {
  const { conditions } = definition.status
  const before = conditions ?? []
  const known = before.find(({ type }) => type === condition.type)
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : now
  const { type, status, reason, message } = condition
  const next = { type, status, lastTransitionTime, reason, message } as Condition
  if (known !== undefined && isEqual(known, next)) return definition
  const all = known === undefined ? [...before, next] : before.map((one) => (one === known ? next : one))
  return { ...definition, status: { ...definition.status, conditions: all } } as Definition
}

/** Gives a definition the names that nobody else in its group has; the same definition if there is nothing to say. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go
export function withNames(definition: Definition, others: readonly Definition[], now: string): Definition {
  const { spec, status } = definition
  if (isEqual(spec.names, status.acceptedNames)) return definition
  const { names, conflict } = accepted(spec.names, status.acceptedNames ?? noNames, others)
  const naming = conflict ?? { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  const established = (status.conditions ?? []).find(({ type }) => type === 'Established')
  const isInstalling = established?.status !== 'True' && conflict === undefined
  const named = { ...definition, status: { ...status, acceptedNames: names } } as Definition
  const noted = withCondition(named, { type: 'NamesAccepted', ...naming } as Condition, now)
  if (isInstalling) return withCondition(noted, installing, now)
  return established === undefined ? withCondition(noted, notAccepted, now) : noted
}

const installing = {
  type: 'Established',
  status: 'False',
  reason: 'Installing',
  message: 'the initial names have been accepted',
}
const notAccepted = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
}

/** The condition of a definition whose kinds are served from now on. */
export const establishedCondition = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
}

/** A definition as it is once all steps have been taken: for those that a new cluster comes with. */
export function established(definition: Definition, others: readonly Definition[], now: string): Definition {
  return withCondition(withApproval(withNames(definition, others, now), now), establishedCondition, now)
}

const noNames: Names = Object.freeze({ plural: '', kind: '' })

interface Outcome {
  readonly names: Names
  readonly conflict?: { readonly status: string; readonly reason: string; readonly message: string }
}

function accepted(wanted: Names, had: Names, others: readonly Definition[]): Outcome {
  const taken = others.map(({ status }) => status.acceptedNames ?? noNames)
  const resources = new Set(taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]))
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind]))
  const names: Record<string, unknown> = { ...had }
  let conflict: Outcome['conflict']
  const refuse = (word: string, message: string): void =>
    void (conflict = { status: 'False', reason: `${word}Conflict`, message })
  const inUse = (name: string): string => `${JSON.stringify(name)} is already in use`
  const claim = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    word: string,
    used: ReadonlySet<unknown>,
  ): void => {
    const name = wanted[field]
    if (name && name !== had[field] && used.has(name)) refuse(word, inUse(name))
    else if (name) names[field] = name
  }
  claim('plural', 'Plural', resources)
  claim('singular', 'Singular', resources)
  const { shortNames = [] } = wanted
  const clashes = shortNames.filter((name) => !(had.shortNames ?? []).includes(name) && resources.has(name)).map(inUse)
  if (clashes.length > 0) refuse('ShortNames', clashes.length === 1 ? clashes[0]! : `[${clashes.join(', ')}]`)
  else if (shortNames.length > 0) names['shortNames'] = shortNames
  else delete names['shortNames']
  claim('kind', 'Kind', kinds)
  claim('listKind', 'ListKind', kinds)
  if (wanted.categories?.length) names['categories'] = wanted.categories
  else delete names['categories']
  return { names: inOrder(names), ...(conflict && { conflict }) }
}

const order = ['plural', 'singular', 'shortNames', 'kind', 'listKind', 'categories']

function inOrder(names: Readonly<Record<string, unknown>>): Names {
  return Object.fromEntries(
    order.flatMap((key) => (names[key] === undefined ? [] : [[key, names[key]] as const])),
  ) as unknown as Names
}

const approvals = {
  missing: { status: 'False', reason: 'MissingAnnotation' },
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
} as const

/** Says of a definition in one of Kubernetes' own groups whether it was approved. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/controller/apiapproval/apiapproval_controller.go
export function withApproval(definition: Definition, now: string): Definition {
  const found = approvalOf(definition)
  if (found === undefined) return definition
  const condition = { type: 'KubernetesAPIApprovalPolicyConformant', ...approvals[found.state], message: found.text }
  return withCondition(definition, condition, now)
}
