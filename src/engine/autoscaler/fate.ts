import type { AutoscalerSettings } from './options.ts'
import type { KeepReason, KeptNode } from './scaleDown.ts'
import type { AutoscalerState } from './state.ts'

/** What the autoscaler means to do with a node, and why. */
export type NodeFate =
  | { readonly is: 'outside'; readonly node: string }
  | { readonly is: 'leaving'; readonly node: string; readonly group: string; readonly pods: readonly string[] }
  | ({ readonly is: 'kept'; readonly node: string; readonly group: string; readonly threshold: number } & KeptNode)
  | {
      readonly is: 'unneeded'
      readonly node: string
      readonly group: string
      readonly since: number
      /** when it goes, if nothing changes; none for a group that may not shrink */
      readonly dueAt: number | undefined
    }
  /** not looked at: it is not Ready, or the autoscaler removes nothing */
  | { readonly is: 'unjudged'; readonly node: string; readonly group: string }

/** What a node's fate is read from. */
export interface FateSources {
  readonly state: AutoscalerState
  readonly settings: AutoscalerSettings
  readonly kept: ReadonlyMap<string, KeptNode>
  readonly groupOf: (node: string) => string | undefined
  /** whether the node's group may be smaller by one */
  readonly hasRoomBelow: (node: string) => boolean
}

/** Tells a node's fate. */
export function fateOf(node: string, { state, settings, kept, groupOf, hasRoomBelow }: FateSources): NodeFate {
  const group = groupOf(node)
  if (group === undefined) return { is: 'outside', node }
  const deletion = state.deletions.get(node)
  if (deletion !== undefined) return { is: 'leaving', node, group, pods: [...deletion.pods.keys()] }
  const why = kept.get(node)
  if (why !== undefined) return { is: 'kept', node, group, threshold: settings.scaleDownUtilizationThreshold, ...why }
  const since = state.unneeded.get(node)
  if (since === undefined || !settings.scaleDown) return { is: 'unjudged', node, group }
  const dueAt = Math.max(
    since + settings.scaleDownUnneededMs,
    state.lastScaleUpAt + settings.scaleDownDelayAfterAddMs,
    state.lastFailureAt + settings.scaleDownDelayAfterFailureMs,
  )
  return { is: 'unneeded', node, group, since, dueAt: hasRoomBelow(node) ? dueAt : undefined }
}

/** A node's fate as lines of text, for a terminal and for whoever listens rather than looks. */
export function fateText(fate: NodeFate): string {
  return `${linesOf(fate).join('\n')}\n`
}

function linesOf(fate: NodeFate): readonly string[] {
  const { node } = fate
  switch (fate.is) {
    case 'outside':
      return [`${node} belongs to no node group: the cluster autoscaler neither buys nor returns it.`]
    case 'leaving':
      return [
        `${node} is being returned${fate.pods.length === 0 ? '.' : ':'}`,
        ...fate.pods.map((pod) => `  ${pod} has to go first`),
      ]
    case 'unjudged':
      return [`${node}, of the group ${fate.group}, stays for now: it has not been judged.`]
    case 'unneeded':
      return [
        `${node}, of the group ${fate.group}, is not needed since ${secondsOf(fate.since)}: its pods would find room elsewhere.`,
        fate.dueAt === undefined
          ? 'It stays: the group has its least size.'
          : `It is returned at ${secondsOf(fate.dueAt)} or soon after, unless it is needed before.`,
      ]
    case 'kept': {
      const [why, way] = reasons[fate.reason](fate)
      return [`${node}, of the group ${fate.group}, is kept: ${why}. (${fate.reason})`, `What would let it go: ${way}`]
    }
  }
}

type Kept = Extract<NodeFate, { is: 'kept' }>

/** Why, and what would change it. */
const reasons: Readonly<Record<KeepReason, (fate: Kept) => readonly [why: string, way: string]>> = {
  NotUnderutilized: ({ utilization = 0, threshold }) => [
    `its pods ask for ${percent(utilization)} of it`,
    `fewer pods, or smaller requests: below ${percent(threshold)} it may go.`,
  ],
  NoPlaceToMovePods: () => ['its pods would find no room on the other nodes', 'room elsewhere, or fewer pods.'],
  ScaleDownDisabledAnnotation: ({ node }) => [
    'an annotation forbids it',
    `kubectl annotate node ${node} cluster-autoscaler.kubernetes.io/scale-down-disabled-`,
  ],
  NotReplicated: ({ pod = '' }) => [
    `${pod} has no controller, so nobody would make it again`,
    `a Deployment or Job in its place, or: kubectl ${commandFor(pod)} ${safeToEvict}=true`,
  ],
  LocalStorageRequested: ({ pod = '' }) => [
    `${pod} keeps files on the node, which would be lost`,
    `kubectl ${commandFor(pod)} ${safeToEvict}=true`,
  ],
  NotSafeToEvictAnnotation: ({ pod = '' }) => [
    `an annotation of ${pod} says that it must not be evicted`,
    `kubectl ${commandFor(pod)} ${safeToEvict}-`,
  ],
  UnmovableKubeSystemPod: ({ pod = '' }) => [
    `${pod} belongs to the system and has no disruption budget`,
    `a PodDisruptionBudget for it, or: kubectl ${commandFor(pod)} ${safeToEvict}=true`,
  ],
  NotEnoughPdb: ({ pod = '' }) => [
    `the disruption budget of ${pod} allows no eviction now`,
    'more Ready replicas than the budget needs.',
  ],
}

const safeToEvict = 'cluster-autoscaler.kubernetes.io/safe-to-evict'

function commandFor(pod: string): string {
  const [namespace = '', name = ''] = pod.split('/')
  return `annotate pod ${name}${namespace === 'default' ? '' : ` -n ${namespace}`}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function secondsOf(ms: number): string {
  return `${Math.round(ms) / 1000}s`
}
