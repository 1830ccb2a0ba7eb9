import type { Node } from '../api/index.ts'
import type { Sim } from '../sim/index.ts'
import { bootMsDefault, type AutoscalerSettings, type NodeGroup } from './options.ts'
import type { AutoscalerState, GroupState } from './state.ts'

/** The machines of a cluster, as whoever sells them sees them. */
export interface MachineDoor {
  /** `isBooted`: it joined long ago; else it boots now */
  readonly add: (name: string, group: NodeGroup, isBooted: boolean) => void
  readonly remove: (name: string) => void
  /** The Node that a new machine of the group would register. */
  readonly preview: (name: string, group: NodeGroup) => Node
}

/** What a cluster costs. */
export interface Cost {
  /** from the beginning until now */
  readonly spent: number
  readonly perHour: number
  readonly groups: readonly { readonly name: string; readonly nodes: number; readonly perHour: number }[]
}

/** Node groups as a cloud provider offers them: sizes go up and down, machines come after a while. */
export interface Cloud {
  readonly groups: readonly NodeGroup[]
  readonly stateOf: (group: string) => GroupState
  /** the group of a node, if it belongs to one */
  readonly groupOf: (node: string) => NodeGroup | undefined
  readonly grow: (group: NodeGroup, by: number) => void
  readonly remove: (node: string) => void
  /** An ordered machine is there. */
  readonly arrive: (group: string, node: string) => void
  readonly cost: () => Cost
}

const hourMs = 3_600_000

/** Makes the cloud over the autoscaler's state. A machine's arrival is a timer at `<address>`. */
export function createCloud(
  sim: Sim,
  address: string,
  state: AutoscalerState,
  { groups }: AutoscalerSettings,
  machines: MachineDoor,
): Cloud {
  for (const group of groups) if (!state.groups.has(group.name)) begin(group)

  function begin(group: NodeGroup): void {
    const target = Math.min(Math.max(group.initial ?? group.min, 0), group.max)
    const fresh: GroupState = { target, machines: new Map(), arrived: new Set(), count: 0, backoffUntil: 0 }
    state.groups.set(group.name, fresh)
    for (let left = target; left > 0; left--) {
      const name = nextName(group.name, fresh)
      fresh.machines.set(name, sim.now())
      fresh.arrived.add(name)
      machines.add(name, group, true)
    }
  }

  const stateOf = (name: string): GroupState => state.groups.get(name)!
  const perHourOf = (group: NodeGroup): number => (group.costPerHour ?? 0) * stateOf(group.name).machines.size
  const perHour = (): number => groups.reduce((sum, group) => sum + perHourOf(group), 0)
  const spentBy = (at: number): number => state.spent + (perHour() * (at - state.costAt)) / hourMs

  /** Settles the bill before the number of machines changes. */
  function settle(): void {
    state.spent = spentBy(sim.now())
    state.costAt = sim.now()
  }

  return {
    groups,
    stateOf,
    groupOf: (node) => groups.find(({ name }) => stateOf(name).machines.has(node)),
    grow(group, by) {
      settle()
      const own = stateOf(group.name)
      own.target += by
      for (let left = by; left > 0; left--) {
        const name = nextName(group.name, own)
        own.machines.set(name, sim.now())
        sim.schedule(group.bootMs ?? bootMsDefault, address, { type: 'arrived', group: group.name, node: name })
      }
    },
    remove(node) {
      settle()
      const group = groups.find(({ name }) => stateOf(name).machines.has(node))
      if (group === undefined) return
      const own = stateOf(group.name)
      own.target--
      own.machines.delete(node)
      if (own.arrived.delete(node)) machines.remove(node)
    },
    arrive(name, node) {
      const group = groups.find((one) => one.name === name)
      const own = stateOf(name)
      if (group === undefined || !own.machines.has(node) || own.arrived.has(node)) return
      own.arrived.add(node)
      machines.add(node, group, false)
    },
    cost: () => ({
      spent: spentBy(sim.now()),
      perHour: perHour(),
      groups: groups.map((group) => ({
        name: group.name,
        nodes: stateOf(group.name).machines.size,
        perHour: perHourOf(group),
      })),
    }),
  }
}

function nextName(group: string, state: GroupState): string {
  return `${group}-${++state.count}`
}
