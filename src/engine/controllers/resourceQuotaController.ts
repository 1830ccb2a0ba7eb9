import {
  formatTime,
  isEqual,
  type CustomKindName,
  type KubeObject,
  type Pod,
  type ResourceQuota,
  type Service,
} from '../api/index.ts'
import { amountOf, textsOf, type Amounts } from '../api/quota/amount.ts'
import { isCountedBy, takesResources, totalUsage, type Counted } from '../api/quota/usage.ts'
import type { Change } from '../client/index.ts'
import { defineController, nobody, nothing, periodKey, updateStatus, type See, type WatchInput } from './controller.ts'
import { namespacedKinds } from './kindNames.ts'

const resyncMs = 300_000 // upstream: --resource-quota-sync-period

/** Writes down what is taken of each quota: when a quota changes, when something leaves, and every five minutes. */
// upstream: pkg/controller/resourcequota/resource_quota_controller.go
export const resourceQuotaController = defineController<ResourceQuota>({
  name: 'resourcequota-controller',
  for: 'ResourceQuota',
  watches: {
    ...Object.fromEntries(namespacedKinds.map((kind) => [kind, watchOf(kind)])),
    ResourceQuota: {
      concerns: ({ type, object, previous }: Change<ResourceQuota>) =>
        type === 'ADDED' || !isEqual(previous?.spec.hard, object.spec.hard) ? [keyOfQuota(object)] : [],
    },
  },
  watchesCustom: watchOf(''),
  everyMs: resyncMs,
  reconcile({ object, lister, now, customKinds }) {
    const hard = object.spec.hard ?? {}
    const counted = kindsIn(Object.keys(hard), customKinds())
    const time = formatTime(now)
    const used = totalUsage(object, objectsOf(counted, object.metadata.namespace, lister), time)
    if (isEqual(object.status?.hard, hard) && object.status?.used !== undefined && isSame(object.status.used, used))
      return nothing
    const status = { ...object.status, hard, used: textsOf(used) }
    return { writes: [updateStatus({ ...object, status } as ResourceQuota)] }
  },
  reconcileAbsent(see, key) {
    if (key !== periodKey) return nothing
    return { writes: [], wake: [...see.lister<ResourceQuota>('ResourceQuota').list()].map(keyOfQuota) }
  },
})

const keyOfQuota = ({ metadata }: ResourceQuota): string => `${metadata.namespace}/${metadata.name}`

/** What leaves gives back what it took; pods do when they end, Services when they change their type. */
function watchOf(kind: string): WatchInput<object> {
  return {
    whileAny: 'ResourceQuota',
    concerns({ type, object, previous }: Change<KubeObject>, see: See) {
      if (type === 'ADDED') return nobody
      if (type === 'MODIFIED' && !givesBack(kind, object, previous!, see.now)) return nobody
      const { namespace } = object.metadata
      const quotas = [...see.lister<ResourceQuota>('ResourceQuota').list()]
      return quotas.filter((quota) => quota.metadata.namespace === namespace).map(keyOfQuota)
    },
  }
}

// upstream: pkg/quota/v1/install/update_filter.go
function givesBack(kind: string, object: KubeObject, previous: KubeObject, now: number): boolean {
  if (kind === 'Pod') {
    const time = formatTime(now)
    return takesResources(previous as Pod, time) && !takesResources(object as Pod, time)
  }
  if (kind === 'Service') return (object as Service).spec.type !== (previous as Service).spec.type
  if (kind === 'PersistentVolumeClaim')
    return !isEqual((object as { spec?: unknown }).spec, (previous as { spec?: unknown }).spec)
  return false
}

const groups: Readonly<Record<string, string>> = {
  ControllerRevision: 'apps',
  DaemonSet: 'apps',
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  HorizontalPodAutoscaler: 'autoscaling',
  CronJob: 'batch',
  Job: 'batch',
  Lease: 'coordination.k8s.io',
  EndpointSlice: 'discovery.k8s.io',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  PodDisruptionBudget: 'policy',
  RoleBinding: 'rbac.authorization.k8s.io',
  Role: 'rbac.authorization.k8s.io',
  ResourceClaim: 'resource.k8s.io',
  ResourceClaimTemplate: 'resource.k8s.io',
  CSIStorageCapacity: 'storage.k8s.io',
}

/** A kind, and the name by which its objects are found. */
interface CountedKind extends Counted {
  readonly lister: string
}

const countable: readonly CountedKind[] = namespacedKinds.map((kind) => ({
  kind,
  lister: kind,
  group: groups[kind] ?? '',
  plural: pluralOf(kind.toLowerCase()),
}))

function pluralOf(word: string): string {
  if (word === 'endpoints') return word
  if (word.endsWith('s')) return `${word}es`
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** The kinds that a quota's names are about. */
function kindsIn(names: readonly string[], custom: readonly CustomKindName[]): readonly CountedKind[] {
  const isNamed = (kind: Counted): boolean => names.some((name) => isCountedBy(kind, name))
  const own = custom.filter((kind) => kind.namespaced && isNamed(kind))
  return [...countable.filter(isNamed), ...own.map((kind) => ({ ...kind, lister: `${kind.kind}.${kind.group}` }))]
}

function* objectsOf(
  kinds: readonly CountedKind[],
  namespace: string | undefined,
  lister: See['lister'],
): Iterable<readonly [Counted, KubeObject]> {
  for (const kind of kinds)
    for (const object of lister(kind.lister).list()) if (object.metadata.namespace === namespace) yield [kind, object]
}

function isSame(texts: Readonly<Record<string, string>>, amounts: Amounts): boolean {
  const names = Object.keys(amounts)
  if (names.length !== Object.keys(texts).length) return false
  return names.every((name) => texts[name] !== undefined && amountOf(texts[name]).milli === amounts[name]!.milli)
}
