import {
  each,
  inRange,
  invalidValue,
  isIp,
  isLabel,
  isSubdomain,
  isSubdomainWithUnderscore,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { unlessKnownFine } from '../../rules/knownFine.ts'
import { annotationErrors, labelErrors } from '../../rules/meta.ts'
import { affinityErrors } from './affinity.ts'
import { matchingAnnotationErrors, podAnnotationErrors } from './annotations.ts'
import { podClaimErrors } from './claims.ts'
import { containerErrors, ephemeralErrors, initContainerErrors } from './containers.ts'
import { fileVolumeErrors } from './env.ts'
import { podResourceErrors, resourceErrors } from './resources.ts'
import { gateErrors, spreadErrors, tolerationErrors } from './scheduling.ts'
import { podSecurityErrors } from './security.ts'
import { containersOf, type PodSpec, type PodTemplate } from './types.ts'
import { volumeErrors } from './volumes.ts'
import { hostProcessErrors, osErrors } from './windows.ts'

/** What is wrong with a pod template. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodTemplateSpec
export function templateErrors(path: string, template: PodTemplate | undefined): readonly FieldError[] {
  const spec = template?.spec ?? ({ containers: [] } as PodSpec)
  const errors = [
    ...labelErrors(`${path}.labels`, template?.metadata?.labels),
    ...annotationErrors(`${path}.annotations`, template?.metadata?.annotations),
    ...podAnnotationErrors(`${path}.annotations`, template?.metadata?.annotations, spec),
    ...podSpecErrors(`${path}.spec`, spec, undefined),
    ...matchingAnnotationErrors(template?.metadata?.annotations, spec, `${path}.spec`, false),
  ]
  if (spec.ephemeralContainers?.length)
    errors.push(notAllowed(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  return errors
}

/** What is wrong with the spec of a pod of that name, or of a template, which has none. */
// upstream: ValidatePodSpec there; the order of the checks is the order of the complaints
export function podSpecErrors(path: string, spec: PodSpec, podName: string | undefined): readonly FieldError[] {
  const errors: FieldError[] = []
  const known = volumeErrors(errors, `${path}.volumes`, spec.volumes, podName)
  const graceSeconds = spec.terminationGracePeriodSeconds
  if (spec.resourceClaims !== undefined) podClaimErrors(errors, `${path}.resourceClaims`, spec.resourceClaims)
  containerErrors(errors, path, spec, known, graceSeconds)
  if (spec.initContainers !== undefined) initContainerErrors(errors, path, spec, known, graceSeconds)
  if (spec.ephemeralContainers !== undefined) ephemeralErrors(errors, path, spec, known)
  if (spec.resources !== undefined) podResourceErrors(errors, `${path}.resources`, spec)
  if (spec.hostNetwork === true) hostPortErrors(errors, path, spec, podName !== undefined)
  wordErrors(errors, path, spec)
  if (spec.nodeSelector !== undefined) errors.push(...labelErrors(`${path}.nodeSelector`, spec.nodeSelector))
  podSecurityErrors(errors, path, spec)
  if (spec.affinity !== undefined) affinityErrors(errors, `${path}.affinity`, spec.affinity)
  dnsErrors(errors, `${path}.dnsConfig`, spec)
  gateErrors(errors, path, spec)
  if (spec.topologySpreadConstraints !== undefined)
    spreadErrors(errors, `${path}.topologySpreadConstraints`, spec.topologySpreadConstraints)
  hostProcessErrors(errors, path, spec)
  hostUserErrors(errors, path, spec)
  if (spec.hostnameOverride !== undefined) overrideErrors(errors, path, spec, spec.hostnameOverride)
  nameErrors(errors, path, spec)
  fileVolumeErrors(errors, path, spec)
  return errors
}

/** A pod with users of its own cannot share the host's other namespaces, nor raw devices. */
function hostUserErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  if (spec.hostUsers !== false) return
  const text = 'when `hostUsers` is false'
  if (spec.hostNetwork === true) errors.push(notAllowed(`${path}.hostNetwork`, text))
  if (spec.hostPID === true) errors.push(notAllowed(`${path}.HostPID`, text))
  if (spec.hostIPC === true) errors.push(notAllowed(`${path}.HostIPC`, text))
  for (const [{ volumeDevices }, at] of containersOf(spec, path))
    if (volumeDevices?.length) errors.push(notAllowed(`${at}.volumeDevices`, text))
}

const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

function wordErrors(errors: FieldError[], path: string, { restartPolicy, dnsPolicy }: PodSpec): void {
  if (!restartPolicy) errors.push(required(`${path}.restartPolicy`))
  else if (!restartPolicies.includes(restartPolicy))
    errors.push(unsupported(`${path}.restartPolicy`, restartPolicy, restartPolicies))
  if (!dnsPolicy) errors.push(required(`${path}.dnsPolicy`))
  else if (!dnsPolicies.includes(dnsPolicy)) errors.push(unsupported(`${path}.dnsPolicy`, dnsPolicy, dnsPolicies))
}

function hostPortErrors(errors: FieldError[], path: string, { containers }: PodSpec, isPod: boolean): void {
  containers.forEach(({ ports }, index) =>
    ports?.forEach(({ hostPort = 0, containerPort }, port) => {
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        errors.push(
          invalidValue(
            `${path}.containers[${index}].ports[${port}].hostPort`,
            hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        )
    }),
  )
}

function dnsErrors(errors: FieldError[], path: string, { dnsConfig, dnsPolicy }: PodSpec): void {
  if (dnsPolicy === 'None') {
    if (dnsConfig === undefined)
      return void errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'))
    if (!dnsConfig.nameservers?.length)
      return void errors.push(
        required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
      )
  }
  if (dnsConfig === undefined) return
  const { nameservers = [], searches = [], options = [] } = dnsConfig
  if (nameservers.length > 3)
    errors.push(invalidValue(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers'))
  nameservers.forEach((server, index) => errors.push(...each(`${path}.nameservers[${index}]`, server, isIp(server))))
  if (searches.length > 32)
    errors.push(invalidValue(`${path}.searches`, searches, 'must not have more than 32 search paths'))
  if (searches.join(' ').length > 2048)
    errors.push(
      invalidValue(
        `${path}.searches`,
        searches,
        'must not have more than 2048 characters (including spaces) in the search list',
      ),
    )
  searches.forEach((search, index) => {
    if (search === '.') return
    const name = search.replace(/\.$/, '')
    errors.push(...each(`${path}.searches[${index}]`, name, isSubdomainWithUnderscore(name)))
  })
  options.forEach(({ name }, index) => {
    if (!name) errors.push(required(`${path}.options[${index}]`, 'must not be empty'))
  })
}

function nameErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain, tolerations, priorityClassName } =
    spec
  if (serviceAccountName) {
    const bad = isSubdomain(serviceAccountName)
    if (bad.length > 0) errors.push(...each(`${path}.serviceAccountName`, serviceAccountName, bad))
  }
  if (nodeName) errors.push(...each(`${path}.nodeName`, nodeName, isSubdomain(nodeName)))
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > 2147483647))
    errors.push(invalidValue(`${path}.activeDeadlineSeconds`, activeDeadlineSeconds, inRange(1, 2147483647)))
  if (hostname) errors.push(...each(`${path}.hostname`, hostname, isLabel(hostname)))
  if (subdomain) errors.push(...each(`${path}.subdomain`, subdomain, isLabel(subdomain)))
  if (tolerations !== undefined) unlessKnownFine(errors, `${path}.tolerations`, tolerations, tolerationErrors)
  if (spec.hostAliases !== undefined) aliasErrors(errors, `${path}.hostAliases`, spec.hostAliases)
  if (priorityClassName)
    errors.push(...each(`${path}.priorityClassName`, priorityClassName, isSubdomain(priorityClassName)))
  if (spec.runtimeClassName !== undefined)
    errors.push(...each(`${path}.runtimeClassName`, spec.runtimeClassName, isSubdomain(spec.runtimeClassName)))
  preemptionErrors(errors, `${path}.preemptionPolicy`, spec.preemptionPolicy)
  if (spec.overhead !== undefined) resourceErrors(errors, `${path}.overhead`, { limits: spec.overhead })
  osErrors(errors, path, spec)
}

const overrideMax = 64

/** A host name that stands in for the one made of the pod's name. */
function overrideErrors(errors: FieldError[], path: string, spec: PodSpec, name: string): void {
  const at = `${path}.hostnameOverride`
  if (spec.setHostnameAsFQDN === true)
    errors.push(notAllowed(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (spec.hostNetwork === true) errors.push(notAllowed(at, 'may not be specified when hostNetwork is true'))
  if (name.length > overrideMax) errors.push(tooLong(at, overrideMax))
  errors.push(...each(at, name, isSubdomain(name)))
}

function aliasErrors(errors: FieldError[], path: string, aliases: NonNullable<PodSpec['hostAliases']>): void {
  aliases.forEach(({ ip, hostnames }, index) => {
    errors.push(...each(`${path}[${index}].ip`, ip ?? '', isIp(ip ?? '')))
    hostnames?.forEach((name, place) =>
      errors.push(...each(`${path}[${index}].hostnames[${place}]`, name, isSubdomain(name))),
    )
  })
}

const policies = ['PreemptLowerPriority', 'Never']

function preemptionErrors(errors: FieldError[], path: string, policy: string | undefined): void {
  if (policy === '') errors.push(required(path))
  else if (policy !== undefined && !policies.includes(policy)) errors.push(unsupported(path, policy, policies))
}
