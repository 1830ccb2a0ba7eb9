import {
  controllerOf,
  formatTime,
  isEqual,
  parseTime,
  requirementsOf,
  selects,
  type Deployment,
  type KubeObject,
  type LabelSelector,
  type Pod,
  type PodDisruptionBudget,
  type ReplicaSet,
} from '../api/index.ts'
import { changed, disruptionAllowed } from '../api/disruption.ts'
import type { Change } from '../client/index.ts'
import { defineController, updateStatus, type Plan, type See, type View, type Write } from './controller.ts'
import { isReady } from './pods.ts'

type Budget = PodDisruptionBudget

/** An eviction that has not led to a deletion by then is forgotten. upstream: DeletionTimeout */
const deletionTimeoutMs = 120_000

/** Counts for each PodDisruptionBudget how many of its pods may be disturbed. upstream: pkg/controller/disruption/disruption.go */
export const disruptionController = defineController<Budget>({
  name: 'disruption-controller',
  for: 'PodDisruptionBudget',
  watches: {
    Pod: {
      whileAny: 'PodDisruptionBudget',
      concerns: (change: Change<Pod>, { lister }) => budgetsOf(change, lister<Budget>('PodDisruptionBudget').list()),
    },
    ReplicaSet: {},
    Deployment: {},
    StatefulSet: {},
    ReplicationController: {},
  },
  reconcile: (view) => (view.object.metadata.deletionTimestamp === undefined ? sync(view) : { writes: [] }),
})

function* budgetsOf({ object, previous }: Change<Pod>, budgets: Iterable<Budget>): Iterable<string> {
  for (const { metadata, spec } of budgets)
    if (metadata.namespace === object.metadata.namespace)
      if (matches(spec, object) || (previous && matches(spec, previous))) yield `${metadata.namespace}/${metadata.name}`
}

const matches = ({ selector }: Budget['spec'], { metadata }: Pod): boolean => selects(selector, metadata.labels)

function say(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): Write {
  return { do: 'event', object, event: { type, reason, message, component: 'controllermanager' } }
}

function sync(view: View<Budget>): Plan {
  const { object: budget, lister, now } = view
  const pods = [...lister<Pod>('Pod').list()].filter(
    (pod) => pod.metadata.namespace === budget.metadata.namespace && matches(budget.spec, pod),
  )
  const told: Write[] = pods.length === 0 ? [say(budget, 'Normal', 'NoPods', 'No matching pods found')] : []
  const expected = expectedIn(view, pods)
  if (expected.error !== undefined) {
    const message = `Failed to calculate the number of expected pods: ${expected.error}`
    told.push(say(budget, 'Warning', 'CalculateExpectedPodCountFailed', message))
    return { writes: [...told, ...statusWrites(view, failed(view, expected.error))], isStale: true }
  }
  if (expected.hasOrphans) told.push(say(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget.spec.selector)))
  const { disrupted, recheckAt, late } = disruptedIn(budget, pods, now)
  for (const pod of late) {
    const { namespace, name } = budget.metadata
    told.push(
      say(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`),
    )
  }
  const healthy = pods.filter((pod) => isHealthy(pod, disrupted, now)).length
  const status = statusOf(view, { healthy, expected: expected.count, desired: expected.desired, disrupted })
  return {
    writes: [...told, ...statusWrites(view, status)],
    ...(recheckAt !== undefined && { requeueAfterMs: recheckAt - now }),
  }
}

interface Expected {
  readonly count: number
  readonly desired: number
  /** some pods belong to nobody, so that nobody knows how many there should be */
  readonly hasOrphans: boolean
  readonly error?: string
}

// upstream: getExpectedPodCount there
function expectedIn(view: View<Budget>, pods: readonly Pod[]): Expected {
  const { minAvailable, maxUnavailable } = view.object.spec
  if (maxUnavailable !== undefined) {
    const scale = scaleOf(view, pods)
    const desired = Math.max(0, scale.count - shareOf(maxUnavailable, scale.count))
    return { ...scale, desired }
  }
  if (typeof minAvailable === 'string') {
    const scale = scaleOf(view, pods)
    return { ...scale, desired: shareOf(minAvailable, scale.count) }
  }
  return { count: pods.length, desired: minAvailable ?? 0, hasOrphans: false }
}

/** A number, or a part of a whole, rounded up. */
function shareOf(value: string | number, whole: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * whole) / 100)
}

/** How many pods their controllers want together. */
function scaleOf(see: See, pods: readonly Pod[]): Omit<Expected, 'desired'> {
  const counts = new Map<string, number>()
  let hasOrphans = false
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (owner === undefined) {
      hasOrphans = true
      continue
    }
    if (counts.has(owner.uid)) continue
    const found = replicasBy(see, pod.metadata.namespace ?? '', owner)
    if (typeof found === 'string') return { count: 0, hasOrphans, error: found }
    if (found !== undefined) counts.set(found.uid, found.replicas)
    else if (scalable.has(owner.kind))
      return { count: 0, hasOrphans, error: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` }
  }
  return { count: [...counts.values()].reduce((sum, count) => sum + count, 0), hasOrphans }
}

const scalable: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController', 'StatefulSet'])

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number }
}

interface Owner {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

/** What a pod's controller wants, or the one above it; a text where it cannot be scaled. */
function replicasBy(
  see: See,
  namespace: string,
  { apiVersion, kind, name, uid }: Owner,
): { readonly uid: string; readonly replicas: number } | string | undefined {
  if (!scalable.has(kind)) {
    const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
    return `${kind.toLowerCase()}s${group} does not implement the scale subresource`
  }
  const owner = see.lister<Scaled>(kind).get(`${namespace}/${name}`)
  if (owner === undefined || owner.metadata.uid !== uid) return undefined
  const above = kind === 'ReplicaSet' ? controllerOf(owner as unknown as ReplicaSet) : undefined
  if (above?.kind !== 'Deployment') return { uid, replicas: owner.spec.replicas ?? 1 }
  const deployment = see.lister<Deployment>('Deployment').get(`${namespace}/${above.name}`)
  if (deployment === undefined || deployment.metadata.uid !== above.uid) return undefined
  return { uid: above.uid, replicas: deployment.spec.replicas ?? 1 }
}

interface Disrupted {
  /** pods that were let go and are still there, by the time of their eviction */
  readonly disrupted: Readonly<Record<string, string>>
  readonly recheckAt: number | undefined
  readonly late: readonly Pod[]
}

// upstream: buildDisruptedPodMap there
function disruptedIn({ status }: Budget, pods: readonly Pod[], now: number): Disrupted {
  const disrupted: Record<string, string> = {}
  const late: Pod[] = []
  let recheckAt: number | undefined
  for (const pod of status?.disruptedPods === undefined ? [] : pods) {
    const at = status.disruptedPods?.[pod.metadata.name]
    if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue
    const due = parseTime(at) + deletionTimeoutMs
    if (due < now) late.push(pod)
    else {
      recheckAt = Math.min(recheckAt ?? due, due)
      disrupted[pod.metadata.name] = at
    }
  }
  return { disrupted, recheckAt, late }
}

function isHealthy(pod: Pod, disrupted: Disrupted['disrupted'], now: number): boolean {
  const at = disrupted[pod.metadata.name]
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return (at === undefined || parseTime(at) + deletionTimeoutMs <= now) && isReady(pod)
}

interface Counts {
  readonly healthy: number
  readonly expected: number
  readonly desired: number
  readonly disrupted: Disrupted['disrupted']
}

function statusOf({ object, now }: View<Budget>, { healthy, expected, desired, disrupted }: Counts): Budget['status'] {
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired)
  const { generation } = object.metadata
  const { disruptedPods: _before, ...status } = object.status ?? {}
  return {
    ...status,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    disruptionsAllowed: allowed,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: changed(object.status?.conditions, disruptionAllowed(allowed, generation, formatTime(now))),
  } as Budget['status']
}

/** A budget that cannot be worked out lets nobody go. */
function failed({ object, now }: View<Budget>, message: string): Budget['status'] {
  const { generation = 0 } = object.metadata
  const condition = { ...disruptionAllowed(0, generation, formatTime(now)), reason: 'SyncFailed', message }
  return {
    ...object.status,
    disruptionsAllowed: 0,
    observedGeneration: generation,
    conditions: changed(object.status?.conditions, condition),
  } as Budget['status']
}

function statusWrites({ object }: View<Budget>, status: Budget['status']): readonly Write[] {
  return isEqual(status, object.status) ? [] : [updateStatus({ ...object, status } as Budget)]
}

function unmanagedText(selector: LabelSelector | undefined): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${goSelector(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`
}

/** A selector as Go prints its pointer. */
function goSelector(selector: LabelSelector | undefined): string {
  if (requirementsOf(selector) === undefined) return 'nil'
  const labels = Object.entries(selector?.matchLabels ?? {})
    .sort()
    .map(([key, value]) => `${key}: ${value},`)
    .join('')
  const terms = (selector?.matchExpressions ?? [])
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
    )
    .join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${terms}},}`
}
