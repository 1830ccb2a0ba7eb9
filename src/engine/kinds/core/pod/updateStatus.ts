import {
  each,
  invalidValue,
  ipFamily,
  isIp,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  type Draft,
  type FieldError,
  type Pod,
} from '../../../api/index.ts'
import { podAnnotationUpdateErrors } from './annotations.ts'
import { qosClassOf } from './qos.ts'
import {
  claimStatusErrors,
  deviceHealthErrors,
  extendedClaimErrors,
  noDeviceErrors,
  userErrors,
} from './statusDetails.ts'
import type { Container, ContainerStatus, PodSpec, PodStatus } from './types.ts'

/** What a report cannot take back: owners, the class of service, and which generation was seen. */
// upstream: pkg/registry/core/pod/strategy.go podStatusStrategy.PrepareForUpdate
export function preparePodStatus(draft: Draft<Pod>, old: Pod): void {
  const { metadata } = draft
  if (old.metadata.deletionTimestamp === undefined && metadata.deletionTimestamp !== undefined)
    delete metadata.deletionTimestamp
  if (metadata.ownerReferences !== old.metadata.ownerReferences)
    if (old.metadata.ownerReferences === undefined) delete metadata.ownerReferences
    else metadata.ownerReferences = old.metadata.ownerReferences as typeof metadata.ownerReferences
  const { observedGeneration, qosClass, conditions } = old.status
  const { status } = draft
  if (!status.qosClass) draft.status = { ...draft.status, qosClass: qosClass ?? qosClassOf(old.spec) }
  if (!status.observedGeneration && observedGeneration) draft.status = { ...draft.status, observedGeneration }
  if (conditions !== undefined && conditions !== status.conditions) keepSeen(draft, conditions)
}

type Conditions = NonNullable<PodStatus['conditions']>

/** A condition goes on telling which generation it was seen at. */
// upstream: preserveOldObservedGeneration there
function keepSeen(draft: Draft<Pod>, old: Conditions): void {
  const { conditions } = draft.status
  if (conditions === undefined || areSeen(conditions)) return
  const seenBefore = (one: Conditions[number]): number =>
    one.observedGeneration ? 0 : (old.find(({ type }) => type === one.type)?.observedGeneration ?? 0)
  if (!conditions.some((one) => seenBefore(one) > 0)) return
  const kept = conditions.map((one) => {
    const observedGeneration = seenBefore(one)
    return observedGeneration > 0 ? { ...one, observedGeneration } : one
  })
  draft.status = { ...draft.status, conditions: kept }
}

function areSeen(conditions: Conditions): boolean {
  for (const { observedGeneration } of conditions) if (!observedGeneration) return false
  return true
}

/** What a report of a pod's state may not say. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodStatusUpdate
export function podStatusErrors(next: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = []
  const { metadata, spec, status } = next
  if (metadata.annotations !== old.metadata.annotations)
    errors.push(
      ...podAnnotationUpdateErrors('metadata.annotations', metadata.annotations, old.metadata.annotations, spec),
    )
  if (status.conditions !== undefined) conditionErrors(errors, status.conditions)
  nominationErrors(errors, status.nominatedNodeName, old)
  const { observedGeneration = 0 } = status
  if (observedGeneration < 0) errors.push(negativeGeneration('status', observedGeneration))
  if ((status.qosClass ?? '') !== (old.status.qosClass ?? ''))
    errors.push(invalidValue('status.qosClass', status.qosClass ?? '', 'field is immutable'))
  stateErrors(errors, status, old)
  if (status.resourceClaimStatuses !== undefined)
    claimStatusErrors(errors, 'status.resourceClaimStatuses', status, spec)
  if (status.extendedResourceClaimStatus !== undefined)
    extendedClaimErrors(errors, 'status.extendedResourceClaimStatus', status.extendedResourceClaimStatus, spec)
  addressErrors(errors, 'status.podIPs', status.podIPs, old.status.podIPs)
  if (status.hostIPs?.length) {
    if ((status.hostIP ?? '') !== status.hostIPs[0]!.ip)
      errors.push(invalidValue('status.hostIPs[0].ip', status.hostIPs[0]!.ip, 'must be equal to `hostIP`'))
    addressErrors(errors, 'status.hostIPs', status.hostIPs, old.status.hostIPs)
  }
  containerErrors(errors, status, spec)
  return errors
}

function nominationErrors(errors: FieldError[], name: string | undefined, { spec, status }: Pod): void {
  if (!name || name === status.nominatedNodeName) return
  errors.push(...each('status.nominatedNodeName', name, isSubdomain(name)))
  if (spec.nodeName)
    errors.push(notAllowed('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'))
}

const negativeGeneration = (path: string, generation: number): FieldError =>
  invalidValue(`${path}.observedGeneration`, generation, 'must be a non-negative integer')

function conditionErrors(errors: FieldError[], conditions: Conditions): void {
  for (let index = 0; index < conditions.length; index++) {
    const { type, observedGeneration = 0 } = conditions[index]!
    if (observedGeneration < 0) errors.push(negativeGeneration(`status.conditions[${index}]`, observedGeneration))
    if (isKubelets(type)) continue
    const bad = isQualifiedName(type)
    if (bad.length > 0) errors.push(...each(`status.conditions[${index}].Type`, type, bad))
  }
}

/** The types that every pod's report has. */
function isKubelets(type: string): boolean {
  return (
    type === 'PodReadyToStartContainers' ||
    type === 'Initialized' ||
    type === 'Ready' ||
    type === 'ContainersReady' ||
    type === 'PodScheduled'
  )
}

function containerErrors(errors: FieldError[], status: PodStatus, spec: PodSpec): void {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses: debuggers } = status
  if (containerStatuses !== undefined) userErrors(errors, 'status.containerStatuses', containerStatuses, spec)
  if (initContainerStatuses !== undefined)
    userErrors(errors, 'status.initContainerStatuses', initContainerStatuses, spec)
  if (debuggers !== undefined) userErrors(errors, 'status.ephemeralContainerStatuses', debuggers, spec)
  if (containerStatuses !== undefined)
    deviceHealthErrors(errors, 'status.containerStatuses', containerStatuses, spec.containers)
  if (initContainerStatuses !== undefined)
    deviceHealthErrors(errors, 'status.initContainerStatuses', initContainerStatuses, spec.initContainers)
  if (debuggers !== undefined) noDeviceErrors(errors, 'status.ephemeralContainerStatuses', debuggers)
}

function stateErrors(errors: FieldError[], after: PodStatus, { spec, status: before }: Pod): void {
  const { containerStatuses: regular, initContainerStatuses: init, ephemeralContainerStatuses: debuggers } = before
  if (regular !== undefined && hasEnded(regular) && !mayRestartAll(spec))
    revived(errors, 'containerStatuses', after.containerStatuses, regular, spec, spec.containers)
  if (init !== undefined && hasEnded(init) && !mayRestartAll(spec))
    revived(errors, 'initContainerStatuses', after.initContainerStatuses, init, spec, spec.initContainers ?? none)
  if (debuggers !== undefined && hasEnded(debuggers))
    revived(errors, 'ephemeralContainerStatuses', after.ephemeralContainerStatuses, debuggers, spec, none)
}

function hasEnded(statuses: readonly ContainerStatus[]): boolean {
  for (const { state } of statuses) if (state?.terminated !== undefined) return true
  return false
}

const none: readonly Container[] = []

/** A container that has ended for good stays so. */
// upstream: ValidateContainerStateTransition there, and its likes for init and ephemeral containers
function revived(
  errors: FieldError[],
  field: string,
  next: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[],
  spec: PodSpec,
  containers: readonly Container[],
): void {
  if (next === undefined) return
  for (let index = 0; index < old.length; index++) {
    const { name, state } = old[index]!
    const ended = state?.terminated
    if (ended === undefined) continue
    if (!next.some((status) => status.name === name && status.state?.terminated === undefined)) continue
    const container = containers.find((one) => one.name === name)
    if (container === undefined || !comesBack(container, spec, ended.exitCode))
      errors.push(notAllowed(`status.${field}[${index}].state`, 'may not be transitioned to non-terminated state'))
  }
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
// upstream: AllContainersCouldRestart there
function mayRestartAll({ containers, initContainers }: PodSpec): boolean {
  return containers.some(mayRestartOthers) || initContainers?.some(mayRestartOthers) === true
}

function mayRestartOthers({ restartPolicyRules }: Container): boolean {
  return restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') === true
}

interface Address {
  readonly ip?: string
}

function hasAddress(addresses: readonly Address[] | undefined, ip: string): boolean {
  if (addresses !== undefined) for (const one of addresses) if (one.ip === ip) return true
  return false
}

/** One address of each family at most; what was there before is not looked at again. */
// differs: upstream adds an internal error where one of two addresses is none
// upstream: validatePodIPs, validateHostIPs there
function addressErrors(
  errors: FieldError[],
  path: string,
  addresses: readonly Address[] | undefined,
  before: readonly Address[] | undefined,
): void {
  if (addresses === undefined || addresses === before) return
  for (let index = 0; index < addresses.length; index++) {
    const ip = addresses[index]!.ip ?? ''
    if (hasAddress(before, ip)) continue
    const bad = isIp(ip)
    if (bad.length > 0) errors.push(...each(`${path}[${index}]`, ip, bad))
  }
  if (addresses.length < 2) return
  const families = new Set(addresses.map(({ ip = '' }) => ipFamily(ip)))
  if (families.size < 2 || families.has(undefined) || addresses.length > 2)
    errors.push(
      invalidValue(
        path,
        addresses.map(({ ip = '' }) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    )
}
