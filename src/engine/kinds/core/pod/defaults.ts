import type { Draft, Pod } from '../../../api/index.ts'
import { aggregate, isHugePage, isPodLevel } from './aggregate.ts'
import type { ContainerDraft, PodSpecDraft, Probe, VolumeDraft } from './types.ts'

// upstream: pkg/apis/core/v1/defaults.go

/** What a Pod gets beyond what every template gets. */
export function defaultPod(draft: Draft<Pod>): void {
  draft.spec ??= {} as Draft<Pod['spec']>
  draft.status ??= {}
  const { spec } = draft
  defaultPodSpec(spec)
  spec.enableServiceLinks ??= true
  spec.containers.forEach(requestsFromLimits)
  spec.initContainers?.forEach(requestsFromLimits)
  if (spec.hostNetwork === true) {
    spec.containers.forEach(portsOnTheHost)
    spec.initContainers?.forEach(portsOnTheHost)
  }
  defaultPodResources(spec)
}

/** What a pod template gets. */
export function defaultTemplate(template: { metadata?: object; spec?: PodSpecDraft }): void {
  template.metadata ??= {}
  template.spec ??= {} as PodSpecDraft
  defaultPodSpec(template.spec)
}

function defaultPodSpec(spec: PodSpecDraft): void {
  spec.containers ??= []
  spec.restartPolicy ??= 'Always'
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.schedulerName ??= 'default-scheduler'
  spec.terminationGracePeriodSeconds ??= 30
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1
  spec.securityContext ??= {}
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount
  for (const container of allContainers(spec)) defaultContainer(container)
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
}

function allContainers(spec: PodSpecDraft): ContainerDraft[] {
  const { initContainers, containers = [], ephemeralContainers } = spec
  if (initContainers === undefined && ephemeralContainers === undefined) return containers
  return [...(initContainers ?? []), ...containers, ...((ephemeralContainers ?? []) as ContainerDraft[])]
}

function defaultContainer(container: ContainerDraft): void {
  container.imagePullPolicy ??= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  container.resources ??= {}
  for (const port of container.ports ?? []) port.protocol ??= 'TCP'
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ??= 'v1'
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0'
  }
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container
  for (const probe of [livenessProbe, readinessProbe, startupProbe]) if (probe) defaultProbe(probe)
  if (lifecycle?.stopSignal !== undefined) dropStopSignal(container, lifecycle)
  for (const handler of [lifecycle?.postStart, lifecycle?.preStop])
    if (handler?.httpGet) defaultHttpGet(handler.httpGet)
}

/** Its feature gate is off. */
function dropStopSignal(container: ContainerDraft, lifecycle: NonNullable<ContainerDraft['lifecycle']>): void {
  delete lifecycle.stopSignal
  if (!lifecycle.postStart && !lifecycle.preStop) delete container.lifecycle
}

/** Whether an image's tag is `latest`, said or not. */
export function isLatest(image: string): boolean {
  const match = /^((?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]+)(?::([\w.-]+))?(@.+)?$/.exec(image)
  if (match === null) return false
  const [, , tag, digest] = match
  return tag === undefined ? digest === undefined : tag === 'latest'
}

function defaultProbe(probe: Draft<Probe>): void {
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  if (probe.httpGet) defaultHttpGet(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
}

function defaultHttpGet(get: { path?: string; scheme?: string }): void {
  get.path ||= '/'
  get.scheme ||= 'HTTP'
}

function defaultVolume(volume: VolumeDraft): void {
  let count = 0
  for (const _ in volume) count++
  if (count === ('name' in volume ? 1 : 0)) volume.emptyDir = {}
  const { secret, configMap, downwardAPI, projected, hostPath, image, ephemeral } = volume
  if (secret) secret.defaultMode ??= 420
  if (configMap) configMap.defaultMode ??= 420
  if (hostPath) hostPath.type ??= ''
  if (image) image.pullPolicy ??= isLatest(image.reference ?? '') ? 'Always' : 'IfNotPresent'
  if (ephemeral?.volumeClaimTemplate) ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem'
  if (downwardAPI) {
    downwardAPI.defaultMode ??= 420
    defaultFiles(downwardAPI.items)
  }
  if (projected) defaultProjected(projected)
  if (volume.rbd) {
    volume.rbd.pool ??= 'rbd'
    volume.rbd.user ??= 'admin'
    volume.rbd.keyring ??= '/etc/ceph/keyring'
  }
  if (volume.iscsi) volume.iscsi.iscsiInterface ??= 'default'
  if (volume.azureDisk) {
    volume.azureDisk.cachingMode ??= 'ReadWrite'
    volume.azureDisk.kind ??= 'Shared'
    volume.azureDisk.fsType ??= 'ext4'
    volume.azureDisk.readOnly ??= false
  }
  if (volume.scaleIO) {
    volume.scaleIO.storageMode ??= 'ThinProvisioned'
    volume.scaleIO.fsType ??= 'xfs'
  }
}

function defaultProjected(projected: NonNullable<VolumeDraft['projected']>): void {
  projected.defaultMode ??= 420
  for (const source of projected.sources ?? []) {
    defaultFiles(source.downwardAPI?.items)
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600
    delete source.clusterTrustBundle // its feature gate is off
    delete source.podCertificate // likewise
  }
}

type DownwardFiles = NonNullable<NonNullable<VolumeDraft['downwardAPI']>['items']>

function defaultFiles(files: DownwardFiles | undefined): void {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef) fieldRef.apiVersion ??= 'v1'
    if (resourceFieldRef) resourceFieldRef.divisor ??= '0'
  }
}

function requestsFromLimits({ resources }: ContainerDraft): void {
  if (resources?.limits === undefined) return
  resources.requests = { ...resources.limits, ...resources.requests }
}

function portsOnTheHost({ ports }: ContainerDraft): void {
  for (const port of ports ?? []) port.hostPort ||= port.containerPort
}

/**
 * The pod as a whole, once anything is said of it: huge pages are limited as its containers' are together; with a limit,
 * requests are what the containers ask for together, or that limit.
 */
// upstream: defaultHugePagePodLimits, defaultPodRequests there
function defaultPodResources({ resources, containers = [], initContainers = [] }: PodSpecDraft): void {
  if (resources === undefined || (isEmpty(resources.limits) && isEmpty(resources.requests))) return
  const caps = aggregate('limits', containers, initContainers)
  for (const name in caps)
    if (isHugePage(name) && resources.limits?.[name] === undefined && resources.requests?.[name] === undefined)
      (resources.limits ??= {})[name] = caps[name]!
  if (isEmpty(resources.limits)) return
  const together = aggregate('requests', containers, initContainers)
  const requests: Record<string, string> = { ...resources.requests }
  for (const name in together) if (isPodLevel(name) && !isHugePage(name)) requests[name] ??= together[name]!
  for (const name in resources.limits) if (isPodLevel(name)) requests[name] ??= resources.limits[name]!
  if (!isEmpty(requests)) resources.requests = requests
}

function isEmpty(amounts: object | undefined): boolean {
  for (const _ in amounts) return false
  return true
}
