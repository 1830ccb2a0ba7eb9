/** What somebody chooses of a new cluster. */
export interface Choice {
  readonly nodes: number
  readonly etcdMembers: 1 | 3 | 5
  /** somebody measures what is used */
  readonly hasMetrics: boolean
  readonly hasAutoscaler: boolean
  /** machines that the autoscaler may buy at most, and what each costs an hour */
  readonly machinesMax: number
  readonly costPerHour: number
  readonly seed: number
}

export const firstChoice: Choice = Object.freeze({
  nodes: 3,
  etcdMembers: 1,
  hasMetrics: false,
  hasAutoscaler: false,
  machinesMax: 5,
  costPerHour: 0.2,
  seed: 1,
})

/** What may be chosen, so that a tab can hold it. */
export const bounds = Object.freeze({ nodes: [0, 50], machinesMax: [1, 50], costPerHour: [0, 100], seed: [0, 1e9] })

/** The scene of a choice, as a link would carry it; what lies beyond the bounds is brought back. */
export function sceneOf(choice: Choice): string {
  const { etcdMembers, hasAutoscaler, hasMetrics } = choice
  const nodes = whole(choice.nodes, bounds.nodes)
  const group = {
    name: 'pool',
    min: 0,
    max: whole(choice.machinesMax, bounds.machinesMax),
    template: { cpu: '2', memory: '4Gi' },
    costPerHour: within(choice.costPerHour, bounds.costPerHour),
  }
  return JSON.stringify({
    version: 1,
    seed: whole(choice.seed, bounds.seed),
    nodes,
    ...(etcdMembers > 1 && { etcdMembers }),
    ...(hasAutoscaler && { autoscaler: { groups: [group] } }),
    ...(hasMetrics && { addOns: ['metrics-server'] }),
    files: {},
    inputs: [],
    at: 0,
  })
}

function within(value: number, [min = 0, max = Infinity]: readonly number[]): number {
  return Number.isFinite(value) ? Math.max(min, Math.min(max, value)) : min
}

function whole(value: number, range: readonly number[]): number {
  return Math.round(within(value, range))
}
