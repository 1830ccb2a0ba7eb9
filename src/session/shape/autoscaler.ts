import { amount, fieldsOf, flag, listOf, oneOf, whole } from './checks.ts'
import { machineName, machineTemplate } from './machine.ts'

const weekMs = 7 * 24 * 3_600_000
const machinesMax = 5_000

const group = fieldsOf(
  {
    name: machineName,
    min: whole(0, machinesMax),
    max: whole(0, machinesMax),
    initial: whole(0, machinesMax),
    template: machineTemplate,
    costPerHour: amount(0, 1e6),
    bootMs: whole(0, weekMs),
    priority: whole(-1e9, 1e9),
  },
  ['name', 'min', 'max', 'template'],
)

/** The options of a cluster autoscaler, as far as one can see by looking at each alone. */
export const autoscaler = fieldsOf(
  {
    groups: listOf(group, 20),
    expander: oneOf('least-waste', 'priority', 'random', 'most-pods', 'least-nodes', 'price'),
    scanIntervalMs: whole(1_000, weekMs),
    maxNodesTotal: whole(0, machinesMax),
    maxNodeProvisionMs: whole(0, weekMs),
    scaleDown: flag,
    scaleDownUtilizationThreshold: amount(0, 1),
    scaleDownUnneededMs: whole(0, weekMs),
    scaleDownDelayAfterAddMs: whole(0, weekMs),
    scaleDownDelayAfterFailureMs: whole(0, weekMs),
    maxGracefulTerminationSeconds: whole(0, weekMs / 1000),
    maxPodEvictionMs: whole(0, weekMs),
    skipNodesWithLocalStorage: flag,
    skipNodesWithSystemPods: flag,
    ignoreDaemonSetsUtilization: flag,
  },
  ['groups'],
)
