import type { Node } from './api/index.ts'
import type { MachineDoor, NodeGroup } from './autoscaler/index.ts'
import type { Machines } from './machines.ts'
import { machineOf, type NodeSpec } from './node/machine/machine.ts'

/** The cluster's machines as whoever sells them sees them. */
export function machineDoorOf(machines: Machines): MachineDoor {
  return {
    add: (name, group, isBooted) => machines.add({ ...orderOf(name, group), isBooted }),
    remove: machines.remove,
    preview: (name, group) => nodeOf(orderOf(name, group)),
  }
}

function orderOf(name: string, { name: group, template }: NodeGroup): NodeSpec {
  return { ...(template as Partial<NodeSpec>), name, labels: { 'node-group': group, ...template.labels } }
}

/** The Node that a machine of this order registers once it is Ready. */
function nodeOf(order: NodeSpec): Node {
  const { name, labels, taints, capacity, allocatable } = machineOf(order, 0)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '', labels },
    spec: { ...(taints.length > 0 && { taints }) },
    status: { capacity, allocatable },
  } as unknown as Node
}
