import { matches, textAt } from '../../api/index.ts'
import { isTolerated } from '../../scheduler/nodeInfo.ts'
import { isRequired } from '../../scheduler/nodeSelector.ts'
import { unplaced, type PodInfo } from '../../scheduler/simulation.ts'
import type { StrategyArgs } from '../options.ts'
import { lowestFirst, type Round } from '../round.ts'

/** Evicts pods that their own selector and required node affinity would not let onto their node any more, if another would take them. */
// upstream: pkg/framework/plugins/removepodsviolatingnodeaffinity
export function removePodsViolatingNodeAffinity(round: Round): void {
  for (const { metadata } of round.nodes) {
    const { name, labels } = metadata
    for (const pod of round.podsOn(name)) {
      if (isRequired(pod.requiredNodes, { name, labels }) || !round.isEvictable(pod)) continue
      const others = round.nodes.map((node) => node.metadata.name).filter((other) => other !== name)
      if (round.simulation.placeFor(unplaced(pod), others) === undefined) continue
      round.evict(pod, 'RemovePodsViolatingNodeAffinity')
    }
  }
}

/** Evicts pods that do not tolerate a NoSchedule taint their node has got since. */
// upstream: pkg/framework/plugins/removepodsviolatingnodetaints
export function removePodsViolatingNodeTaints(round: Round, args: StrategyArgs): void {
  const { excludedTaints = [], includePreferNoSchedule = false } = args
  for (const { metadata, spec } of round.nodes) {
    const taints = (spec?.taints ?? []).filter(
      ({ key, value = '', effect }) =>
        (effect === 'NoSchedule' || (includePreferNoSchedule && effect === 'PreferNoSchedule')) &&
        !excludedTaints.includes(key) &&
        !excludedTaints.includes(`${key}=${value}`),
    )
    if (taints.length === 0) continue
    for (const pod of round.podsOn(metadata.name)) {
      if (!round.isEvictable(pod) || taints.every((taint) => isTolerated(pod.tolerations, taint))) continue
      round.evict(pod, 'RemovePodsViolatingNodeTaints')
    }
  }
}

/** Evicts pods that share a domain with one their required anti-affinity is about. */
// upstream: pkg/framework/plugins/removepodsviolatinginterpodantiaffinity
export function removePodsViolatingInterPodAntiAffinity(round: Round): void {
  const labelsOf = new Map(round.nodes.map(({ metadata }) => [metadata.name, metadata.labels]))
  const everywhere = round.nodes.flatMap(({ metadata }) =>
    round.podsOn(metadata.name).map((pod) => ({ pod, node: metadata.name })),
  )
  for (const { metadata } of round.nodes) {
    for (const pod of lowestFirst(round.podsOn(metadata.name))) {
      if (pod.terms.requiredAnti.length === 0 || !round.isEvictable(pod)) continue
      const isCrowded = everywhere.some(
        ({ pod: other, node }) =>
          other.uid !== pod.uid &&
          !round.evicted.has(other.uid) &&
          isAvoided(pod, metadata.labels, other, labelsOf.get(node)),
      )
      if (isCrowded) round.evict(pod, 'RemovePodsViolatingInterPodAntiAffinity')
    }
  }
}

type Labels = Readonly<Record<string, string>> | undefined

function isAvoided({ terms }: PodInfo, labels: Labels, other: PodInfo, otherLabels: Labels): boolean {
  return terms.requiredAnti.some(({ topologyKey, selector, namespaces, namespaceSelector }) => {
    const domain = textAt(labels, topologyKey)
    if (domain === undefined || otherLabels?.[topologyKey] !== domain) return false
    if (namespaceSelector === undefined && !namespaces.includes(other.namespace)) return false
    return selector !== undefined && matches(selector, other.labels)
  })
}
