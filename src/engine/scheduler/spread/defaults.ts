import {
  controllerOf,
  requirementsOf,
  type LabelSelector,
  type ReplicaSet,
  type Requirement,
  type Service,
} from '../../api/index.ts'
import type { PodInfo, SpreadConstraint } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'

/** A constraint for pods that have none of their own; who is counted follows from what the pod belongs to. */
export interface DefaultConstraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: string
  readonly nodeTaintsPolicy?: string
}

/** The constraints that hold for a pod which has none of its own; none for a pod that belongs to nothing. */
export type Defaults = (pod: PodInfo, snapshot: Snapshot) => readonly SpreadConstraint[]

const none: readonly SpreadConstraint[] = Object.freeze([])

/** Defaults for pods that belong together by a Service or an owner and say nothing themselves. */
export function createDefaults(list: readonly DefaultConstraint[]): Defaults {
  if (list.length === 0) return () => none
  // pods of one owner are selected by the same objects: what came of them is remembered with the last of them
  const known = new WeakMap<object, { readonly owners: Owners; readonly constraints: readonly SpreadConstraint[] }>()
  return (pod, snapshot) => {
    const owners = ownersOf(pod, snapshot)
    const last = owners.set ?? owners.maps.at(-1)
    if (last === undefined) return none
    const memo = known.get(last)
    if (memo !== undefined && isSame(memo.owners, owners)) return memo.constraints
    const constraints = constraintsFor(owners, list)
    known.set(last, { owners, constraints })
    return constraints
  }
}

/** What selects a pod: the plain selectors of Services and of a ReplicationController, and the selector of a set. */
interface Owners {
  readonly maps: readonly Readonly<Record<string, string>>[]
  readonly set: LabelSelector | undefined
}

function isSame(a: Owners, b: Owners): boolean {
  if (a.set !== b.set || a.maps.length !== b.maps.length) return false
  for (let index = 0; index < a.maps.length; index++) if (a.maps[index] !== b.maps[index]) return false
  return true
}

// upstream: pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector
function ownersOf(pod: PodInfo, { objects }: Snapshot): Owners {
  let maps = noMaps
  for (const { spec } of objects.within<Service>('Service', pod.namespace)) {
    const selector = spec.selector as Readonly<Record<string, string>> | undefined
    if (selector !== undefined && isSelecting(selector, pod)) maps = [...maps, selector]
  }
  const owner = controllerOf(pod.pod)
  if (owner?.kind === 'ReplicationController') {
    const selector = replicationSelector(pod, owner.name, objects)
    if (selector !== undefined) maps = [...maps, selector]
  }
  if (owner?.kind !== 'ReplicaSet' && owner?.kind !== 'StatefulSet') return { maps, set: undefined }
  const set = objects.get<ReplicaSet>(owner.kind, `${pod.namespace}/${owner.name}`)
  return { maps, set: set?.spec.selector as LabelSelector | undefined }
}

const noMaps: Owners['maps'] = Object.freeze([])

function constraintsFor({ maps, set }: Owners, list: readonly DefaultConstraint[]): readonly SpreadConstraint[] {
  const merged: Record<string, string> = {}
  for (const map of maps) Object.assign(merged, map)
  const selector: readonly Requirement[] = [...requirementsOf({ matchLabels: merged })!, ...(requirementsOf(set) ?? [])]
  if (selector.length === 0) return none
  const selectorId = JSON.stringify(selector)
  return list.map(({ topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy }) => ({
    topologyKey,
    maxSkew,
    minDomains,
    selector,
    selectorId,
    honorsAffinity: nodeAffinityPolicy !== 'Ignore',
    honorsTaints: nodeTaintsPolicy === 'Honor',
  }))
}

function isSelecting(selector: Readonly<Record<string, string>>, { labels }: PodInfo): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false
  return true
}

function replicationSelector(
  pod: PodInfo,
  name: string,
  objects: Snapshot['objects'],
): Owners['maps'][number] | undefined {
  const controller = objects.get('ReplicationController', `${pod.namespace}/${name}`)
  return (controller as { spec?: { selector?: Owners['maps'][number] } } | undefined)?.spec?.selector
}
