import type { Pod } from '../api/index.ts'
import type { Cloud, MachineDoor } from './cloud.ts'
import type { Option } from './expander.ts'
import type { NodeGroup } from './options.ts'
import { daemonsFor, readPod, type DaemonSet, type PodInfo, type Simulation } from './simulation.ts'
import { sizeOf } from './utilization.ts'

/** Why a group does not help a pod: reasons, as the event counts them. */
export type Reasons = ReadonlyMap<string, readonly string[]>

/** What could be done for the pods that wait. */
export interface ScaleUpPlan {
  /** pods that no node takes, those on order included */
  readonly helpless: readonly PodInfo[]
  readonly options: readonly Option[]
  /** by pod uid: why each group would not do */
  readonly refusals: ReadonlyMap<string, Reasons>
}

/** What the plan is made of. */
export interface ScaleUpInput {
  readonly pods: readonly Pod[]
  readonly simulation: Simulation
  readonly cloud: Cloud
  readonly machines: MachineDoor
  readonly daemonSets: readonly DaemonSet[]
  /** machines ordered that have not registered */
  readonly upcoming: readonly { readonly group: NodeGroup; readonly name: string }[]
  readonly now: number
  /** how many more nodes the cluster may have */
  readonly nodesLeft: number
}

/** Works out which groups would help which pods, and how many machines of each it takes. */
// upstream: cluster-autoscaler/core/scaleup/orchestrator, core/podlistprocessor/filter_out_schedulable.go
export function planScaleUp(input: ScaleUpInput): ScaleUpPlan {
  const { simulation, cloud, upcoming, machines } = input
  for (const { group, name } of upcoming) addTemplate(name, group, input)
  const helpless = input.pods.map((pod) => readPod(pod)).filter((pod) => !settles(pod, simulation))
  if (helpless.length === 0) return { helpless, options: [], refusals: new Map() }
  const options: Option[] = []
  const refusals = new Map<string, Map<string, readonly string[]>>(helpless.map(({ uid }) => [uid, new Map()]))
  for (const group of cloud.groups) {
    const skipped = reasonToSkip(group, input)
    if (skipped !== undefined) {
      for (const reasons of refusals.values()) reasons.set(group.name, [skipped])
      continue
    }
    const fitting = helpless.filter((pod) => {
      const objection = objectionOf(pod, group, input)
      if (objection !== undefined) refusals.get(pod.uid)!.set(group.name, objection)
      return objection === undefined
    })
    const { count, pods } = pack(fitting, group, input)
    const { cpuMilli, memoryBytes } = sizeOf(machines.preview('', group))
    if (count > 0) options.push({ group, count, pods, cpuMilli, memoryBytes })
  }
  return { helpless, options, refusals }
}

function settles(pod: PodInfo, simulation: Simulation): boolean {
  const node = simulation.placeFor(pod)
  if (node === undefined) return false
  simulation.place(pod, node)
  return true
}

function reasonToSkip({ name, max }: NodeGroup, { cloud, now, nodesLeft }: ScaleUpInput): string | undefined {
  const { target, backoffUntil } = cloud.stateOf(name)
  if (backoffUntil > now) return 'in backoff after failed scale-up'
  if (target >= max) return 'max node group size reached'
  return nodesLeft <= 0 ? 'max total nodes in cluster reached' : undefined
}

/** Tries a pod on one empty machine of the group. */
function objectionOf(pod: PodInfo, group: NodeGroup, input: ScaleUpInput): readonly string[] | undefined {
  const name = templateName(group, 0)
  addTemplate(name, group, input)
  const rejection = input.simulation.objection(pod, name)
  input.simulation.removeNode(name)
  return rejection?.status.reasons
}

/** How many machines the pods fill, the largest pods first; those that find no room are left out. */
// upstream: cluster-autoscaler/estimator/binpacking_estimator.go
function pack(
  fitting: readonly PodInfo[],
  group: NodeGroup,
  input: ScaleUpInput,
): { readonly count: number; readonly pods: readonly PodInfo[] } {
  const { simulation, cloud, machines, nodesLeft } = input
  const size = sizeOf(machines.preview('', group))
  const share = ({ requests }: PodInfo): number =>
    requests.cpuMilli / (size.cpuMilli || 1) + requests.memoryBytes / (size.memoryBytes || 1)
  const most = Math.min(group.max - cloud.stateOf(group.name).target, nodesLeft)
  const made: string[] = []
  const pods: PodInfo[] = []
  for (const pod of [...fitting].sort((a, b) => share(b) - share(a))) {
    let node = simulation.placeFor(pod, made)
    if (node === undefined && made.length < most) {
      node = templateName(group, made.length)
      addTemplate(node, group, input)
      if (simulation.objection(pod, node) === undefined) made.push(node)
      else {
        simulation.removeNode(node)
        node = undefined
      }
    }
    if (node === undefined) continue
    simulation.place(pod, node)
    pods.push(pod)
  }
  for (const name of made) simulation.removeNode(name)
  return { count: made.length, pods }
}

function templateName({ name }: NodeGroup, index: number): string {
  return `template-node-for-${name}-${index}`
}

function addTemplate(name: string, group: NodeGroup, { simulation, machines, daemonSets }: ScaleUpInput): void {
  const node = machines.preview(name, group)
  simulation.addNode(node)
  for (const daemon of daemonsFor(node, daemonSets))
    if (simulation.objection(daemon, name) === undefined) simulation.place(daemon, name)
}

/** `2 Insufficient cpu, 1 max node group size reached`: how many groups gave each reason. */
// upstream: cluster-autoscaler/processors/status/eventing_scale_up_processor.go ReasonsMessage
export function reasonsMessage(reasons: Reasons): string {
  const counts = new Map<string, number>()
  for (const list of reasons.values()) for (const reason of list) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}
