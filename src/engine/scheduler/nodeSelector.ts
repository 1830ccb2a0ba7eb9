import { matches, requirementsOf, selectsAll, type Pod, type Requirement } from '../api/index.ts'
import type { Labels } from './objects.ts'

type Term = NonNullable<
  NonNullable<NonNullable<Pod['spec']['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number]

/** One node selector term, read once: all its requirements must hold. A term without any matches nothing. */
export interface NodeTerm {
  readonly labels: readonly Requirement[]
  /** requirements on fields; `metadata.name` is the only one there is */
  readonly names: readonly Requirement[]
}

/** A node as its labels and its name. */
export interface Selectable {
  readonly name: string
  readonly labels: Labels
}

/** Where a pod insists to run: its nodeSelector, and one of the terms of its node affinity. */
export interface RequiredNodes {
  readonly selector: Labels
  readonly terms: readonly NodeTerm[] | undefined
}

/** Reads one term. */
export function nodeTermOf(term: Term): NodeTerm {
  return Object.freeze({
    labels: requirementsOf({ matchExpressions: term.matchExpressions ?? [] })!,
    names: requirementsOf({ matchExpressions: term.matchFields ?? [] })!,
  })
}

/** Where a pod insists to run, or undefined when anywhere will do. */
// upstream: staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity
export function requiredNodesOf({ nodeSelector, affinity }: Pod['spec']): RequiredNodes | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (nodeSelector === undefined && required === undefined) return undefined
  return Object.freeze({ selector: nodeSelector, terms: required && required.nodeSelectorTerms.map(nodeTermOf) })
}

/** Whether a node is one of those a pod insists on. */
export function isRequired(required: RequiredNodes | undefined, node: Selectable): boolean {
  if (required === undefined) return true
  if (required.selector !== undefined && !selectsAll(required.selector, node.labels)) return false
  return required.terms === undefined || required.terms.some((term) => isSelected(term, node))
}

/** Whether a node satisfies a term. */
export function isSelected(term: NodeTerm, node: Selectable): boolean {
  if (isEmptyTerm(term) || !matches(term.labels, node.labels)) return false
  return term.names.length === 0 || matches(term.names, { 'metadata.name': node.name })
}

/** Whether a term says nothing at all. */
export function isEmptyTerm({ labels, names }: NodeTerm): boolean {
  return labels.length === 0 && names.length === 0
}
