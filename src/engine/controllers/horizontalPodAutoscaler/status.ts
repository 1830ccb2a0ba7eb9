import { isEqual, type HorizontalPodAutoscaler } from '../../api/index.ts'
import { updateStatus, type Write } from '../controller.ts'
import type { Status } from './conditions.ts'

type Autoscaler = HorizontalPodAutoscaler

/** What a look changes of a status. */
export type Said = Pick<Status, 'conditions'> & Partial<Record<keyof Status, unknown>>

/** The status after a look that came to an end: it tells of no metrics, as none were read. upstream: setStatus */
export function settle(autoscaler: Autoscaler, said: Said): readonly Write[] {
  return report(autoscaler, { currentMetrics: null, ...said })
}

const unsaid: object = Object.freeze({ desiredReplicas: 0, currentMetrics: null })

/** Writes the status where it is news; a count of none is left out. upstream: updateStatusIfNeeded */
export function report(autoscaler: Autoscaler, said: Said): readonly Write[] {
  const { currentReplicas, ...rest } = { ...unsaid, ...autoscaler.status, ...said } as Said
  const status = { ...rest, ...(Boolean(currentReplicas) && { currentReplicas }) } as unknown as Status
  return isEqual(status, autoscaler.status) ? [] : [updateStatus({ ...autoscaler, status } as Autoscaler)]
}
