import type { StrategyArgs } from '../options.ts'
import type { Round } from '../round.ts'
import { unplaced, type PodInfo } from '../../scheduler/simulation.ts'

/** Spreads pods of one owner that sit together on a node, as far as there are other nodes for them. */
// upstream: pkg/framework/plugins/removeduplicates
export function removeDuplicates(round: Round, { excludeOwnerKinds = [] }: StrategyArgs): void {
  const owners = new Map<string, { readonly first: PodInfo; readonly nodes: Map<string, PodInfo[]>; count: number }>()
  for (const { metadata } of round.nodes) {
    for (const pod of round.podsOn(metadata.name)) {
      const key = ownerKeyOf(pod, excludeOwnerKinds)
      if (key === undefined || !round.isEvictable(pod)) continue
      let owner = owners.get(key)
      if (owner === undefined) owners.set(key, (owner = { first: pod, nodes: new Map(), count: 0 }))
      owner.count++
      const here = owner.nodes.get(metadata.name)
      if (here !== undefined) here.push(pod)
      else owner.nodes.set(metadata.name, [pod])
    }
  }
  for (const { first, nodes, count } of owners.values()) {
    if ([...nodes.values()].every((pods) => pods.length < 2)) continue
    const targets = targetsFor(first, round)
    if (targets < 2) continue
    const most = Math.ceil(count / targets)
    for (const pods of nodes.values()) for (const pod of pods.slice(most)) round.evict(pod, 'RemoveDuplicates')
  }
}

/** Pods count as duplicates that have the same owners and run the same images. */
function ownerKeyOf({ pod, namespace }: PodInfo, excluded: readonly string[]): string | undefined {
  const owners = pod.metadata.ownerReferences ?? []
  if (owners.length === 0 || owners.some(({ kind }) => excluded.includes(kind))) return undefined
  const images = pod.spec.containers.map(({ image }) => image ?? '').sort()
  return owners.map(({ kind, name }) => [namespace, kind, name, ...images].join('/')).join(' ')
}

/** How many nodes a pod could be on by its own wishes and their taints. */
function targetsFor(pod: PodInfo, { nodes, simulation }: Round): number {
  const free = unplaced(pod)
  const matters = ['NodeUnschedulable', 'NodeAffinity', 'TaintToleration']
  return nodes.filter(({ metadata }) => {
    const objection = simulation.objection(free, metadata.name)
    return objection === undefined || !matters.includes(objection.plugin)
  }).length
}
