import type { Node, Pod } from '../api/index.ts'

export type Taint = NonNullable<Node['spec']['taints']>[number]
type Toleration = NonNullable<Pod['spec']['tolerations']>[number]

const none: readonly Taint[] = Object.freeze([])

/** The taints that drive pods away. */
export function noExecuteTaints({ spec }: Node): readonly Taint[] {
  if (spec?.taints === undefined) return none
  const found = spec.taints.filter(({ effect }) => effect === 'NoExecute')
  return found.length > 0 ? found : none
}

/** How long a pod may stay with such taints: 0 if it does not tolerate one of them, Infinity if it tolerates all for ever. */
// upstream: getMinTolerationTime in pkg/controller/tainteviction/taint_eviction.go
export function tolerationSecondsFor(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let least = Infinity
  for (const taint of taints) {
    const toleration = tolerations.find((each) => tolerates(each, taint))
    if (toleration === undefined) return 0
    if (toleration.tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, toleration.tolerationSeconds))
  }
  return least
}

/** Whether one toleration covers one taint. upstream: Toleration.ToleratesTaint */
export function tolerates({ key, value = '', effect, operator }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || ((operator ?? 'Equal') === 'Equal' && value === (taint.value ?? ''))
}

/** Taints after some have been added and some taken away, known by key and effect. */
export function changeTaints(
  taints: readonly Taint[],
  add: readonly Taint[],
  drop: readonly Taint[],
): readonly Taint[] {
  const isIn = (list: readonly Taint[], taint: Taint): boolean =>
    list.some(({ key, effect }) => key === taint.key && effect === taint.effect)
  return [...taints.filter((taint) => !isIn(drop, taint)), ...add.filter((taint) => !isIn(taints, taint))]
}

/** Whether a taint of that key and effect is there. */
export function hasTaint({ spec }: Node, { key, effect }: Taint): boolean {
  return spec.taints?.some((taint) => taint.key === key && taint.effect === effect) ?? false
}
