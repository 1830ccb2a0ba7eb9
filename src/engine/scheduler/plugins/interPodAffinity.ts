import { matches } from '../../api/index.ts'
import { countNear } from '../affinity/near.ts'
import { pullsOn, type PodAffinityArgs, type Pull } from '../affinity/pulls.ts'
import { changed, isNearWanted, isShunned, shunningTerms, wantsOf, type Wants } from '../affinity/wants.ts'
import type { AffinityTerm } from '../affinityTerms.ts'
import { definePlugin, maxNodeScore, skip, success, unresolvable, unschedulable, type Plugin } from '../framework.ts'
import type { PodInfo } from '../podInfo.ts'
import { namespaceLabels } from '../snapshot.ts'
import { holdersNear } from '../termIndex.ts'

const lonely = unresolvable("node(s) didn't match pod affinity rules")
const crowded = unschedulable("node(s) didn't match pod anti-affinity rules")
const unwelcome = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")

/** Keeps pods near those they need and away from those they must not meet, and weighs their wishes about others. */
// upstream: pkg/scheduler/framework/plugins/interpodaffinity
export const interPodAffinity = createInterPodAffinity({
  hardPodAffinityWeight: 1,
  ignorePreferredTermsOfExistingPods: false,
})

/** The plugin as a profile wants it. */
export function createInterPodAffinity(args: PodAffinityArgs): Plugin {
  return definePlugin<Wants, readonly Pull[]>({
    name: 'InterPodAffinity',
    eventsToRegister: {
      'Pod/Add': (pod, { other }) => pod.terms.required.some((term) => mayBeAbout(term, other!)),
      'Pod/UpdateLabel': ({ terms }, { other, otherBefore }) =>
        otherBefore === undefined ||
        [...terms.required, ...terms.requiredAnti].some(
          (term) => mayBeAbout(term, other!) !== mayBeAbout(term, otherBefore),
        ),
      'Pod/Delete': (pod, { other }) =>
        pod.terms.requiredAnti.some((term) => mayBeAbout(term, other!)) ||
        other!.terms.requiredAnti.some((term) => mayBeAbout(term, pod)),
      'OwnPod/UpdateLabel': () => true,
      'Node/Add': () => true,
      'Node/UpdateLabel': () => true,
      'Namespace/Update': () => true,
    },
    preFilter(pod, snapshot) {
      const { required, requiredAnti } = pod.terms
      if (snapshot.terms.requiredAnti.size + required.length + requiredAnti.length === 0) return skip
      const labels = namespaceLabels(snapshot, pod.namespace)
      const shunning = shunningTerms(pod, labels, snapshot)
      if (shunning.size === 0 && required.length === 0 && requiredAnti.length === 0) return skip
      return { state: wantsOf(pod, shunning, labels, snapshot) }
    },
    addPod: (state, pod, added, node) => changed(state, pod, added, node, 1),
    removePod: (state, pod, removed, node) => changed(state, pod, removed, node, -1),
    filter(pod, node, state) {
      if (state.wanted.length > 0 && !isNearWanted(state, pod, node)) return lonely
      for (const near of state.avoided) if (countNear(near, node) > 0) return crowded
      return isShunned(state, node) ? unwelcome : success
    },
    preScore(pod, _nodes, snapshot) {
      const pulls = pullsOn(pod, snapshot, args)
      return pulls.length === 0 ? skip : { state: pulls }
    },
    score(_pod, node, pulls) {
      let score = 0
      for (const { near, weight } of pulls)
        score += weight * ('term' in near ? holdersNear(near, node) : countNear(near, node))
      return score
    },
    normalizeScore(scores) {
      let min = Infinity
      let max = -Infinity
      for (const score of scores) {
        if (score < min) min = score
        if (score > max) max = score
      }
      for (let index = 0; index < scores.length; index++)
        scores[index] = max > min ? Math.trunc(maxNodeScore * ((scores[index]! - min) / (max - min))) : 0
    },
  })
}

/** As `isAbout`, where a namespace selector is taken to match: a hint may err on the side of another try. */
function mayBeAbout(term: AffinityTerm, { namespace, labels }: PodInfo): boolean {
  if (term.selector === undefined || !matches(term.selector, labels)) return false
  return term.namespaceSelector !== undefined || term.namespaces.includes(namespace)
}
