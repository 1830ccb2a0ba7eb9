import type { Requirement } from '../../api/index.ts'
import { isAbout, resolved, type AffinityTerm } from '../affinityTerms.ts'
import type { PodInfo } from '../podInfo.ts'
import { namespaceLabels, type Snapshot } from '../snapshot.ts'
import type { RunningTerm } from '../termIndex.ts'
import { isNowhere, namespacesOf, nearOf, type Near } from './near.ts'

/** What a profile may say of the plugin. */
export interface PodAffinityArgs {
  /** how much the required affinity of a running pod draws a pod it is about */
  readonly hardPodAffinityWeight: number
  readonly ignorePreferredTermsOfExistingPods: boolean
}

/** One thing that draws a pod to a domain, or away from it. */
export interface Pull {
  readonly near: Near | RunningTerm
  readonly weight: number
}

const none: readonly Pull[] = Object.freeze([])

/** Everything that draws this pod somewhere: its own wishes, and the terms of running pods that are about it. */
export function pullsOn(pod: PodInfo, snapshot: Snapshot, args: PodAffinityArgs): readonly Pull[] {
  const { preferred, preferredAnti } = pod.terms
  const { terms } = snapshot
  const isDrawn = terms.required.size + terms.preferred.size + terms.preferredAnti.size > 0
  if (!isDrawn && preferred.length + preferredAnti.length === 0) return none
  const pulls: Pull[] = []
  const find = (selector: readonly Requirement[]): readonly string[] => namespacesOf(selector, snapshot)
  const own = (terms: readonly AffinityTerm[], sign: number): void => {
    for (const term of terms) {
      const near = nearOf([resolved(term, find)], term.topologyKey, snapshot)
      if (!isNowhere(near)) pulls.push({ near, weight: sign * term.weight })
    }
  }
  own(preferred, 1)
  own(preferredAnti, -1)
  if (!isDrawn) return pulls
  const labels = namespaceLabels(snapshot, pod.namespace)
  const others = (running: ReadonlyMap<string, RunningTerm>, weightOf: (term: AffinityTerm) => number): void => {
    for (const near of running.values())
      if (isAbout(near.term, pod.namespace, pod.labels, labels)) pulls.push({ near, weight: weightOf(near.term) })
  }
  if (args.hardPodAffinityWeight > 0) others(terms.required, () => args.hardPodAffinityWeight)
  if (args.ignorePreferredTermsOfExistingPods) return pulls
  others(terms.preferred, ({ weight }) => weight)
  others(terms.preferredAnti, ({ weight }) => -weight)
  return pulls
}
