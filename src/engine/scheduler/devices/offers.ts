import type { NodeFacts } from '../nodeInfo.ts'
import { isSelected, nodeTermOf } from '../nodeSelector.ts'
import type { Objects } from '../objects.ts'
import type { Allocation, DeviceRequest, OfferedDevice, ResourceClaim, ResourceSlice } from './types.ts'
import { statusOf } from './types.ts'

/** All devices that drivers offer on a node, the newest generation of each pool only. */
// upstream: staging/src/k8s.io/dynamic-resource-allocation/structured/pools.go
export function offersOn(node: NodeFacts, slices: readonly ResourceSlice[]): readonly OfferedDevice[] {
  const newest = new Map<string, number>()
  for (const { spec } of slices) {
    const pool = `${spec.driver}/${spec.pool.name}`
    newest.set(pool, Math.max(newest.get(pool) ?? 0, spec.pool.generation))
  }
  return slices.flatMap(({ spec }) => {
    const { driver, pool } = spec
    if (newest.get(`${driver}/${pool.name}`) !== pool.generation || !isThere(spec, node)) return []
    return (spec.devices ?? []).map(({ name, attributes = {}, capacity = {} }) => ({
      id: `${driver}/${pool.name}/${name}`,
      driver,
      pool: pool.name,
      name,
      attributes: attributes as OfferedDevice['attributes'],
      capacity: capacity as OfferedDevice['capacity'],
    }))
  })
}

function isThere({ nodeName, allNodes, nodeSelector }: ResourceSlice['spec'], node: NodeFacts): boolean {
  if (nodeName) return nodeName === node.name
  if (allNodes) return true
  return nodeSelector?.nodeSelectorTerms.some((term) => isSelected(nodeTermOf(term as never), node)) ?? false
}

/** Whether an allocation can be used on a node. */
export function isUsableOn({ nodeSelector }: Allocation, node: NodeFacts): boolean {
  const terms = (nodeSelector as { nodeSelectorTerms?: readonly object[] } | undefined)?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => isSelected(nodeTermOf(term as never), node))
}

/** The devices that claims have, and those that decisions under way have promised. */
export function takenDevices(objects: Objects, promised: ReadonlyMap<string, Allocation>): ReadonlySet<string> {
  const taken = new Set<string>()
  const take = ({ devices }: Allocation): void => {
    for (const { driver, pool, device, adminAccess } of devices.results)
      if (adminAccess !== true) taken.add(`${driver}/${pool}/${device}`)
  }
  for (const claim of objects.list<ResourceClaim>('ResourceClaim')) {
    const { allocation } = statusOf(claim)
    if (allocation !== undefined) take(allocation)
  }
  for (const allocation of promised.values()) take(allocation)
  return taken
}

/** The requests of a claim; of alternatives, all are given in the order of preference. */
export function requestsOf({ spec }: ResourceClaim): readonly (readonly DeviceRequest[])[] {
  return (spec.devices?.requests ?? []).map((request) => {
    const { name, exactly, firstAvailable } = request
    if (exactly !== undefined) return [requestOf(name, exactly)]
    return (firstAvailable ?? []).map((option) => requestOf(`${name}/${option.name}`, option))
  })
}

interface Asked {
  readonly deviceClassName: string
  readonly selectors?: readonly { readonly cel?: { readonly expression: string } }[]
  readonly allocationMode?: string
  readonly count?: number
  readonly adminAccess?: boolean
}

function requestOf(name: string, asked: Asked): DeviceRequest {
  const { deviceClassName, selectors = [], allocationMode, count = 1, adminAccess } = asked
  return {
    name,
    deviceClassName,
    expressions: selectors.flatMap(({ cel }) => cel?.expression ?? []),
    mode: allocationMode === 'All' ? 'All' : 'ExactCount',
    count,
    isAdmin: adminAccess === true,
  }
}
