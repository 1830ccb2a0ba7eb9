import {
  duplicate,
  invalidValue,
  isEqual,
  notAllowed,
  required,
  unsupported,
  type CertificateSigningRequest,
  type Draft,
  type FieldError,
} from '../../api/index.ts'
import { jsonDiff } from '../rules/unifiedDiff.ts'

// upstream: pkg/apis/certificates/validation/validation.go, pkg/registry/certificates/certificates/strategy.go

type Request = CertificateSigningRequest
type Condition = NonNullable<Request['status']['conditions']>[number]

const path = 'status.conditions'
const lasting = ['Approved', 'Denied', 'Failed']
const verdicts = ['Approved', 'Denied'] as const
const states = ['False', 'True', 'Unknown']

const conditionsOf = ({ status }: Pick<Request, 'status'>): readonly Condition[] => status.conditions ?? []
const ofType = (request: Request, type: string): readonly Condition[] =>
  conditionsOf(request).filter((condition) => condition.type === type)

/** What is wrong with the conditions by themselves; what was accepted once is not held against them. */
export function conditionErrors(next: Request, old: Request | undefined): readonly FieldError[] {
  const errors: FieldError[] = []
  const before = old === undefined ? [] : conditionsOf(old).map(({ type }) => type)
  const allowsBoth = verdicts.every((type) => before.includes(type))
  const allowsTwice = new Set(before).size < before.length
  const seen = new Set<string>()
  conditionsOf(next).forEach(({ type, status }, index) => {
    const at = `${path}[${index}]`
    if (!type && !before.includes('')) errors.push(required(`${at}.type`))
    const known = lasting.includes(type) ? ['True'] : states
    if (!status) errors.push(required(`${at}.status`))
    else if (!known.includes(status)) errors.push(unsupported(`${at}.status`, status, known))
    const other = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined
    if (!allowsBoth && other !== undefined && seen.has(other))
      errors.push(invalidValue(`${at}.type`, type, 'Approved and Denied conditions are mutually exclusive'))
    if (!allowsTwice && seen.has(type)) errors.push(duplicate(`${at}.type`, type))
    seen.add(type)
  })
  return errors
}

/** What an update may not do to conditions: a verdict stays, and is only given by way of `approval`. */
export function conditionChangeErrors(next: Request, old: Request, mayJudge: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const type of lasting)
    if (ofType(next, type).length < ofType(old, type).length)
      errors.push(notAllowed(path, `updates may not remove a condition of type "${type}"`))
  if (mayJudge) return errors
  for (const type of verdicts) {
    const [is, was] = [ofType(next, type), ofType(old, type)]
    if (is.length > was.length) errors.push(notAllowed(path, `updates may not add a condition of type "${type}"`))
    else if (is.length === was.length && !isEqual(is, was)) {
      const diff = jsonDiff(was.map(inside), is.map(inside))
      errors.push(notAllowed(path, `updates may not modify a condition of type "${type}"\n${diff}`))
    }
  }
  return errors
}

/** A condition as the API server holds it inside. */
function inside(condition: Condition): object {
  const { type, status, reason = '', message = '', lastUpdateTime = null, lastTransitionTime = null } = condition
  return {
    Type: type,
    Status: status,
    Reason: reason,
    Message: message,
    LastUpdateTime: lastUpdateTime,
    LastTransitionTime: lastTransitionTime,
  }
}

/** Fills in the times of conditions that came without. */
export function stampConditions({ status }: Draft<Request>, old: Request, now: string): void {
  for (const condition of status.conditions ?? []) {
    condition.lastUpdateTime ??= now
    if (condition.lastTransitionTime !== undefined) continue
    const same = conditionsOf(old).find(
      ({ type, status: state }) => type === condition.type && state === condition.status,
    )
    condition.lastTransitionTime = same?.lastTransitionTime ?? now
  }
}
