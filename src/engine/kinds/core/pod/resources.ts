import {
  duplicate,
  each,
  invalidValue,
  isLabel,
  isQualifiedName,
  missing,
  notAllowed,
  parseQuantity,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { aggregate, isHugePage, isPodLevel } from './aggregate.ts'
import { amountOf, isLess, isWhole } from './amounts.ts'
import type { Container, PodSpec } from './types.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateContainerResourceRequirements

type Amounts = Readonly<Record<string, string>>

interface Requirements {
  readonly limits?: Amounts
  readonly requests?: Amounts
  readonly claims?: readonly { readonly name: string; readonly request?: string }[]
}

const compute: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** Names without a prefix that mean something somewhere: in quotas, on volumes, on nodes. */
const standard: ReadonlySet<string> = new Set([
  ...compute,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
])

/** Things that there cannot be half of. */
const counted: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
/** Whether the limit of a resource may be above its request. */
export const mayOvercommit = (name: string): boolean => isNative(name) && !isHugePage(name)

/** Whether a name is of the kind that device plugins offer: `example.com/gpu`. */
function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0
}

/** What is wrong with requests and limits. */
export function resourceErrors(
  errors: FieldError[],
  path: string,
  requirements: Requirements,
  podClaims?: readonly { readonly name: string }[],
): void {
  requirementErrors(errors, path, requirements, podClaims, containerNameErrors)
}

function requirementErrors(
  errors: FieldError[],
  path: string,
  requirements: Requirements,
  podClaims: readonly { readonly name: string }[] | undefined,
  check: NameCheck,
): void {
  const { limits, requests } = requirements
  if (limits === undefined && requests === undefined && requirements.claims === undefined) return
  amountErrors(errors, `${path}.limits`, limits, check)
  for (const name of namesIn(requests)) {
    const at = `${path}.requests[${name}]`
    check(errors, at, name)
    quantityErrors(errors, at, name, requests![name]!)
    limitErrors(errors, path, name, requests![name]!, limits)
    pageErrors(errors, at, name, requests![name]!)
  }
  if ((hasHugePages(limits) || hasHugePages(requests)) && !hasBasics(limits) && !hasBasics(requests))
    errors.push(notAllowed(path, 'HugePages require cpu or memory'))
  if (requirements.claims !== undefined) claimErrors(errors, `${path}.claims`, requirements.claims, podClaims)
}

const noNames: readonly string[] = Object.freeze([])

function namesIn(amounts: Amounts | undefined): readonly string[] {
  if (amounts === undefined) return noNames
  const names = Object.keys(amounts)
  return areSorted(names) ? names : names.sort()
}

function areSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++) if (names[index]! < names[index - 1]!) return false
  return true
}

function hasHugePages(amounts: Amounts | undefined): boolean {
  for (const name in amounts) if (isHugePage(name)) return true
  return false
}

const hasBasics = (amounts: Amounts | undefined): boolean =>
  amounts?.['cpu'] !== undefined || amounts?.['memory'] !== undefined

type NameCheck = (errors: FieldError[], path: string, name: string) => void

function amountErrors(errors: FieldError[], path: string, amounts: Amounts | undefined, check: NameCheck): void {
  for (const name of namesIn(amounts)) {
    check(errors, `${path}[${name}]`, name)
    quantityErrors(errors, `${path}[${name}]`, name, amounts![name]!)
    pageErrors(errors, `${path}[${name}]`, name, amounts![name]!)
  }
}

/** What is wrong with the name of any resource. */
export function resourceNameErrors(errors: FieldError[], path: string, name: string): boolean {
  const bad = isQualifiedName(name)
  for (const text of bad) errors.push(invalidValue(path, name, text))
  if (bad.length > 0) return false
  if (name.includes('/') || standard.has(name) || isHugePage(name) || name.startsWith('requests.hugepages-'))
    return true
  errors.push(invalidValue(path, name, 'must be a standard resource type or fully qualified'))
  return false
}

/** What is wrong with the name of a resource that a container asks for. */
export function containerNameErrors(errors: FieldError[], path: string, name: string): void {
  if (compute.has(name)) return
  resourceNameErrors(errors, path, name)
  if (!name.includes('/')) {
    if (!isHugePage(name)) errors.push(invalidValue(path, name, 'must be a standard resource for containers'))
  } else if (!isNative(name) && !isExtended(name))
    errors.push(invalidValue(path, name, "doesn't follow extended resource name standard"))
}

/** What is wrong with the amount of a resource. */
export function quantityErrors(errors: FieldError[], path: string, name: string, amount: string): void {
  if (parseQuantity(amount) < 0) errors.push(invalidValue(path, amount, 'must be greater than or equal to 0'))
  if ((counted.has(name) || isExtended(name)) && !isWhole(amount))
    errors.push(invalidValue(path, amount, 'must be an integer'))
}

/** Huge pages come whole. */
function pageErrors(errors: FieldError[], path: string, name: string, amount: string): void {
  if (!isHugePage(name)) return
  const size = parseQuantity(name.slice('hugepages-'.length))
  if (size > 0 && Number.isInteger(size) && Math.ceil(parseQuantity(amount)) % size === 0) return
  errors.push(invalidValue(path, amount, `${amount} is not positive integer multiple of ${name}`))
}

function limitErrors(
  errors: FieldError[],
  path: string,
  name: string,
  request: string,
  limits: Amounts | undefined,
): void {
  const limit = limits?.[name]
  if (limit !== undefined) {
    if (!mayOvercommit(name) && amountOf(request) !== amountOf(limit))
      errors.push(invalidValue(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`))
    else if (isLess(limit, request))
      errors.push(invalidValue(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`))
  } else if (!mayOvercommit(name))
    errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
}

function claimErrors(
  errors: FieldError[],
  path: string,
  claims: NonNullable<Requirements['claims']>,
  podClaims: readonly { readonly name: string }[] = [],
): void {
  const seen = new Set<string>()
  claims.forEach(({ name, request = '' }, index) => {
    const at = `${path}[${index}]`
    if (!name) return void errors.push(required(at))
    repeatErrors(errors, at, name, request, seen)
    if (podClaims.some((claim) => claim.name === name)) return
    const names = podClaims.map((claim) => claim.name).sort()
    const known = names.length === 0 ? ' which is empty' : `: ${names.join(', ')}`
    errors.push({ ...missing(at, name), detail: `must be one of the names in pod.spec.resourceClaims${known}` })
  })
}

/** A claim stands there once as a whole, or once for each of its requests. */
function repeatErrors(errors: FieldError[], path: string, name: string, request: string, seen: Set<string>): void {
  if (seen.has(name)) return void errors.push(duplicate(path, name))
  if (request !== '') errors.push(...each(`${path}.request`, request, isLabel(request)))
  const key = request === '' ? name : `${name}/${request}`
  if (seen.has(key)) errors.push(duplicate(path, key))
  else if (request === '')
    for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(path, name))
  seen.add(key)
}

const podNameErrors: NameCheck = (errors, path, name) => {
  if (resourceNameErrors(errors, path, name) && !isPodLevel(name))
    errors.push(unsupported(path, name, ['cpu', 'hugepages-', 'memory']))
}

/** What is wrong with the resources of a pod as a whole. */
// upstream: validatePodResources, validatePodResourceConsistency there
export function podResourceErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  if (spec.os?.name === 'windows') return void errors.push(notAllowed(path, 'may not be set for a windows pod'))
  const { claims } = spec.resources!
  if (claims?.length) errors.push(notAllowed(`${path}.claims`, 'claims may not be set for Resources at pod-level'))
  requirementErrors(errors, path, spec.resources!, spec.resourceClaims, podNameErrors)
  togetherErrors(errors, path, spec)
}

/** What containers ask for together has to fit into what the pod asks for as a whole. */
function togetherErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  const { containers, initContainers = [] } = spec
  const { limits = {}, requests = {} } = spec.resources!
  const asked = aggregate('requests', containers, initContainers)
  for (const name of namesIn(asked)) {
    if (requests[name] === undefined || !isLess(requests[name], asked[name])) continue
    const text = `must be greater than or equal to aggregate container requests of ${asked[name]}`
    errors.push(invalidValue(`${path}.requests[${name}]`, requests[name], text))
  }
  const caps = aggregate('limits', containers, initContainers)
  for (const name of namesIn(caps)) {
    if (!isHugePage(name) || limits[name] === undefined || !isLess(limits[name], caps[name])) continue
    const text = `must be greater than or equal to aggregate container limits of ${caps[name]}`
    errors.push(invalidValue(`${path}.limits[${name}]`, limits[name], text))
  }
  containers.forEach(({ resources }, index) => {
    for (const name of namesIn(resources?.limits)) {
      const limit = resources!.limits![name]!
      if (limits[name] !== undefined && isLess(limits[name], limit))
        errors.push(
          invalidValue(
            `${path}.containers[${index}][${name}].limits`,
            limit,
            `must be less than or equal to pod limits of ${limits[name]}`,
          ),
        )
    }
  })
}

const resizable = ['cpu', 'memory']
const resizePolicies = ['NotRequired', 'RestartContainer']

/** What is wrong with how a container takes a change of its resources. */
export function resizePolicyErrors(
  errors: FieldError[],
  path: string,
  policies: NonNullable<Container['resizePolicy']>,
  podRestartPolicy: string | undefined,
): void {
  const seen = new Set<string>()
  policies.forEach(({ resourceName, restartPolicy }, index) => {
    if (seen.has(resourceName)) errors.push(duplicate(`${path}[${index}]`, resourceName))
    seen.add(resourceName)
    if (!resourceName) errors.push(required(path))
    else if (!resizable.includes(resourceName)) errors.push(unsupported(path, resourceName, resizable))
    if (!restartPolicy) errors.push(required(path))
    else if (!resizePolicies.includes(restartPolicy)) errors.push(unsupported(path, restartPolicy, resizePolicies))
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired')
      errors.push(invalidValue(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
  })
}
