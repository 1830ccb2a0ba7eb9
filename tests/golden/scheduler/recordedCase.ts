import type { KubeObject, Node, Pod } from '../../../src/engine/api/index.ts'
import type { ObservedKind } from '../../../src/engine/scheduler/objects.ts'
import { snapshotOf, type Snapshot } from '../../../src/engine/scheduler/snapshot.ts'

/** One recorded decision of the real scheduler. The README beside the recordings says what each field means. */
export interface RecordedCase {
  readonly name: string
  readonly tests: string
  readonly objects: Readonly<Record<string, readonly Loose[] | undefined>>
  readonly pod: Loose
  readonly result: {
    readonly node?: string
    readonly candidates?: readonly string[]
    readonly sampled?: { readonly evaluated?: number; readonly feasible?: number }
    readonly unschedulable?: { readonly reason: string; readonly message: string; readonly event?: string }
    readonly gated?: { readonly reason: string; readonly message: string }
    readonly ignored?: string
  }
  readonly preFilter?: string
  readonly filters?: Readonly<
    Record<string, { readonly plugin: string; readonly message: string; readonly code: string }>
  >
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly preemption?: {
    readonly nominatedNode?: string
    readonly nominatedNodes?: readonly string[]
    readonly victims?: Readonly<Record<string, readonly string[]>>
    readonly dryRun?: Readonly<
      Record<
        string,
        { readonly victims?: readonly string[]; readonly pdbViolations?: number; readonly message?: string }
      >
    >
  }
}

interface Loose {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
  readonly value?: number
  readonly preemptionPolicy?: string
  readonly overhead?: { readonly podFixed?: unknown }
}

const kindOf: Readonly<Record<string, ObservedKind>> = {
  pvs: 'PersistentVolume',
  pvcs: 'PersistentVolumeClaim',
  storageClasses: 'StorageClass',
  csinodes: 'CSINode',
  pdbs: 'PodDisruptionBudget',
  services: 'Service',
  replicasets: 'ReplicaSet',
  namespaces: 'Namespace',
}

/** The cluster of a case and its pod, with what the API server would have filled in. */
export function load({ objects, pod }: RecordedCase): { pod: Pod; snapshot: Snapshot } {
  const complete = (one: Loose): Pod => completePod(one, objects)
  const others: Partial<Record<ObservedKind, readonly KubeObject[]>> = {}
  for (const [list, kind] of Object.entries(kindOf))
    others[kind] = (objects[list] ?? []).map((one) => completeObject(one, kind))
  others.Namespace = withAllNamespaces(others.Namespace ?? [], objects)
  const snapshot = snapshotOf({
    nodes: (objects['nodes'] ?? []) as readonly unknown[] as readonly Node[],
    pods: (objects['pods'] ?? []).map(complete),
    nominated: (objects['pending'] ?? []).map(complete),
    others,
  })
  return { pod: complete(pod), snapshot }
}

function completeObject(one: Loose, kind: ObservedKind): KubeObject {
  const isNamespaced = !['PersistentVolume', 'StorageClass', 'CSINode', 'Namespace'].includes(kind)
  const labels =
    kind === 'Namespace' ? { labels: { 'kubernetes.io/metadata.name': one.metadata.name, ...one.metadata.labels } } : {}
  return {
    ...one,
    kind,
    metadata: { ...(isNamespaced && { namespace: 'default' }), ...one.metadata, ...labels },
  } as unknown as KubeObject
}

/** Namespaces without labels of interest are not written down in a case. */
function withAllNamespaces(given: readonly KubeObject[], objects: RecordedCase['objects']): readonly KubeObject[] {
  const used = Object.values(objects).flatMap((list) =>
    (list ?? []).flatMap(({ metadata }) => metadata.namespace ?? []),
  )
  const missing = [...new Set(['default', 'kube-system', ...used])].filter(
    (name) => !given.some(({ metadata }) => metadata.name === name),
  )
  return [...given, ...missing.map((name) => completeObject({ metadata: { name } }, 'Namespace'))]
}

const ordinary = ['not-ready', 'unreachable'].map((end) => ({
  key: `node.kubernetes.io/${end}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}))

function completePod(pod: Loose, objects: RecordedCase['objects']): Pod {
  const spec = JSON.parse(JSON.stringify(pod.spec)) as Draft
  const labels = pod.metadata.labels ?? {}
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) completeContainer(container, spec)
  if (spec.resources?.limits) spec.resources.requests = { ...spec.resources.limits, ...spec.resources.requests }
  completePriority(spec, objects)
  const runtimeClass = objects['runtimeClasses']?.find(({ metadata }) => metadata.name === spec.runtimeClassName)
  if (runtimeClass?.overhead) spec.overhead ??= runtimeClass.overhead.podFixed
  spec.tolerations = [...(spec.tolerations ?? []), ...ordinary]
  for (const constraint of spec.topologySpreadConstraints ?? []) mergeKeys(constraint, labels)
  for (const term of affinityTerms(spec)) mergeKeys(term, labels)
  const metadata = { namespace: 'default', ...pod.metadata }
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { uid: `${metadata.namespace}/${metadata.name}`, ...metadata },
    spec,
    status: pod.status ?? {},
  } as unknown as Pod
}

interface Draft {
  containers: DraftContainer[]
  initContainers?: DraftContainer[]
  hostNetwork?: boolean
  resources?: { limits?: object; requests?: object }
  priority?: number
  priorityClassName?: string
  preemptionPolicy?: string
  runtimeClassName?: string
  overhead?: unknown
  tolerations?: unknown[]
  topologySpreadConstraints?: Keyed[]
  affinity?: Record<
    'podAffinity' | 'podAntiAffinity',
    Record<string, (Keyed & { podAffinityTerm?: Keyed })[]> | undefined
  >
}

interface DraftContainer {
  ports?: { hostPort?: number; containerPort: number }[]
  resources?: { limits?: object; requests?: object }
}

interface Keyed {
  labelSelector?: { matchExpressions?: object[] }
  matchLabelKeys?: string[]
  mismatchLabelKeys?: string[]
}

function completeContainer(container: DraftContainer, { hostNetwork }: Draft): void {
  const { resources, ports } = container
  if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests }
  if (hostNetwork) for (const port of ports ?? []) port.hostPort ??= port.containerPort
}

function completePriority(spec: Draft, objects: RecordedCase['objects']): void {
  const known: readonly Loose[] = [
    ...(objects['priorityClasses'] ?? []),
    { metadata: { name: 'system-cluster-critical' }, value: 2_000_000_000 },
    { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 },
  ]
  const named = known.find(({ metadata }) => metadata.name === spec.priorityClassName)
  spec.priority ??= named?.value ?? 0
  spec.preemptionPolicy ??= named?.preemptionPolicy ?? 'PreemptLowerPriority'
}

function affinityTerms({ affinity }: Draft): Keyed[] {
  const lists = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((one) => Object.values(one ?? {}))
  return lists.flat().map((term) => term.podAffinityTerm ?? term)
}

function mergeKeys(term: Keyed, labels: Readonly<Record<string, string>>): void {
  const expressions = (keys: readonly string[] | undefined, operator: string): object[] =>
    (keys ?? []).flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]))
  const added = [...expressions(term.matchLabelKeys, 'In'), ...expressions(term.mismatchLabelKeys, 'NotIn')]
  if (term.labelSelector && added.length > 0)
    term.labelSelector = {
      ...term.labelSelector,
      matchExpressions: [...(term.labelSelector.matchExpressions ?? []), ...added],
    }
}
