import { matches, textAt } from '../../api/index.ts'
import { definePlugin, maxNodeScore, skip, success, type Plugin } from '../framework.ts'
import type { PodInfo } from '../podInfo.ts'
import { createDefaults, type DefaultConstraint } from '../spread/defaults.ts'
import { changed, hardOf, isWithin, type Hard } from '../spread/hard.ts'
import { hostname } from '../spread/questions.ts'
import { softState, type SoftState } from '../spread/soft.ts'

const zone = 'topology.kubernetes.io/zone'

/** Whose defaults hold: the system's, which ask for no labels, or a profile's list. */
export interface SpreadArgs {
  readonly isSystem: boolean
  readonly constraints: readonly DefaultConstraint[]
}

const systemDefaults: readonly DefaultConstraint[] = [
  { topologyKey: hostname, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: zone, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
]

/** Spreads the pods of one kind evenly over zones, nodes or other domains. */
// upstream: pkg/scheduler/framework/plugins/podtopologyspread
export const podTopologySpread = createPodTopologySpread({ isSystem: true, constraints: systemDefaults })

/** The plugin as a profile wants it. */
export function createPodTopologySpread({ isSystem, constraints: defaults }: SpreadArgs): Plugin {
  const doing = (action: string): readonly DefaultConstraint[] =>
    defaults.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
  const hardDefaults = createDefaults(doing('DoNotSchedule'))
  const softDefaults = createDefaults(doing('ScheduleAnyway'))
  return definePlugin<readonly Hard[], SoftState>({
    name: 'PodTopologySpread',
    eventsToRegister: {
      'Pod/Add': (pod, { other }) => concerns(pod, other!),
      'Pod/UpdateLabel': (pod, { other, otherBefore }) =>
        concerns(pod, other!) !== (otherBefore !== undefined && concerns(pod, otherBefore)),
      'Pod/Delete': (pod, { other }) => concerns(pod, other!),
      'OwnPod/UpdateLabel': () => true,
      'Node/Add': (pod, { node }) => hasKeys(pod, node!.labels),
      'Node/Delete': (pod, { node }) => hasKeys(pod, node!.labels),
      'Node/UpdateLabel': (pod, { node, nodeBefore }) => hasKeys(pod, node!.labels) || hasKeys(pod, nodeBefore!.labels),
      'Node/UpdateTaint': (pod) => pod.hardSpread.some(({ honorsTaints }) => honorsTaints),
    },
    preFilter(pod, snapshot) {
      const isExplicit = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0
      const hard = isExplicit ? pod.hardSpread : hardDefaults(pod, snapshot)
      if (hard.length === 0) return skip
      return { state: hard.map((constraint) => hardOf(constraint, hard, pod, snapshot)) }
    },
    addPod: (state, pod, added, node) => changed(state, pod, added, node, 1),
    removePod: (state, pod, removed, node) => changed(state, pod, removed, node, -1),
    filter(_pod, node, state) {
      for (const hard of state) {
        const status = isWithin(hard, node)
        if (status !== success) return status
      }
      return success
    },
    preScore(pod, nodes, snapshot) {
      const isExplicit = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0
      const constraints = isExplicit ? pod.softSpread : softDefaults(pod, snapshot)
      if (constraints.length === 0) return skip
      return { state: softState(constraints, isExplicit || !isSystem, pod, nodes, snapshot) }
    },
    score(_pod, node, { softs, ignored }) {
      if (ignored?.has(node.name)) return 0
      let score = 0
      for (const { constraint, counts, weight } of softs) {
        const domain = counts.bySlot[node.slot]
        if (domain !== undefined) score += domain.pods * weight + (constraint.maxSkew - 1)
      }
      return Math.round(score)
    },
    normalizeScore(scores, nodes, { ignored }) {
      let min = Infinity
      let max = -Infinity
      for (let index = 0; index < scores.length; index++) {
        if (ignored?.has(nodes[index]!.name)) continue
        if (scores[index]! < min) min = scores[index]!
        if (scores[index]! > max) max = scores[index]!
      }
      for (let index = 0; index < scores.length; index++) {
        if (ignored?.has(nodes[index]!.name)) scores[index] = 0
        else if (max === 0) scores[index] = maxNodeScore
        else scores[index] = Math.trunc((maxNodeScore * (max + min - scores[index]!)) / max)
      }
    },
  })
}

function concerns(pod: PodInfo, other: PodInfo): boolean {
  return (
    other.namespace === pod.namespace &&
    pod.hardSpread.some(({ selector }) => selector !== undefined && matches(selector, other.labels))
  )
}

function hasKeys({ hardSpread }: PodInfo, labels: Readonly<Record<string, string>> | undefined): boolean {
  return hardSpread.every(({ topologyKey }) => textAt(labels, topologyKey) !== undefined)
}
