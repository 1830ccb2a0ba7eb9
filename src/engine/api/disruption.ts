import type { PodDisruptionBudget } from './types.ts'

type Conditions = PodDisruptionBudget['status']['conditions']
type Condition = NonNullable<Conditions>[number]

/** What a budget says of itself by the number of disruptions it allows. */
// upstream: staging/src/k8s.io/component-helpers/apps/poddisruptionbudget/helpers.go
export function disruptionAllowed(allowed: number, generation: number | undefined, now: string): Condition {
  return {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    observedGeneration: generation ?? 0,
    lastTransitionTime: now,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
}

/** A list of conditions with one more, or another one of that type; the moment stays where the status does. */
// upstream: apimachinery/pkg/api/meta/conditions.go SetStatusCondition
export function changed(conditions: Conditions, next: Condition): NonNullable<Conditions> {
  const old = conditions?.find(({ type }) => type === next.type)
  if (old === undefined) return [...(conditions ?? []), next]
  const at = old.status === next.status ? old.lastTransitionTime : next.lastTransitionTime
  return conditions!.map((one) => (one === old ? { ...next, lastTransitionTime: at } : one))
}
