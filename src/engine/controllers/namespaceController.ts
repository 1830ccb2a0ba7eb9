import { formatTime, isEqual, type KubeObject, type Namespace, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { defineController, nothing, patch, updateStatus, type Plan, type View, type Write } from './controller.ts'
import { kindNameOf, namespacedKinds } from './kindNames.ts'
import { forgive } from './perform.ts'
import { isOver } from './pods.ts'

interface Memory {
  /** when a namespace is to be looked at again, by name */
  readonly due: Map<string, number>
}

type Sight = View<Namespace, Memory>

const graceMs = 5000 // upstream: namespaceDeletionGracePeriod
const finalizerEstimateSeconds = 15
const checkMs = 20

/**
 * Empties a namespace that is going, pods first, and lets it go when nothing is left.
 * upstream: pkg/controller/namespace/deletion/namespaced_resources_deleter.go
 */
export const namespaceController = defineController<Namespace, Memory>({
  name: 'namespace-controller',
  for: 'Namespace',
  createMemory: () => ({ due: new Map() }),
  watches: {
    ...Object.fromEntries(namespacedKinds.map((kind) => [kind, {}])),
    Namespace: { observe: (change: Change<Namespace>, { memory, now }) => noteDue(memory, change, now) },
  },
  watchesCustom: {},
  reconcile(view) {
    const { object, memory, now, key } = view
    if (object.metadata.deletionTimestamp === undefined || !object.spec.finalizers?.includes('kubernetes'))
      return nothing
    if (object.status?.phase !== 'Terminating')
      return { writes: [updateStatus({ ...object, status: { ...object.status, phase: 'Terminating' } } as Namespace)] }
    const due = memory.due.get(key) ?? now
    return now < due ? { writes: [], requeueAfterMs: due - now } : empty(view)
  },
})

/** Other API servers and etcd members get some time to hear of a deletion before the sweeping starts. */
function noteDue({ due }: Memory, { type, object }: Change<Namespace>, now: number): void {
  const { name, deletionTimestamp } = object.metadata
  if (type === 'DELETED') due.delete(name)
  else if (deletionTimestamp !== undefined) due.set(name, Math.min(due.get(name) ?? Infinity, now + graceMs))
}

function empty(view: Sight): Plan {
  const { name } = view.object.metadata
  const pods = contentOf<Pod>(view, 'Pod')
  if (pods.length > 0) return emptyOfPods(view, pods)
  const custom = view.customKinds().filter(({ namespaced }) => namespaced)
  const content = [...namespacedKinds, ...custom.map(({ kind, group }) => `${kind}.${group}`)]
    .filter((kind) => kind !== 'Pod')
    .map((kind) => ({ kind, objects: contentOf(view, kind) }))
  const rest = content.filter(({ objects }) => objects.length > 0)
  const open = rest.filter(({ objects }) => objects.some(({ metadata }) => metadata.deletionTimestamp === undefined))
  if (open.length > 0) return { writes: open.map(({ kind }) => deleteAll(kind, name)), requeueAfterMs: checkMs }
  if (rest.length === 0) return finalize(view)
  return waitFor(
    view,
    rest.flatMap(({ objects }) => objects),
  )
}

function contentOf<K extends KubeObject>(view: Sight, kind: string): readonly K[] {
  const found: K[] = []
  for (const object of view.lister<K>(kind).list())
    if (object.metadata.namespace === view.object.metadata.name) found.push(object)
  return found
}

/** Nothing else goes before the last pod has gone. */
function emptyOfPods(view: Sight, pods: readonly Pod[]): Plan {
  const isOpen = pods.some(({ metadata }) => metadata.deletionTimestamp === undefined)
  const writes = isOpen ? [deleteAll('Pod', view.object.metadata.name)] : []
  const graces = pods
    .filter(({ status }) => !isOver(status.phase))
    .map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0)
  return { writes, ...later(view, Math.max(0, ...graces)) }
}

/** Looks again after half the time that is expected to be enough. */
function later({ memory, key, now }: Sight, estimateSeconds: number): Pick<Plan, 'requeueAfterMs' | 'isPoll'> {
  const requeueAfterMs = (Math.floor(estimateSeconds / 2) + 1) * 1000
  memory.due.set(key, now + requeueAfterMs)
  return { requeueAfterMs, isPoll: true }
}

function deleteAll(kind: string, namespace: string): Write {
  return { do: 'deleteAll', kind, namespace }
}

function finalize(view: Sight): Plan {
  const { object } = view
  const finalizers = object.spec.finalizers!.filter((each) => each !== 'kubernetes')
  const last = patch(
    object,
    { spec: { finalizers } },
    { subresource: 'finalize', refused: ({ code }) => (code === 404 ? forgive : undefined) },
  )
  return { writes: [...statusWrites(view, noneLeft, noneHeld), deleteAll('Event', object.metadata.name), last] }
}

function waitFor(view: Sight, rest: readonly KubeObject[]): Plan {
  const kinds = countBy(rest.map(kindNameOf))
  const held = countBy(rest.flatMap(({ metadata }) => metadata.finalizers ?? []))
  const list = (counts: ReadonlyMap<string, number>, word: (name: string) => string): string =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${word(name)} ${count} resource instances`)
      .join(', ')
  const remaining: Finding = {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: `Some resources are remaining: ${list(kinds, (kind) => `${customPlural(view, kind) ?? pluralOf(kind)}. has`)}`,
  }
  const holding: Finding = {
    type: 'NamespaceFinalizersRemaining',
    status: 'True',
    reason: 'SomeFinalizersRemain',
    message: `Some content in the namespace has finalizers remaining: ${list(held, (name) => `${name} in`)}`,
  }
  const writes = statusWrites(view, remaining, held.size > 0 ? holding : noneHeld)
  return { writes, ...later(view, finalizerEstimateSeconds) }
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function customPlural({ customKinds }: Sight, name: string): string | undefined {
  const found = customKinds().find(({ kind, group }) => `${kind}.${group}` === name)
  return found && `${found.plural}.${found.group}`
}

const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  ControllerRevision: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  EndpointSlice: 'discovery.k8s.io',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  Lease: 'coordination.k8s.io',
}

/** `configmaps`, `deployments.apps`: the dot that follows belongs to a core resource's empty group. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  const plural =
    word.endsWith('s') && word !== 'endpoints'
      ? `${word}es`
      : word.endsWith('y')
        ? `${word.slice(0, -1)}ies`
        : `${word}s`
  return groups[kind] ? `${plural}.${groups[kind]}` : plural
}

interface Finding {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

const fine = (type: string, reason: string, message: string): Finding =>
  Object.freeze({ type, status: 'False', reason, message })

const noneLeft = fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed')
const noneHeld = fine(
  'NamespaceFinalizersRemaining',
  'ContentHasNoFinalizers',
  'All content-preserving finalizers finished',
)
const always: readonly Finding[] = [
  fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
  fine(
    'NamespaceDeletionGroupVersionParsingFailure',
    'ParsedGroupVersions',
    'All legacy kube types successfully parsed',
  ),
  fine(
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ),
]

function statusWrites({ object, now }: Sight, ...findings: readonly Finding[]): readonly Write[] {
  const before = object.status?.conditions ?? []
  const conditions = [...always, ...findings].map((finding) => {
    const known = before.find(({ type }) => type === finding.type)
    const isOld =
      known?.status === finding.status && known.reason === finding.reason && known.message === finding.message
    return isOld ? known : { ...finding, lastTransitionTime: formatTime(now) }
  })
  if (isEqual(conditions, before)) return []
  return [updateStatus({ ...object, status: { ...object.status, conditions } } as Namespace)]
}
