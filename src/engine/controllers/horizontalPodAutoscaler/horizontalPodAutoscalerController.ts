import { formatTime, isEqual, keyOf, type HorizontalPodAutoscaler } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { defineController, event, patch, updateStatus, type View, type Write } from '../controller.ts'
import {
  disabled,
  gotScale,
  noScale,
  notRescaled,
  rescaled,
  withFinding,
  type Finding,
  type Status,
} from './conditions.ts'
import { findingOf, refusalOf } from './metrics.ts'
import { targetOf, type Scalable } from './target.ts'

interface Memory {
  /** when each autoscaler is looked at next, in virtual milliseconds */
  readonly dueAt: Map<string, number>
}

type Autoscaler = HorizontalPodAutoscaler

/** upstream: --horizontal-pod-autoscaler-sync-period; the first look comes as late as all others */
const periodMs = 15_000

/**
 * Gives a target as many replicas as its metrics ask for, within bounds.
 * upstream: pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler
 * differs: no metrics API is served, so that beyond the bounds it can only say that it knows nothing
 */
export const horizontalPodAutoscalerController = defineController<Autoscaler, Memory>({
  name: 'horizontal-pod-autoscaler',
  for: 'HorizontalPodAutoscaler',
  ignoresOwnStatus: true,
  createMemory: () => ({ dueAt: new Map() }),
  watches: {
    HorizontalPodAutoscaler: {
      observe: ({ type, object }: Change<Autoscaler>, { memory }) => {
        if (type === 'DELETED') memory.dueAt.delete(keyOf(object))
      },
      // whatever else changes waits for the next look
      concerns: ({ type, object }: Change<Autoscaler>) => (type === 'ADDED' ? [keyOf(object)] : []),
    },
  },
  reconcile(view) {
    const { memory, key, now } = view
    const dueAt = memory.dueAt.get(key)
    if (dueAt !== undefined && dueAt > now) return { writes: [], requeueAfterMs: dueAt - now, isPoll: true }
    memory.dueAt.set(key, now + periodMs)
    if (dueAt === undefined) return { writes: [], requeueAfterMs: periodMs }
    return { writes: look(view), requeueAfterMs: periodMs, isPoll: true }
  },
})

type Sight = View<Autoscaler, Memory>

function look(view: Sight): readonly Write[] {
  const { object: autoscaler, now } = view
  const target = targetOf(autoscaler, view)
  const before = autoscaler.status?.conditions ?? []
  if (typeof target === 'string')
    return [
      event(autoscaler, 'Warning', 'FailedGetScale', target),
      ...report(autoscaler, { conditions: withFinding(before, noScale(target), now) }),
    ]
  const conditions = withFinding(before, gotScale, now)
  const replicas = target.spec.replicas ?? 1
  const { minReplicas = 1, maxReplicas } = autoscaler.spec
  if (replicas === 0 && minReplicas !== 0)
    return settle(autoscaler, {
      conditions: withFinding(conditions, disabled, now),
      currentReplicas: 0,
      desiredReplicas: 0,
    })
  if (replicas > maxReplicas) return resize(view, target, maxReplicas, 'above Spec.MaxReplicas', conditions)
  if (replicas < minReplicas) return resize(view, target, minReplicas, 'below Spec.MinReplicas', conditions)
  return giveUp(view, replicas, conditions)
}

type Conditions = NonNullable<Status['conditions']>

function resize(
  { object: autoscaler, now }: Sight,
  target: Scalable,
  replicas: number,
  where: string,
  conditions: Conditions,
): readonly Write[] {
  const words = `New size: ${replicas}; reason: Current number of replicas ${where}`
  const currentReplicas = target.spec.replicas ?? 1
  const found = (finding: Finding): Conditions => withFinding(conditions, finding, now)
  return [
    patch(
      target,
      { spec: { replicas } },
      {
        subresource: 'scale',
        done: () => [
          event(autoscaler, 'Normal', 'SuccessfulRescale', words),
          ...settle(autoscaler, {
            conditions: found(rescaled(replicas)),
            currentReplicas,
            desiredReplicas: replicas,
            lastScaleTime: formatTime(now),
          }),
        ],
        refused: ({ message }) => [
          event(autoscaler, 'Warning', 'FailedRescale', `${words}; error: ${message}`),
          ...report(autoscaler, { conditions: found(notRescaled(message)), currentReplicas }),
        ],
      },
    ),
  ]
}

/** No metric can be read: the target is left as it is. upstream: computeReplicasForMetrics */
function giveUp({ object: autoscaler, now }: Sight, currentReplicas: number, conditions: Conditions): readonly Write[] {
  const { metrics = [] } = autoscaler.spec
  const refusals = metrics.map((metric) => refusalOf(metric, autoscaler.metadata.namespace ?? ''))
  const first = refusals[0]
  if (first === undefined) return []
  const count = refusals.length
  const whole = `invalid metrics (${count} invalid out of ${count}), first error is: ${first.error}`
  return [
    ...refusals.map(({ reason, message }) => event(autoscaler, 'Warning', reason, message)),
    event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', whole),
    ...report(autoscaler, {
      conditions: withFinding(conditions, findingOf(first), now),
      currentReplicas,
      currentMetrics: metrics.map(() => ({ type: '' })),
    }),
  ]
}

type Said = Pick<Status, 'conditions'> & Partial<Record<keyof Status, unknown>>

/** The status after a look that came to an end: it tells of no metrics, as none were read. upstream: setStatus */
function settle(autoscaler: Autoscaler, said: Said): readonly Write[] {
  return report(autoscaler, { currentMetrics: null, ...said })
}

const unsaid: object = Object.freeze({ desiredReplicas: 0, currentMetrics: null })

/** Writes the status where it is news; a count of none is left out. upstream: updateStatusIfNeeded */
function report(autoscaler: Autoscaler, said: Said): readonly Write[] {
  const { currentReplicas, ...rest } = { ...unsaid, ...autoscaler.status, ...said } as Said
  const status = { ...rest, ...(Boolean(currentReplicas) && { currentReplicas }) } as unknown as Status
  return isEqual(status, autoscaler.status) ? [] : [updateStatus({ ...autoscaler, status } as Autoscaler)]
}
