import {
  duplicate,
  each,
  invalidValue,
  ipFamily,
  isIp,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  type FieldError,
  type Pod,
} from '../../../api/index.ts'
import type { Container, ContainerStatus, PodSpec, PodStatus } from './types.ts'

/** What a report of a pod's state may not say. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodStatusUpdate
export function podStatusErrors(next: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = []
  const { status } = next
  conditionErrors(errors, status.conditions)
  const { nominatedNodeName } = status
  if (nominatedNodeName && nominatedNodeName !== old.status.nominatedNodeName)
    errors.push(...each('status.nominatedNodeName', nominatedNodeName, isSubdomain(nominatedNodeName)))
  if (status.qosClass !== old.status.qosClass)
    errors.push(invalidValue('status.qosClass', status.qosClass ?? '', 'field is immutable'))
  stateErrors(errors, next, old)
  if (status.resourceClaimStatuses !== undefined) claimErrors(errors, next)
  addressErrors(errors, 'status.podIPs', status.podIPs)
  if (status.hostIPs?.length) {
    if (status.hostIP !== status.hostIPs[0]!.ip)
      errors.push(invalidValue('status.hostIPs[0].ip', status.hostIPs[0]!.ip, 'must be equal to `hostIP`'))
    addressErrors(errors, 'status.hostIPs', status.hostIPs)
  }
  return errors
}

/** Upstream names the path of metadata here. */
function conditionErrors(errors: FieldError[], conditions: PodStatus['conditions'] = []): void {
  for (let index = 0; index < conditions.length; index++) {
    const { type } = conditions[index]!
    if (type === 'PodScheduled' || type === 'Ready' || type === 'Initialized') continue
    const bad = isQualifiedName(type)
    if (bad.length > 0) errors.push(...each(`metadata.conditions[${index}].Type`, type, bad))
  }
}

function stateErrors(errors: FieldError[], next: Pod, old: Pod): void {
  const after = next.status
  const before = old.status
  const { spec } = old
  revived(errors, 'containerStatuses', after.containerStatuses, before.containerStatuses, spec, spec.containers)
  const init = spec.initContainers ?? none
  revived(errors, 'initContainerStatuses', after.initContainerStatuses, before.initContainerStatuses, spec, init)
  const debuggers = before.ephemeralContainerStatuses
  revived(errors, 'ephemeralContainerStatuses', after.ephemeralContainerStatuses, debuggers, spec, none)
}

const none: readonly Container[] = []

/** A container that has ended for good stays so. */
function revived(
  errors: FieldError[],
  field: string,
  next: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  spec: PodSpec,
  containers: readonly Container[],
): void {
  old?.forEach(({ name, state }, index) => {
    const ended = state?.terminated
    if (ended === undefined) return
    const after = next?.find((status) => status.name === name)
    if (after === undefined || after.state?.terminated !== undefined) return
    const container = containers.find((one) => one.name === name)
    if (container !== undefined && (comesBack(container, spec, ended.exitCode) || mayRestartAll(spec))) return
    errors.push(notAllowed(`status.${field}[${index}].state`, 'may not be transitioned to non-terminated state'))
  })
}

// upstream: pkg/api/v1/pod/util.go ContainerShouldRestart
function comesBack({ restartPolicy, restartPolicyRules }: Container, spec: PodSpec, exitCode: number): boolean {
  const isMet = restartPolicyRules?.some(
    ({ exitCodes }) =>
      exitCodes !== undefined && (exitCodes.values ?? []).includes(exitCode) === (exitCodes.operator === 'In'),
  )
  const policy = restartPolicy ?? spec.restartPolicy ?? 'Always'
  return isMet === true || policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

/** Where one container's end may begin the whole pod anew, any of them may come back. */
function mayRestartAll({ containers, initContainers = none }: PodSpec): boolean {
  const mayRestart = ({ restartPolicyRules }: Container): boolean =>
    restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') === true
  return containers.some(mayRestart) || initContainers.some(mayRestart)
}

function claimErrors(errors: FieldError[], { spec, status }: Pod): void {
  const seen = new Set<string>()
  status.resourceClaimStatuses!.forEach(({ name, resourceClaimName }, index) => {
    const at = `status.resourceClaimStatuses[${index}].name`
    if (!spec.resourceClaims?.some((claim) => claim.name === name))
      errors.push(invalidValue(at, name, 'must match the name of an entry in `spec.resourceClaims`'))
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
    if (resourceClaimName !== undefined) errors.push(...each(at, resourceClaimName, isSubdomain(resourceClaimName)))
  })
}

interface Address {
  readonly ip?: string
}

/** One address of each family at most. */
function addressErrors(errors: FieldError[], path: string, addresses: readonly Address[] = []): void {
  for (let index = 0; index < addresses.length; index++) {
    const ip = addresses[index]!.ip ?? ''
    const bad = isIp(ip)
    if (bad.length > 0) errors.push(...each(`${path}[${index}]`, ip, bad))
  }
  if (addresses.length < 2) return
  const families = new Set(addresses.map(({ ip = '' }) => ipFamily(ip)))
  if (families.size < 2 || addresses.length > 2)
    errors.push(
      invalidValue(
        path,
        addresses.map(({ ip = '' }) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    )
  const seen = new Set<string>()
  addresses.forEach(({ ip = '' }, index) => {
    if (seen.has(ip)) errors.push(duplicate(`${path}[${index}]`, { IP: ip }))
    seen.add(ip)
  })
}
