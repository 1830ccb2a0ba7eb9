import type { Node } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { defineController, nothing, patch } from './controller.ts'

interface Memory {
  /** numbers of the networks that nodes have */
  readonly taken: Set<number>
  next: number
}

const networksMax = 156 * 256

/**
 * Gives each node a network for its pods: 10.244.0.0/24, 10.244.1.0/24, and so on.
 * upstream: pkg/controller/nodeipam/ipam/range_allocator.go
 * differs: beyond 256 nodes the cluster's range goes on at 10.245.0.0 instead of being exhausted.
 */
export const nodeIpamController = defineController<Node, Memory>({
  name: 'node-ipam-controller',
  for: 'Node',
  createMemory: () => ({ taken: new Set(), next: 0 }),
  watches: {
    Node: {
      observe: ({ type, object }: Change<Node>, { memory }) => {
        const number = numberOf(object.spec.podCIDR)
        if (number === undefined) return
        if (type === 'DELETED') memory.taken.delete(number)
        else memory.taken.add(number)
      },
    },
  },
  reconcile({ object: node, memory }) {
    if (node.spec.podCIDR || node.metadata.deletionTimestamp) return nothing
    const number = allocate(memory)
    if (number === undefined) return nothing
    const podCIDR = networkOf(number)
    return { writes: [patch(node, { metadata: { uid: node.metadata.uid }, spec: { podCIDR, podCIDRs: [podCIDR] } })] }
  },
})

/** The next free one after the last that was given: a number that was freed is used again only after all others. */
function allocate(memory: Memory): number | undefined {
  for (let tries = 0; tries < networksMax; tries++) {
    const number = memory.next
    memory.next = (memory.next + 1) % networksMax
    if (memory.taken.has(number)) continue
    memory.taken.add(number)
    return number
  }
  return undefined
}

/** 10.244 … 10.255, then 10.100 … 10.243: clear of the Services' 10.96. */
function networkOf(number: number): string {
  const block = number >> 8
  return `10.${block < 12 ? 244 + block : 88 + block}.${number & 255}.0/24`
}

function numberOf(network: string | undefined): number | undefined {
  const match = /^10\.(\d+)\.(\d+)\.0\/24$/.exec(network ?? '')
  if (match === null) return undefined
  const block = Number(match[1]) >= 244 ? Number(match[1]) - 244 : Number(match[1]) - 88
  return block * 256 + Number(match[2])
}
