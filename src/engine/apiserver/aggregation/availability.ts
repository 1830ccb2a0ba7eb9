import type { APIService } from '../../api/index.ts'

/** What the checks of an APIService came to. */
export interface Availability {
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** The APIService with its condition Available; undefined where that says so already. Only another status is a transition. */
// upstream: kube-aggregator/pkg/apis/apiregistration/v1/helper/helpers.go SetAPIServiceCondition
export function withAvailability(service: APIService, found: Availability, now: string): APIService | undefined {
  const conditions = service.status.conditions ?? []
  const old = conditions.find(({ type }) => type === 'Available')
  if (old?.status === found.status && old.reason === found.reason && old.message === found.message) return undefined
  const lastTransitionTime = old?.status === found.status ? old.lastTransitionTime : now
  const next = {
    type: 'Available',
    status: found.status,
    lastTransitionTime,
    reason: found.reason,
    message: found.message,
  }
  const others = conditions.filter(({ type }) => type !== 'Available')
  return { ...service, status: { ...service.status, conditions: [...others, next] } } as unknown as APIService
}
