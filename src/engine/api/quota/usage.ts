import type { KubeObject, PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../types.ts'
import { formatTime, parseTime } from '../time.ts'
import { addTo, amountOf, amountsOf, count, type Amount } from './amount.ts'
import { podTotals } from './podTotals.ts'
import { isInScope } from './scopes.ts'

type Usage = Record<string, Amount>

/** A kind as quotas name it. */
export interface Counted {
  readonly group: string
  readonly kind: string
  readonly plural: string
}

const one = count(1)

/** `count/deployments.apps` */
export const countName = ({ group, plural }: Pick<Counted, 'group' | 'plural'>): string =>
  `count/${plural}${group === '' ? '' : `.${group}`}`

/** Core kinds that a quota may also count by their bare names. */
const plainNames: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'])

/** What one object takes of a quota. */
// upstream: pkg/quota/v1/evaluator/core, staging/src/k8s.io/apiserver/pkg/quota/v1/generic
export function usageOf(kind: Counted, object: KubeObject, now: string): Usage {
  const own = kind.group === '' ? usages[kind.kind]?.(object, now) : undefined
  const usage: Usage = { [countName(kind)]: one, ...own }
  if (kind.group === '' && plainNames.has(kind.plural)) usage[kind.plural] = one
  return usage
}

const usages: Readonly<Record<string, (object: KubeObject, now: string) => Usage>> = {
  Pod: (object, now) => podUsage(object as Pod, now),
  Service: (object) => serviceUsage(object as Service),
  PersistentVolumeClaim: (object) => claimUsage(object as PersistentVolumeClaim),
}

function podUsage(pod: Pod, now: string): Usage {
  if (!takesResources(pod, now)) return {}
  return { pods: one, ...computeNames(podTotals(pod.spec, 'requests'), podTotals(pod.spec, 'limits')) }
}

/** A pod that has ended, or should have by now, takes nothing but its place. */
// upstream: pkg/quota/v1/evaluator/core/pods.go QuotaV1Pod
export function takesResources({ metadata, status }: Pod, now: string): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true
  return now <= formatTime(parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000)
}

/** Requests and limits under the names that quotas give them. */
export function computeNames(
  requests: Readonly<Record<string, Amount>>,
  limits: Readonly<Record<string, Amount>>,
): Usage {
  const usage: Usage = {}
  for (const name in requests) {
    const amount = requests[name]!
    if (native.has(name) || name.startsWith('hugepages-')) usage[name] = amount
    if (native.has(name) || name.startsWith('hugepages-') || name.includes('/')) usage[`requests.${name}`] = amount
  }
  for (const name in limits) if (native.has(name)) usage[`limits.${name}`] = limits[name]!
  return usage
}

const native: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])

function serviceUsage({ spec }: Service): Usage {
  const usage: Usage = { services: one }
  const ports = spec.ports ?? []
  if (spec.type === 'NodePort') usage['services.nodeports'] = count(ports.length)
  if (spec.type === 'LoadBalancer') {
    const taken = spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort) : ports
    usage['services.nodeports'] = count(taken.length)
    usage['services.loadbalancers'] = one
  }
  return usage
}

const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

function claimUsage({ metadata, spec, status }: PersistentVolumeClaim): Usage {
  const usage: Usage = { persistentvolumeclaims: one }
  const storageClass = metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? ''
  const prefix = storageClass === '' ? undefined : `${storageClass}.storageclass.storage.k8s.io/`
  if (prefix !== undefined) usage[`${prefix}persistentvolumeclaims`] = one
  const request = spec.resources?.requests?.['storage']
  if (request === undefined) return usage
  const allocated = amountsOf(status?.allocatedResources)['storage']
  const asked = amountOf(request)
  const storage = allocated !== undefined && allocated.milli > asked.milli ? allocated : asked
  usage['requests.storage'] = storage
  if (prefix !== undefined) usage[`${prefix}requests.storage`] = storage
  return usage
}

/** Whether a name in a quota is one that objects of this kind are counted by. */
export function isCountedBy(kind: Counted, name: string): boolean {
  if (name === countName(kind)) return true
  if (kind.group !== '') return false
  if (kind.plural === name && (plainNames.has(name) || ownNames[kind.kind] !== undefined)) return true
  return ownNames[kind.kind]?.(name) ?? false
}

const podNames: ReadonlySet<string> = new Set([
  'pods',
  ...native,
  ...[...native].flatMap((name) => [`requests.${name}`, `limits.${name}`]),
])

const ownNames: Readonly<Record<string, (name: string) => boolean>> = {
  Pod: (name) =>
    podNames.has(name) ||
    name.startsWith('hugepages-') ||
    name.startsWith('requests.hugepages-') ||
    (name.startsWith('requests.') && name.includes('/')),
  Service: (name) => name === 'services' || name === 'services.nodeports' || name === 'services.loadbalancers',
  PersistentVolumeClaim: (name) =>
    name === 'persistentvolumeclaims' || name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/'),
}

/** Kinds that are counted by more than their number. */
export const measuredKinds: readonly Counted[] = [
  { group: '', kind: 'Pod', plural: 'pods' },
  { group: '', kind: 'Service', plural: 'services' },
  { group: '', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
]

/** What all objects together take of a quota: a number for each name in its `hard`. */
export function totalUsage(
  quota: ResourceQuota,
  objects: Iterable<readonly [Counted, KubeObject]>,
  now: string,
): Record<string, Amount> {
  const names = Object.keys(quota.spec.hard ?? {})
  const total: Usage = {}
  for (const [kind, object] of objects) if (isInScope(quota, kind, object)) addTo(total, usageOf(kind, object, now))
  const none: Amount = { milli: 0n, isBinary: false }
  return Object.fromEntries(names.map((name) => [name, total[name] ?? none]))
}
