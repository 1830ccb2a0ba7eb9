/** Node names by zone, zones in the order of their first node. Plain data. */
export interface NodeTree {
  zones: string[]
  members: Map<string, string[]>
}

/** No nodes yet. */
export function createNodeTree(): NodeTree {
  return { zones: [], members: new Map() }
}

/** Adds a node at the end of its zone. */
export function addToTree({ zones, members }: NodeTree, zone: string, name: string): void {
  const names = members.get(zone)
  if (names !== undefined) {
    names.push(name)
    return
  }
  zones.push(zone)
  members.set(zone, [name])
}

/** Takes a node out; a zone goes with its last node. */
export function removeFromTree(tree: NodeTree, zone: string, name: string): void {
  const names = tree.members.get(zone) ?? []
  const index = names.indexOf(name)
  if (index >= 0) names.splice(index, 1)
  if (names.length > 0) return
  tree.members.delete(zone)
  tree.zones = tree.zones.filter((other) => other !== zone)
}

/** All names, one zone after the other in turn, so that a run of nodes is spread over the zones. */
// upstream: pkg/scheduler/backend/cache/node_tree.go list
export function listTree({ zones, members }: NodeTree): string[] {
  const names: string[] = []
  for (let round = 0, isLeft = true; isLeft; round++) {
    isLeft = false
    for (const zone of zones) {
      const name = members.get(zone)![round]
      if (name === undefined) continue
      names.push(name)
      isLeft = true
    }
  }
  return names
}
