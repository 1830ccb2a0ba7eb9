import {
  addOns,
  AddOnsError,
  AutoscalerOptionsError,
  checkClusterOptions,
  DeschedulerOptionsError,
  SchedulerConfigurationError,
  type ClusterOptions,
  type NodeSpec,
} from '#engine'
import { autoscaler } from './autoscaler.ts'
import { demand, listOf, oneOf, ShapeError, shown, whole, type Check } from './checks.ts'
import { descheduler } from './descheduler.ts'
import { machine } from './machine.ts'
import { scheduler } from './scheduler.ts'

export { ShapeError } from './checks.ts'

/** What may be added to a cluster beside its nodes: another scheduler's settings, an autoscaler, a descheduler, more members of etcd, add-ons. */
export type ClusterParts = Pick<ClusterOptions, (typeof partNames)[number]>

/** The names of the parts. */
export const partNames = ['etcdMembers', 'scheduler', 'autoscaler', 'descheduler', 'addOns'] as const

/** What a run begins from: as a scene and as a lesson have it. */
export interface ClusterShape extends ClusterParts {
  readonly seed: number
  readonly nodes: number | readonly NodeSpec[]
}

const checks: Readonly<Record<(typeof partNames)[number], Check>> = {
  etcdMembers: oneOf(1, 3, 5),
  scheduler,
  autoscaler,
  descheduler,
  addOns: listOf(oneOf(...addOns.map(({ name }) => name)), addOns.length),
}

/** A part that is written longer than this says nothing sensible. */
const partCharsMax = 20_000

/** The parts among the fields of something that a stranger sent, each looked at to the bottom; throws a ShapeError. */
export function partsOf(fields: Readonly<Record<string, unknown>>, machinesMax: number): ClusterParts {
  const parts: Record<string, unknown> = {}
  for (const name of partNames) {
    const part = fields[name]
    if (part === undefined || part === null) continue
    demand(JSON.stringify(part).length <= partCharsMax, name, `must be at most ${partCharsMax} characters of JSON`)
    checks[name](part, name)
    parts[name] = part
  }
  const checked = parts as ClusterParts
  const bought = checked.autoscaler?.groups.reduce((sum, { max, initial = 0 }) => sum + Math.max(max, initial), 0) ?? 0
  demand(bought <= machinesMax, 'autoscaler.groups', `may together have at most ${machinesMax} machines`)
  asShapeErrors(() => checkClusterOptions(checked))
  return checked
}

/** The machines of a scene: a number, or each of them; throws a ShapeError. */
export function machinesOf(nodes: unknown, machinesMax: number): ClusterShape['nodes'] {
  if (!Array.isArray(nodes)) {
    whole(0, machinesMax)(nodes, 'nodes')
    return nodes as number
  }
  listOf(machine, machinesMax)(nodes, 'nodes')
  const names = new Set<unknown>()
  for (const { name } of nodes as readonly NodeSpec[]) {
    demand(!names.has(name), 'nodes', `has two machines of the name ${shown(name)}`)
    names.add(name)
  }
  return nodes as readonly NodeSpec[]
}

/** Machines of a scene or a lesson, and as many again that its autoscaler may buy. */
export const sceneMachinesMax = 100

/** The options of the cluster that a scene or a lesson begins with. Throws a ShapeError where it makes no sense. */
export function clusterOf(shape: ClusterShape): ClusterOptions {
  const { seed, nodes } = shape
  try {
    return { seed, nodes, ...partsOf(shape as unknown as Readonly<Record<string, unknown>>, sceneMachinesMax) }
  } catch (error) {
    throw error instanceof ShapeError ? new ShapeError(`The cluster cannot be built: ${error.message}.`) : error
  }
}

/** The parts alone: for whoever makes one shape of another. */
export function justParts({ etcdMembers, scheduler, autoscaler, descheduler, addOns }: ClusterParts): ClusterParts {
  return {
    ...(etcdMembers && { etcdMembers }),
    ...(scheduler && { scheduler }),
    ...(autoscaler && { autoscaler }),
    ...(descheduler && { descheduler }),
    ...(addOns && { addOns }),
  }
}

function asShapeErrors(run: () => void): void {
  try {
    run()
  } catch (error) {
    for (const [name, kind] of refusals) if (error instanceof kind) throw new ShapeError(`${name}: ${error.message}`)
    throw error
  }
}

const refusals = [
  ['scheduler', SchedulerConfigurationError],
  ['autoscaler', AutoscalerOptionsError],
  ['descheduler', DeschedulerOptionsError],
  ['addOns', AddOnsError],
] as const
