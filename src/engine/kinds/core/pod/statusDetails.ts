import {
  duplicate,
  each,
  invalidValue,
  isLabel,
  isSubdomain,
  isUserId,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import type { Container, ContainerStatus, PodSpec, PodStatus } from './types.ts'

// upstream: pkg/apis/core/validation/validation.go ValidatePodStatusUpdate, and what it calls

/** What is wrong with a report of the claims that a pod's devices come from. */
export function claimStatusErrors(errors: FieldError[], path: string, status: PodStatus, spec: PodSpec): void {
  const seen = new Set<string>()
  status.resourceClaimStatuses?.forEach(({ name, resourceClaimName }, index) => {
    const at = `${path}[${index}]`
    if (!spec.resourceClaims?.some((claim) => claim.name === name))
      errors.push(invalidValue(`${at}.name`, name, 'must match the name of an entry in `spec.resourceClaims`'))
    if (seen.has(name)) errors.push(duplicate(`${at}.name`, name))
    seen.add(name)
    if (resourceClaimName !== undefined)
      errors.push(...each(`${at}.resourceClaimName`, resourceClaimName, isSubdomain(resourceClaimName)))
  })
}

type Extended = NonNullable<PodStatus['extendedResourceClaimStatus']>

/** What is wrong with a report of the claim that was made for extended resources. */
// upstream: validatePodExtendedResourceClaimStatus there; it gives requestName one path for all
export function extendedClaimErrors(errors: FieldError[], path: string, status: Extended, spec: PodSpec): void {
  const { requestMappings = [], resourceClaimName } = status
  if (requestMappings.length === 0)
    errors.push(required(`${path}.requestMappings`, 'at least one request mapping is required'))
  const seen = new Set<string>()
  requestMappings.forEach(({ containerName, resourceName, requestName }, index) => {
    const at = `${path}.requestMappings[${index}]`
    const container = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === containerName)
    if (container === undefined)
      errors.push(invalidValue(`${at}.containerName`, containerName, `must match the name of an entry in ${inNames}`))
    else if (container.resources?.requests?.[resourceName] === undefined)
      errors.push(
        invalidValue(
          `${at}.resourceName`,
          resourceName,
          `must match the extended resource name of an entry in ${inRequests}`,
        ),
      )
    errors.push(...each(`${path}.requestName`, requestName, isLabel(requestName)))
    const key = `${containerName}/${resourceName} ${requestName}`
    if (seen.has(key))
      errors.push(
        duplicate(`${at}.containerName`, containerName),
        duplicate(`${at}.resourceName`, resourceName),
        duplicate(`${at}.requestName`, requestName),
      )
    seen.add(key)
  })
  if (!resourceClaimName) errors.push(required(`${path}.resourceClaimName`))
  else errors.push(...each(`${path}.resourceClaimName`, resourceClaimName, isSubdomain(resourceClaimName)))
}

const inNames = 'spec.initContainers.name or spec.containers.name'
const inRequests = 'spec.initContainers.resources.requests or spec.containers.resources.requests'

/** What is wrong with a report of whom containers run as. */
// upstream: validateContainerStatusUsers there
export function userErrors(
  errors: FieldError[],
  path: string,
  statuses: readonly ContainerStatus[],
  { os }: PodSpec,
): void {
  for (let index = 0; index < statuses.length; index++) {
    const linux = statuses[index]!.user?.linux
    if (linux === undefined) continue
    const at = `${path}[${index}].user.linux`
    if (os?.name === 'windows') errors.push(notAllowed(at, 'cannot be set for a windows pod'))
    if (os !== undefined && os.name !== 'linux') continue
    errors.push(
      ...each(`${at}.uid`, linux.uid, isUserId(linux.uid)),
      ...each(`${at}.gid`, linux.gid, isUserId(linux.gid)),
    )
    linux.supplementalGroups?.forEach((id, place) =>
      errors.push(...each(`${at}.supplementalGroups[${place}]`, id, isUserId(id))),
    )
  }
}

type Allocated = NonNullable<ContainerStatus['allocatedResourcesStatus']>[number]

const healths = ['Healthy', 'Unhealthy', 'Unknown']
const healthMessageMax = 1024

/** What is wrong with a report of how devices are: they are the container's own, each told once. */
// upstream: validateContainerStatusAllocatedResourcesStatus there
export function deviceHealthErrors(
  errors: FieldError[],
  path: string,
  statuses: readonly ContainerStatus[],
  containers: readonly Container[] | undefined,
): void {
  for (let index = 0; index < statuses.length; index++) {
    const { name, allocatedResourcesStatus: allocated } = statuses[index]!
    if (allocated === undefined) continue
    const container = containers?.find((one) => one.name === name)
    allocated.forEach((one, place) => {
      const at = `${path}[${index}].allocatedResourcesStatus[${place}]`
      const bad = container === undefined ? undefined : strangerText(one.name, container)
      if (bad !== undefined) errors.push(invalidValue(`${at}.name`, one.name, bad))
      healthErrors(errors, `${at}.resources`, one.resources)
    })
  }
}

function strangerText(name: string, { resources }: Container): string | undefined {
  if (!name.startsWith('claim:'))
    return resources?.requests?.[name] === undefined ? "must match one of the container's resource requests" : undefined
  const isOwn = resources?.claims?.some((one) => name === `claim:${one.name}${one.request ? `/${one.request}` : ''}`)
  if (isOwn === true) return undefined
  const form = "'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
  return `must match one of the container's resource claims in a format ${form}`
}

function healthErrors(errors: FieldError[], path: string, resources: Allocated['resources']): void {
  const seen = new Set<string>()
  resources?.forEach(({ health = '', message, resourceID }, index) => {
    const at = `${path}[${index}]`
    if (!healths.includes(health)) errors.push(unsupported(`${at}.health`, health, healths))
    if (message === '') errors.push(required(`${at}.message`, 'must be non-empty if specified'))
    else if (message !== undefined && message.length > healthMessageMax)
      errors.push(tooLong(`${at}.message`, healthMessageMax))
    if (seen.has(resourceID)) errors.push(duplicate(`${at}.resourceID`, resourceID))
    seen.add(resourceID)
  })
}

/** Ephemeral containers have no devices. */
export function noDeviceErrors(errors: FieldError[], path: string, statuses: readonly ContainerStatus[]): void {
  statuses.forEach(({ allocatedResourcesStatus }, index) => {
    if (allocatedResourcesStatus?.length)
      errors.push(notAllowed(`${path}[${index}].allocatedResourcesStatus`, 'must not be specified in container status'))
  })
}
