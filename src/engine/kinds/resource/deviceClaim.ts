import {
  each,
  invalidValue,
  isLabel,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type DeviceClass,
  type Draft,
  type FieldError,
  type Namespace,
  type ResourceClaim,
} from '../../api/index.ts'
import { dyn } from '../../cel/index.ts'
import { expressionErrors } from '../admissionregistration/expressions.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'
import type { StrategyContext } from '../defineKind.ts'
import { fullAttributeNameErrors, rawErrors, setErrors } from './lists.ts'

// upstream: pkg/apis/resource/validation/validation.go validateDeviceClaim, v1/defaults.go

/** What a claim asks for. */
export type ClaimSpec = ResourceClaim['spec']
type Devices = NonNullable<ClaimSpec['devices']>
type Request = NonNullable<Devices['requests']>[number]
type Exact = NonNullable<Request['exactly']>
type Constraint = NonNullable<Devices['constraints']>[number]
type Toleration = NonNullable<Exact['tolerations']>[number]
type Selectors = Exact['selectors']
type Config = NonNullable<DeviceClass['spec']['config']>[number]

const listMax = 32

/** What goes without saying: exactly one device. */
export function defaultClaim(spec: Draft<ClaimSpec>): void {
  spec.devices ??= {}
  for (const { exactly, firstAvailable } of spec.devices.requests ?? [])
    for (const asked of [...(exactly ? [exactly] : []), ...(firstAvailable ?? [])]) {
      asked.allocationMode ||= 'ExactCount'
      if (asked.allocationMode === 'ExactCount') asked.count ||= 1
      for (const toleration of asked.tolerations ?? []) toleration.operator ||= 'Equal'
    }
}

/** What is wrong with what a claim asks for. */
export function claimErrors(path: string, { devices = {} }: ClaimSpec): FieldError[] {
  const errors: FieldError[] = []
  const at = `${path}.devices`
  const names = namesOf(devices.requests ?? [])
  const refer = (place: string, name: string): unknown => errors.push(...referenceErrors(place, name, names))
  setErrors(
    errors,
    `${at}.requests`,
    devices.requests,
    listMax,
    (place, one) => requestErrors(errors, place, one),
    nameOf,
  )
  setErrors(errors, `${at}.constraints`, devices.constraints, listMax, (place, one) => {
    setErrors(errors, `${place}.requests`, one.requests, listMax, refer, itself)
    constraintErrors(errors, place, one)
  })
  setErrors(errors, `${at}.config`, devices.config, listMax, (place, one) => {
    setErrors(errors, `${place}.requests`, one.requests, listMax, refer, itself)
    configErrors(errors, place, one)
  })
  return errors
}

/** What is wrong where devices are asked for that others are using: only some namespaces may do that. */
// upstream: pkg/registry/resource/common.go AuthorizedForAdmin
export function adminErrors(
  { devices = {} }: ClaimSpec,
  namespace: string | undefined,
  { find }: StrategyContext,
): readonly FieldError[] {
  const index = (devices.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true)
  if (index < 0) return []
  const label = 'resource.kubernetes.io/admin-access'
  if (find<Namespace>('Namespace', namespace ?? '')?.metadata.labels?.[label] === 'true') return []
  const text = `admin access to devices requires the \`${label}: true\` label on the containing namespace`
  return [notAllowed(`spec.devices.requests[${index}].adminAccess`, text)] // that path, also for templates
}

const nameOf = ({ name }: { readonly name: string }): string => name
const itself = (name: string): string => name

/** Every name a request can be referred to by. */
export function namesOf(requests: readonly Request[]): ReadonlySet<string> {
  return new Set(
    requests.flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((sub) => `${name}/${sub.name}`)]),
  )
}

/** What is wrong with the name of a request that something else is about. */
export function referenceErrors(path: string, name: string, names: ReadonlySet<string>): readonly FieldError[] {
  const text = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
  const parts = name.split('/')
  if (parts.length > 2) return [invalidValue(path, name, text)]
  const bad = parts.flatMap((part) => each(path, part, isLabel(part)))
  return names.has(name) ? bad : [...bad, invalidValue(path, name, text)]
}

function requestErrors(errors: FieldError[], path: string, { name = '', exactly, firstAvailable = [] }: Request): void {
  errors.push(...each(`${path}.name`, name, isLabel(name)))
  const one = 'exactly one of `exactly` or `firstAvailable` is required'
  if (exactly === undefined && firstAvailable.length === 0) return void errors.push(required(path, one))
  if (exactly !== undefined && firstAvailable.length > 0)
    return void errors.push(invalidValue(path, null, `${one}, but multiple fields are set`))
  if (exactly !== undefined) return exactErrors(errors, `${path}.exactly`, exactly)
  const check = (place: string, sub: (typeof firstAvailable)[number]): void => {
    errors.push(...each(`${place}.name`, sub.name ?? '', isLabel(sub.name ?? '')))
    exactErrors(errors, place, sub)
  }
  setErrors(errors, `${path}.firstAvailable`, firstAvailable, 8, check, nameOf)
}

function exactErrors(errors: FieldError[], path: string, asked: Exact): void {
  const { deviceClassName, selectors, allocationMode = '', count = 0, tolerations } = asked
  if (!deviceClassName) errors.push(required(`${path}.deviceClassName`))
  else errors.push(...each(`${path}.deviceClassName`, deviceClassName, isSubdomain(deviceClassName)))
  deviceSelectorErrors(errors, `${path}.selectors`, selectors)
  if (allocationMode === 'All') {
    if (count !== 0)
      errors.push(invalidValue(`${path}.count`, count, "must not be specified when allocationMode is 'All'"))
  } else if (allocationMode === 'ExactCount') {
    if (count <= 0) errors.push(invalidValue(`${path}.count`, count, 'must be greater than zero'))
  } else errors.push(unsupported(`${path}.allocationMode`, allocationMode, ['All', 'ExactCount']))
  tolerations?.forEach((one, index) => tolerationErrors(errors, `${path}.tolerations[${index}]`, one))
}

const deviceScope = new Map([['device', dyn]]) // differs: upstream knows the fields of a device
const expressionBytesMax = 10 * 1024

/** What is wrong with how devices are picked. */
export function deviceSelectorErrors(errors: FieldError[], path: string, selectors: Selectors): void {
  setErrors(errors, path, selectors, listMax, (place, { cel }) => {
    if (cel === undefined) return void errors.push(required(`${place}.cel`))
    const at = `${place}.cel.expression`
    const { expression = '' } = cel
    if (expression.length > expressionBytesMax) return void errors.push(tooLong(at, expressionBytesMax))
    const use = { returns: 'bool', hasParams: false, hasAuthorizer: false, variables: [] } as const
    errors.push(...expressionErrors(at, expression, use, deviceScope))
  })
}

function constraintErrors(errors: FieldError[], path: string, constraint: Constraint): void {
  const { matchAttribute, distinctAttribute } = constraint
  if (matchAttribute !== undefined) errors.push(...fullAttributeNameErrors(`${path}.matchAttribute`, matchAttribute))
  else if (distinctAttribute !== undefined)
    errors.push(...fullAttributeNameErrors(`${path}.distinctAttribute`, distinctAttribute))
  else
    errors.push(
      required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'),
    )
}

const parametersBytesMax = 10 * 1024

/** What is wrong with what a driver is told about the devices it prepares. */
export function configErrors(errors: FieldError[], path: string, { opaque }: Config): void {
  if (opaque === undefined) return void errors.push(required(`${path}.opaque`))
  errors.push(...csiDriverErrors(`${path}.opaque.driver`, opaque.driver))
  rawErrors(errors, `${path}.opaque.parameters`, opaque.parameters, parametersBytesMax)
}

const effects = ['NoExecute', 'NoSchedule', 'None']

/** What is wrong with a toleration of a device's taints. */
export function tolerationErrors(errors: FieldError[], path: string, toleration: Toleration): void {
  const { key = '', operator = '', value = '', effect = '' } = toleration
  if (key !== '') errors.push(...each(`${path}.key`, key, isQualifiedName(key)))
  if (operator === 'Exists') {
    if (value !== '') errors.push(invalidValue(`${path}.value`, value, 'must be empty for operator `Exists`'))
  } else if (operator === 'Equal') errors.push(...each(`${path}.value`, value, isLabelValue(value)))
  else if (operator === '') errors.push(required(`${path}.operator`))
  else errors.push(unsupported(`${path}.operator`, operator, ['Equal', 'Exists']))
  if (effect !== '' && !effects.includes(effect)) errors.push(unsupported(`${path}.effect`, effect, effects))
}
