import { matches, requirementsOf, type LabelSelector, type Pod, type Requirement } from '../api/index.ts'
import type { Labels } from './objects.ts'

type Affinity = NonNullable<Pod['spec']['affinity']>
type RawTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number]
type RawWeighted = NonNullable<
  NonNullable<Affinity['podAffinity']>['preferredDuringSchedulingIgnoredDuringExecution']
>[number]

/** One term of pod affinity or anti-affinity, read once: which pods it is about, and what counts as near. */
export interface AffinityTerm {
  /** the term in one text: equal terms, whoever has them, share it */
  readonly id: string
  readonly namespaces: readonly string[]
  readonly namespaceSelector: readonly Requirement[] | undefined
  readonly selector: readonly Requirement[] | undefined
  readonly topologyKey: string
  readonly weight: number
}

/** The four lists of terms a pod may have. */
export interface AffinityTerms {
  readonly required: readonly AffinityTerm[]
  readonly requiredAnti: readonly AffinityTerm[]
  readonly preferred: readonly AffinityTerm[]
  readonly preferredAnti: readonly AffinityTerm[]
}

const none: readonly AffinityTerm[] = Object.freeze([])

/** No terms at all. */
export const noTerms: AffinityTerms = Object.freeze({
  required: none,
  requiredAnti: none,
  preferred: none,
  preferredAnti: none,
})

/** Reads a pod's terms; `noTerms` itself when it has none. */
export function affinityTermsOf(pod: Pod): AffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  if (podAffinity === undefined && podAntiAffinity === undefined) return noTerms
  const namespace = pod.metadata.namespace ?? ''
  const read = (terms: readonly RawTerm[] | undefined): readonly AffinityTerm[] =>
    terms === undefined ? none : terms.map((term) => termOf(term, namespace, 0))
  const readWeighted = (terms: readonly RawWeighted[] | undefined): readonly AffinityTerm[] =>
    terms === undefined ? none : terms.map(({ podAffinityTerm, weight }) => termOf(podAffinityTerm, namespace, weight))
  return Object.freeze({
    required: read(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAnti: read(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: readWeighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAnti: readWeighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  })
}

// upstream: pkg/scheduler/framework/types.go newAffinityTerm, getNamespacesFromPodAffinityTerm
function termOf(term: RawTerm, ownNamespace: string, weight: number): AffinityTerm {
  const named = term.namespaces ?? []
  const isOwnOnly = named.length === 0 && term.namespaceSelector === undefined
  const namespaces = isOwnOnly ? [ownNamespace] : named
  const { labelSelector, namespaceSelector, topologyKey } = term
  return Object.freeze({
    id: JSON.stringify([namespaces, namespaceSelector, labelSelector, topologyKey]),
    namespaces,
    namespaceSelector: requirementsOf(namespaceSelector as LabelSelector | undefined),
    selector: requirementsOf(labelSelector as LabelSelector | undefined),
    topologyKey,
    weight,
  })
}

/** Whether a term is about a pod of these labels in this namespace. */
export function isAbout(term: AffinityTerm, namespace: string, labels: Labels, namespaceLabels: Labels): boolean {
  if (term.selector === undefined) return false
  const isThere =
    term.namespaces.includes(namespace) ||
    (term.namespaceSelector !== undefined && matches(term.namespaceSelector, namespaceLabels))
  return isThere && matches(term.selector, labels)
}

/** The term with its namespace selector worked out: it then names every namespace it is about. */
export function resolved(
  term: AffinityTerm,
  namespacesOf: (selector: readonly Requirement[]) => readonly string[],
): AffinityTerm {
  if (term.namespaceSelector === undefined) return term
  const namespaces = [...new Set([...term.namespaces, ...namespacesOf(term.namespaceSelector)])].sort()
  return Object.freeze({ ...term, id: `${term.id}${namespaces.join(',')}`, namespaces, namespaceSelector: undefined })
}
