import type { KubeObject, Whole } from '../api/index.ts'
import type { Allocation } from './devices/types.ts'
import type { NodeFacts, NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'
import type { Snapshot } from './snapshot.ts'

/** How an extension point judged; with `Unschedulable`, preemption may help. */
export type Code = 'Success' | 'Unschedulable' | 'UnschedulableAndUnresolvable'

/** A verdict of one plugin, with the reasons that end up in the message. */
export interface Status {
  readonly code: Code
  readonly reasons: readonly string[]
}

/** Nothing speaks against it. */
export const success: Status = Object.freeze({ code: 'Success', reasons: Object.freeze([]) })

/** No, but evicting something might help. */
export function unschedulable(...reasons: readonly string[]): Status {
  return Object.freeze({ code: 'Unschedulable', reasons: Object.freeze(reasons) })
}

/** No, and evicting pods would change nothing. */
export function unresolvable(...reasons: readonly string[]): Status {
  return Object.freeze({ code: 'UnschedulableAndUnresolvable', reasons: Object.freeze(reasons) })
}

/** What PreFilter found: nothing to do, a refusal of the pod as a whole, or what Filter needs and perhaps the only nodes in question. */
export interface PreFilterAnswer<State> {
  readonly skip?: boolean
  readonly status?: Status
  readonly state?: State
  readonly nodes?: ReadonlySet<string>
}

/** What PreScore found: nothing to do, the same score for every node, or what Score needs. */
export interface PreScoreAnswer<State> {
  readonly skip?: boolean
  readonly every?: number
  /** the same before it was normalised, where that is another number */
  readonly raw?: number
  readonly state?: State
}

/** The plugin has nothing to say about this pod: its later points are left out of the cycle. */
export const skip: { readonly skip: true } = Object.freeze({ skip: true })

/** Which plugin turned a node down, and why. */
export interface Rejection {
  readonly plugin: string
  readonly status: Status
}

/** The state each plugin's PreFilter left, by the plugin's place in the profile. */
export type States = readonly unknown[]

/** A pod that fits nowhere, as PostFilter sees it. */
export interface Failure {
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  readonly states: States
  /** the plugin whose PreFilter refused the pod as a whole, so that no node was looked at; else the empty string */
  readonly refusedBy: string
  readonly rejections: ReadonlyMap<string, Rejection>
  /** Filters one node, nominated pods included, with the given states. */
  readonly filter: (node: NodeInfo, states: States) => Rejection | undefined
  /** The states as they are when a pod more, or fewer, runs on the node. */
  readonly withPod: (states: States, added: PodInfo, node: NodeInfo) => States
  readonly withoutPod: (states: States, removed: PodInfo, node: NodeInfo) => States
  /** a whole number below `below` from the scheduler's stream */
  readonly random: (below: number) => number
}

/** What preemption would do on one node, or why it would not help there. */
export interface DryRun {
  readonly node: string
  readonly victims: readonly PodInfo[]
  readonly pdbViolations: number
  readonly reasons?: readonly string[]
}

/** PostFilter's answer. `stop` ends the round of PostFilter plugins with this message alone. */
export interface PostFilterAnswer {
  readonly message: string
  readonly stop?: boolean
  /** the node made room on; the empty string takes an earlier nomination back */
  readonly nominatedNode?: string
  readonly victims?: readonly PodInfo[]
  readonly dryRun?: readonly DryRun[]
}

/** Scores of the feasible nodes, in their order. Between 0 and 100 once normalised. */
export type Scores = number[]

/** The highest normalised score. */
export const maxNodeScore = 100

/** What can make a rejected pod schedulable again. `Pod` means a pod that is bound, `OwnPod` the waiting one. */
// upstream: pkg/scheduler/framework/events.go
export type ClusterEventName =
  | 'Node/Add'
  | 'Node/Delete'
  | 'Node/UpdateAllocatable'
  | 'Node/UpdateLabel'
  | 'Node/UpdateTaint'
  | 'Pod/Add'
  | 'Pod/Delete'
  | 'Pod/UpdateLabel'
  | 'Pod/UpdateScaleDown'
  | 'OwnPod/UpdateGates'
  | 'OwnPod/UpdateLabel'
  | 'OwnPod/UpdateScaleDown'
  | 'OwnPod/UpdateToleration'
  | 'PersistentVolumeClaim/Add'
  | 'PersistentVolumeClaim/Update'
  | 'PersistentVolume/Add'
  | 'PersistentVolume/Update'
  | 'StorageClass/Add'
  | 'StorageClass/Update'
  | 'CSINode/Add'
  | 'CSINode/Update'
  | 'Namespace/Update'
  | 'ResourceClaim/Add'
  | 'ResourceClaim/Update'
  | 'ResourceClaim/Delete'
  | 'ResourceSlice/Add'
  | 'ResourceSlice/Update'
  | 'DeviceClass/Add'
  | 'DeviceClass/Update'
  | 'OwnPod/UpdateClaims'

/** Something that happened in the cluster, as queueing hints see it. */
export interface ClusterEvent {
  readonly name: ClusterEventName
  readonly node?: NodeFacts
  readonly nodeBefore?: NodeFacts | undefined
  readonly other?: PodInfo
  readonly otherBefore?: PodInfo | undefined
  /** what was added or changed, where it is neither a node nor a pod */
  readonly object?: KubeObject
}

/** Whether an event may make a pod schedulable that this plugin rejected. */
export type QueueingHint = (pod: PodInfo, event: ClusterEvent) => boolean

/** The hint of a plugin that wants another try whatever the event says. */
export const always: QueueingHint = () => true

/**
 * One plugin: upstream's extension points, each a pure function. A point that answers for one node is told the state of its PreFilter
 * (or PreScore, for scores). Only the scheduler itself writes to the cluster.
 */
export interface Plugin<State = unknown, ScoreState = unknown> {
  readonly name: string
  /** Says that of the pod only this is read, and of the cluster only the one node: such answers hold until the node changes. */
  readonly reads?: readonly (keyof PodInfo)[]
  readonly eventsToRegister?: Readonly<Partial<Record<ClusterEventName, QueueingHint>>>
  /** whether a pod may enter the active queue at all */
  readonly preEnqueue?: (pod: PodInfo) => Status
  /** whether one waiting pod goes first */
  readonly less?: (a: QueueRank, b: QueueRank) => boolean
  readonly preFilter?: (pod: PodInfo, snapshot: Snapshot) => PreFilterAnswer<State>
  /** the state as if one more pod ran on the node; a new value */
  readonly addPod?: (state: State, pod: PodInfo, added: PodInfo, node: NodeInfo) => State
  readonly removePod?: (state: State, pod: PodInfo, removed: PodInfo, node: NodeInfo) => State
  readonly filter?: (pod: PodInfo, node: NodeInfo, state: State) => Status
  readonly postFilter?: (failure: Failure) => PostFilterAnswer
  readonly preScore?: (pod: PodInfo, nodes: readonly NodeInfo[], snapshot: Snapshot) => PreScoreAnswer<ScoreState>
  readonly score?: (pod: PodInfo, node: NodeInfo, state: ScoreState) => number
  readonly normalizeScore?: (scores: Scores, nodes: readonly NodeInfo[], state: ScoreState) => void
  /** what must be written before the binding, or undefined when nothing is */
  readonly preBind?: (pod: PodInfo, node: NodeInfo, snapshot: Snapshot) => PreBindPlan | undefined
}

/** What the active queue is sorted by. */
export interface QueueRank {
  readonly priority: number
  readonly timestamp: number
}

/** Volumes to bind and claims to have provisioned before the pod itself is bound. */
export interface PreBindPlan {
  readonly bindings: readonly { readonly volume: string; readonly claim: string }[]
  readonly provisions: readonly { readonly claim: string; readonly node: string }[]
  /** all claims that must be bound before the pod may be */
  readonly claims: readonly string[]
  /** device claims to be reserved for the pod, and allocated where they are not yet */
  readonly devices?: readonly { readonly claim: string; readonly allocation?: Allocation }[]
}

/** Types one plugin. They are listed in `plugins/index.ts` and chosen by a profile. */
export function definePlugin<State = undefined, ScoreState = undefined>(plugin: Plugin<State, ScoreState>): Plugin {
  const whole: Whole<Plugin<State, ScoreState>> = {
    name: plugin.name,
    reads: plugin.reads,
    eventsToRegister: plugin.eventsToRegister,
    preEnqueue: plugin.preEnqueue,
    less: plugin.less,
    preFilter: plugin.preFilter,
    addPod: plugin.addPod,
    removePod: plugin.removePod,
    filter: plugin.filter,
    postFilter: plugin.postFilter,
    preScore: plugin.preScore,
    score: plugin.score,
    normalizeScore: plugin.normalizeScore,
    preBind: plugin.preBind,
  }
  return Object.freeze(whole) as unknown as Plugin
}
