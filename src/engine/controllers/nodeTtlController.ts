import type { Node } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { defineController, nothing, patch } from './controller.ts'

interface Memory {
  nodes: number
  /** which of the steps the cluster's size is on */
  step: number
}

const annotation = 'node.alpha.kubernetes.io/ttl'

// upstream: ttlBoundaries in pkg/controller/ttl/ttl_controller.go: the steps overlap, so that a size between two does not flap
const steps = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: Infinity, seconds: 300 },
] as const

/** Tells kubelets by an annotation how long they may cache Secrets and ConfigMaps: the longer, the larger the cluster. */
export const nodeTtlController = defineController<Node, Memory>({
  name: 'ttl-controller',
  for: 'Node',
  createMemory: () => ({ nodes: 0, step: 0 }),
  watches: {
    Node: { observe: ({ type, previous }: Change<Node>, { memory }) => count(memory, type, previous) },
  },
  reconcile({ object: node, memory }) {
    const ttl = String(steps[memory.step]!.seconds)
    if (node.metadata.annotations?.[annotation] === ttl) return nothing
    return { writes: [patch(node, { metadata: { annotations: { [annotation]: ttl } } })] }
  },
})

function count(memory: Memory, type: string, previous: Node | undefined): void {
  if (type === 'DELETED') memory.nodes--
  else if (previous === undefined) memory.nodes++
  while (memory.nodes > steps[memory.step]!.to) memory.step++
  while (memory.nodes < steps[memory.step]!.from) memory.step--
}
