import { textAt } from '../../../api/index.ts'
import type { Draft, LabelSelector, Pod } from '../../../api/index.ts'

interface Keyed {
  labelSelector?: Draft<LabelSelector>
  matchLabelKeys?: string[]
  mismatchLabelKeys?: string[]
}

/** Terms that name labels of the pod itself get its values, written down as expressions once and for all. */
// upstream: pkg/registry/core/pod/strategy.go applyMatchLabelKeysAndMismatchLabelKeys
export function applyLabelKeys({ metadata, spec }: Draft<Pod>): void {
  const labels = metadata.labels ?? {}
  for (const constraint of spec.topologySpreadConstraints ?? []) apply(constraint as Keyed, labels)
  for (const side of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    for (const term of side?.requiredDuringSchedulingIgnoredDuringExecution ?? []) apply(term as Keyed, labels)
    for (const { podAffinityTerm } of side?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      if (podAffinityTerm) apply(podAffinityTerm as Keyed, labels)
  }
}

function apply(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Keyed,
  labels: Readonly<Record<string, string>>,
): void {
  if (labelSelector === undefined) return
  const added = [
    ...matchLabelKeys.map((key) => ({ key, operator: 'In' })),
    ...mismatchLabelKeys.map((key) => ({ key, operator: 'NotIn' })),
  ].flatMap(({ key, operator }) => {
    const value = textAt(labels, key)
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
  if (added.length > 0) labelSelector.matchExpressions = [...(labelSelector.matchExpressions ?? []), ...added]
}
