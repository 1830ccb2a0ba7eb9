import {
  formatLabels,
  formatSelector,
  matches,
  parseLabelSelector,
  type LabelSelector,
  type Pod,
} from '../../api/index.ts'
import type { See } from '../controller.ts'
import type { Scalable } from './target.ts'

/** The pods that autoscalers look after: selectors as texts, by the autoscaler's key. */
export type Selectors = Map<string, string>

/** The selector of a target's scale. */
// upstream: pkg/registry/{apps/*,core/replicationcontroller}/storage scaleFrom…
export function selectorTextOf({ kind, spec }: Scalable): string {
  const { selector } = spec as { readonly selector?: unknown }
  if (selector === undefined) return ''
  return kind === 'ReplicationController'
    ? formatLabels(selector as Readonly<Record<string, string>>)
    : formatSelector(selector as LabelSelector)
}

/** The pods of a namespace that a selector matches. */
export function podsOf({ lister }: Pick<See, 'lister'>, namespace: string, selector: string): readonly Pod[] {
  const requirements = parseLabelSelector(selector)
  const pods: Pod[] = []
  for (const pod of lister<Pod>('Pod').list())
    if (pod.metadata.namespace === namespace && matches(requirements, pod.metadata.labels)) pods.push(pod)
  return pods
}

/** The keys of all autoscalers that look after any of these pods, in order; an autoscaler's own is among them if there are pods. */
// upstream: hpasControllingPodsUnderSelector, which has no order
export function rivalsIn(selectors: Selectors, key: string, pods: readonly Pod[]): readonly string[] {
  const place = key.slice(0, key.indexOf('/') + 1)
  const rivals: string[] = []
  for (const [other, selector] of selectors) {
    if (!other.startsWith(place)) continue
    const requirements = other === key ? [] : parseLabelSelector(selector)
    if (pods.some(({ metadata }) => matches(requirements, metadata.labels))) rivals.push(other)
  }
  return rivals.sort()
}
