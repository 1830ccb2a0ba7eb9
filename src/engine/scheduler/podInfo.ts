import { requirementsOf, type LabelSelector, type Pod, type Requirement, textAt } from '../api/index.ts'
import { affinityTermsOf, type AffinityTerms } from './affinityTerms.ts'
import { isEmptyTerm, nodeTermOf, requiredNodesOf, type NodeTerm, type RequiredNodes } from './nodeSelector.ts'
import type { Labels } from './objects.ts'
import {
  hasPodLevelRequests,
  isExplicit,
  isResizing,
  missingRequests,
  plainRequests,
  podRequests,
  resourcesOf,
  type Amounts,
  type RequestOptions,
  type Resources,
} from './resources.ts'

/** A pod with everything the plugins ask of it, read once. Immutable: a change of the pod makes a new one. */
export interface PodInfo {
  readonly key: string
  readonly uid: string
  readonly pod: Pod
  readonly name: string
  readonly namespace: string
  readonly labels: Labels
  readonly priority: number
  readonly isTerminating: boolean
  readonly isResizing: boolean
  readonly requests: Resources
  /** what the pod counts as on its node for the scores, and what it would add to a node */
  readonly boundCost: Cost
  readonly ownCost: Cost
  readonly hostPorts: readonly HostPort[]
  readonly requiredNodes: RequiredNodes | undefined
  readonly preferredNodes: readonly PreferredNodes[]
  readonly tolerations: readonly Toleration[]
  readonly terms: AffinityTerms
  readonly hardSpread: readonly SpreadConstraint[]
  readonly softSpread: readonly SpreadConstraint[]
  readonly volumes: readonly Volume[]
  /** the claims its volumes are about, by `namespace/name`: those it names, and those made for its generic ephemeral volumes */
  readonly claims: readonly string[]
}

/** Cpu and memory with a guess for containers that do not say. */
export interface Cost {
  readonly cpuMilli: number
  readonly memoryBytes: number
}

/** A port on the node itself that a pod wants. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

/** A weighted wish for nodes. */
export interface PreferredNodes {
  readonly weight: number
  readonly term: NodeTerm
}

export type Toleration = NonNullable<Pod['spec']['tolerations']>[number]
export type Volume = NonNullable<Pod['spec']['volumes']>[number]

/** One topology spread constraint, read once. */
export interface SpreadConstraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly selector: readonly Requirement[] | undefined
  /** the selector in one text */
  readonly selectorId: string
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
}

const nothing: readonly never[] = Object.freeze([])

/** Reads a pod. `known` is the same pod as it was read before: what has not changed is taken over. `key` is shared with whoever has it already. */
export function podInfoOf(pod: Pod, known?: PodInfo, key?: string): PodInfo {
  if (known !== undefined && isSameToScheduler(pod, known)) return known.pod === pod ? known : renewed(known, pod)
  const { metadata, spec } = pod
  const namespace = metadata.namespace ?? ''
  const { requests, boundCost, ownCost } = demandOf(pod)
  return Object.freeze({
    key: key ?? `${namespace}/${metadata.name}`,
    uid: metadata.uid,
    pod,
    name: metadata.name,
    namespace,
    labels: metadata.labels,
    priority: spec.priority ?? 0,
    isTerminating: metadata.deletionTimestamp !== undefined,
    isResizing: isResizing(pod),
    requests,
    boundCost,
    ownCost,
    hostPorts: hostPortsOf(pod),
    requiredNodes: requiredNodesOf(spec),
    preferredNodes: preferredNodesOf(spec),
    tolerations: spec.tolerations ?? nothing,
    terms: affinityTermsOf(pod),
    hardSpread: spreadOf(pod, 'DoNotSchedule'),
    softSpread: spreadOf(pod, 'ScheduleAnyway'),
    volumes: spec.volumes ?? nothing,
    claims: claimsOf(pod),
  })
}

/** The same pod with a new object; field by field, because every status that is written comes through here. */
function renewed(known: PodInfo, pod: Pod): PodInfo {
  return Object.freeze({
    key: known.key,
    uid: known.uid,
    pod,
    name: known.name,
    namespace: known.namespace,
    labels: known.labels,
    priority: known.priority,
    isTerminating: pod.metadata.deletionTimestamp !== undefined,
    isResizing: known.isResizing,
    requests: known.requests,
    boundCost: known.boundCost,
    ownCost: known.ownCost,
    hostPorts: known.hostPorts,
    requiredNodes: known.requiredNodes,
    preferredNodes: known.preferredNodes,
    tolerations: known.tolerations,
    terms: known.terms,
    hardSpread: known.hardSpread,
    softSpread: known.softSpread,
    volumes: known.volumes,
    claims: known.claims,
  })
}

/** Whether a pod has run to its end; then it holds nothing on its node. */
export function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** Whether nothing that is read from a pod has changed; parts that are shared with the old object are the same by sight. */
function isSameToScheduler(pod: Pod, { pod: old, isResizing: wasResizing }: PodInfo): boolean {
  if (pod.metadata.labels !== old.metadata.labels || pod.metadata.uid !== old.metadata.uid) return false
  if (pod.spec !== old.spec && !isSameSpec(pod.spec, old.spec)) return false
  return pod.status === old.status || (!wasResizing && !isResizing(pod))
}

/**
 * Whether a pod that has its node is the same to the scheduler as it was: what else is told of how it runs, nobody here reads.
 * Parts that are shared with the old object are the same by sight.
 */
export function isSameOnItsNode(pod: Pod, old: Pod): boolean {
  const { metadata, spec, status } = pod
  const { metadata: was } = old
  if (metadata.uid !== was.uid || metadata.labels !== was.labels) return false
  if (metadata.ownerReferences !== was.ownerReferences || metadata.deletionTimestamp !== undefined) return false
  if (
    spec.nodeName === undefined ||
    (spec !== old.spec && (spec.nodeName !== old.spec.nodeName || !isSameSpec(spec, old.spec)))
  )
    return false
  if (status === old.status) return true
  return (
    status?.startTime === old.status?.startTime && !isOver(pod) && !isOver(old) && !isResizing(pod) && !isResizing(old)
  )
}

function isSameSpec(spec: Pod['spec'], old: Pod['spec']): boolean {
  return (
    spec.containers === old.containers &&
    spec.initContainers === old.initContainers &&
    spec.overhead === old.overhead &&
    spec.resources === old.resources &&
    spec.priority === old.priority &&
    spec.nodeSelector === old.nodeSelector &&
    spec.affinity === old.affinity &&
    spec.tolerations === old.tolerations &&
    spec.topologySpreadConstraints === old.topologySpreadConstraints &&
    spec.volumes === old.volumes
  )
}

function demandOf(pod: Pod): Pick<PodInfo, 'requests' | 'boundCost' | 'ownCost'> {
  const plain = plainRequests(pod)
  if (plain !== undefined) return { requests: plain, boundCost: plain, ownCost: plain }
  const amounts = podRequests(pod)
  const requests = resourcesOf(amounts)
  return { requests, ...costsOf(pod, amounts, requests) }
}

// differs: an incoming pod's own requests are left out of its cost, as the recordings show; its containers are summed up instead
function costsOf(pod: Pod, amounts: Amounts, requests: Resources): { boundCost: Cost; ownCost: Cost } {
  const isPlain = !hasPodLevelRequests(pod)
  const ownCost = isPlain && isExplicit(pod) ? requests : costOf(pod, defaulted)
  if (isPlain) return { boundCost: ownCost, ownCost }
  const defaults = {
    ...(!amounts.has('cpu') && { cpu: missingRequests.cpu }),
    ...(!amounts.has('memory') && { memory: missingRequests.memory }),
  }
  return { boundCost: costOf(pod, { defaults }), ownCost }
}

const defaulted: RequestOptions = { defaults: missingRequests, ignorePodLevel: true }

function costOf(pod: Pod, options: RequestOptions): Cost {
  return resourcesOf(podRequests(pod, options))
}

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const container of sidecars === undefined ? spec.containers : [...spec.containers, ...sidecars])
    for (const { hostPort, hostIP, protocol } of container.ports ?? nothing)
      if (hostPort) (ports ??= []).push({ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort })
  return ports === undefined ? nothing : Object.freeze(ports)
}

// upstream: nodeaffinity.NewPreferredSchedulingTerms leaves out terms that say nothing or weigh nothing
/** A spec's weighted wishes for nodes. */
export function preferredNodesOf({ affinity }: Pod['spec']): readonly PreferredNodes[] {
  const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
  if (preferred === undefined) return nothing
  const read = preferred.map(({ weight, preference }) => ({ weight, term: nodeTermOf(preference) }))
  return Object.freeze(read.filter(({ weight, term }) => weight !== 0 && !isEmptyTerm(term)))
}

function spreadOf({ metadata, spec }: Pod, action: string): readonly SpreadConstraint[] {
  const constraints = spec.topologySpreadConstraints?.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
  if (constraints === undefined || constraints.length === 0) return nothing
  return constraints.map((constraint) => {
    const { topologyKey, maxSkew, minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys } = constraint
    const selector = requirementsOf(constraint.labelSelector as LabelSelector | undefined)
    const own = (matchLabelKeys ?? []).flatMap((key) => equalTo(key, textAt(metadata.labels, key)))
    const merged = selector && [...selector, ...own]
    return Object.freeze({
      topologyKey,
      maxSkew,
      minDomains: minDomains ?? 1,
      selector: merged,
      selectorId: JSON.stringify(merged ?? null),
      honorsAffinity: nodeAffinityPolicy !== 'Ignore',
      honorsTaints: nodeTaintsPolicy === 'Honor',
    })
  })
}

function equalTo(key: string, value: string | undefined): Requirement[] {
  return value === undefined ? [] : [{ key, operator: 'in', values: [value] }]
}

function claimsOf({ metadata, spec }: Pod): readonly string[] {
  let claims: string[] | undefined
  const { name: pod, namespace = '' } = metadata
  for (const { name, persistentVolumeClaim, ephemeral } of spec.volumes ?? nothing) {
    if (persistentVolumeClaim) (claims ??= []).push(`${namespace}/${persistentVolumeClaim.claimName}`)
    if (ephemeral) (claims ??= []).push(`${namespace}/${pod}-${name}`)
  }
  return claims ?? nothing
}
