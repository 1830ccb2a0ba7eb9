import { formatTime, keyOf, type HorizontalPodAutoscaler } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { defineController, event, patch, type View, type Write } from '../controller.ts'
import { normalize, normalizeWith, withScaleEvent, type Past } from './behavior.ts'
import {
  disabled,
  gotScale,
  noScale,
  notRescaled,
  rescaled,
  validMetric,
  withFinding,
  type Finding,
  type Status,
} from './conditions.ts'
import { measure } from './measure.ts'
import type { Selectors } from './selection.ts'
import { report, settle } from './status.ts'
import { targetOf, type Scalable } from './target.ts'

interface Memory {
  /** when each autoscaler is looked at next, in virtual milliseconds */
  readonly dueAt: Map<string, number>
  /** what each has recommended and done of late; frozen */
  readonly past: Map<string, Past>
  /** which pods each looks after, as far as that is known */
  readonly selectors: Selectors
}

type Autoscaler = HorizontalPodAutoscaler

/** upstream: --horizontal-pod-autoscaler-sync-period; the first look comes as late as all others */
const periodMs = 15_000

/**
 * Gives a target as many replicas as its metrics ask for, within bounds and at the pace of its behavior.
 * upstream: pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler
 */
export const horizontalPodAutoscalerController = defineController<Autoscaler, Memory>({
  name: 'horizontal-pod-autoscaler',
  for: 'HorizontalPodAutoscaler',
  ignoresOwnStatus: true,
  createMemory: () => ({ dueAt: new Map(), past: new Map(), selectors: new Map() }),
  watches: {
    Pod: {},
    HorizontalPodAutoscaler: {
      observe: ({ type, object }: Change<Autoscaler>, { memory }) => {
        if (type === 'DELETED') for (const map of Object.values(memory)) map.delete(keyOf(object))
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
type Conditions = NonNullable<Status['conditions']>

const noPast: Past = Object.freeze({
  recommendations: Object.freeze([]),
  ups: Object.freeze([]),
  downs: Object.freeze([]),
})

function look(view: Sight): readonly Write[] {
  const { object: autoscaler, now, memory, key } = view
  const target = targetOf(autoscaler, view)
  const before = autoscaler.status?.conditions ?? []
  if (typeof target === 'string')
    return [
      event(autoscaler, 'Warning', 'FailedGetScale', target),
      ...report(autoscaler, { conditions: withFinding(before, noScale(target), now) }),
    ]
  const conditions = withFinding(before, gotScale, now)
  const replicas = target.spec.replicas ?? 1
  if (!memory.past.has(key))
    memory.past.set(
      key,
      Object.freeze({ ...noPast, recommendations: Object.freeze([Object.freeze({ replicas, at: now })]) }),
    )
  const { minReplicas = 1, maxReplicas } = autoscaler.spec
  if (replicas === 0 && minReplicas !== 0)
    return settle(autoscaler, {
      conditions: withFinding(conditions, disabled, now),
      currentReplicas: 0,
      desiredReplicas: 0,
    })
  if (replicas > maxReplicas) return resize(view, target, bounded(maxReplicas, 'above Spec.MaxReplicas', conditions))
  if (replicas < minReplicas) return resize(view, target, bounded(minReplicas, 'below Spec.MinReplicas', conditions))
  return follow(view, target, conditions)
}

/** A new size, why it is wanted, and what is known when it is. */
interface Resize {
  readonly replicas: number
  readonly reason: string
  readonly conditions: Conditions
  readonly currentMetrics: Status['currentMetrics'] | null
}

function bounded(replicas: number, where: string, conditions: Conditions): Resize {
  return { replicas, reason: `Current number of replicas ${where}`, conditions, currentMetrics: null }
}

/** Does what the metrics ask for. upstream: the middle of reconcileAutoscaler, computeReplicasForMetrics */
function follow(view: Sight, target: Scalable, before: Conditions): readonly Write[] {
  const { object: autoscaler, now, memory, key } = view
  const current = target.spec.replicas ?? 1
  const { behavior, minReplicas: min = 1, maxReplicas: max } = autoscaler.spec
  const found = measure(view, target, memory.selectors)
  const { events, currentMetrics } = found
  if (found.failure !== undefined) {
    const { finding, error } = found.failure
    return [
      ...events,
      event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', error),
      ...report(autoscaler, {
        conditions: withFinding(before, finding, now),
        currentReplicas: current,
        currentMetrics,
      }),
    ]
  }
  const { replicas: desired, metric } = found
  const past = memory.past.get(key) ?? noPast
  const wish = { current, desired, min, max, now }
  const normal = behavior === undefined ? normalize(wish, past) : normalizeWith(behavior, wish, past)
  const { ups, downs } = past
  memory.past.set(key, Object.freeze({ recommendations: normal.recommendations, ups, downs }))
  const conditions = [validMetric(metric), ...normal.findings].reduce<Conditions>(
    (all, finding) => withFinding(all, finding, now) as Conditions,
    before,
  )
  if (normal.replicas === current)
    return [
      ...events,
      ...report(autoscaler, { conditions, currentReplicas: current, desiredReplicas: current, currentMetrics }),
    ]
  const reason = desired > current ? `${metric} above target` : desired < current ? 'All metrics below target' : ''
  return [...events, ...resize(view, target, { replicas: normal.replicas, reason, conditions, currentMetrics })]
}

function resize(
  view: Sight,
  target: Scalable,
  { replicas, reason, conditions, currentMetrics }: Resize,
): readonly Write[] {
  const { object: autoscaler, now, memory, key } = view
  const words = `New size: ${replicas}; reason: ${reason}`
  const currentReplicas = target.spec.replicas ?? 1
  const found = (finding: Finding): Conditions => withFinding(conditions, finding, now) as Conditions
  const { behavior } = autoscaler.spec
  return [
    patch(
      target,
      { spec: { replicas } },
      {
        subresource: 'scale',
        done() {
          const past = memory.past.get(key) ?? noPast
          if (behavior !== undefined)
            memory.past.set(key, withScaleEvent(behavior, past, replicas - currentReplicas, now))
          return [
            event(autoscaler, 'Normal', 'SuccessfulRescale', words),
            ...report(autoscaler, {
              conditions: found(rescaled(replicas)),
              currentReplicas,
              desiredReplicas: replicas,
              currentMetrics,
              lastScaleTime: formatTime(now),
            }),
          ]
        },
        refused: ({ message }) => [
          event(autoscaler, 'Warning', 'FailedRescale', `${words}; error: ${message}`),
          ...report(autoscaler, { conditions: found(notRescaled(message)), currentReplicas, currentMetrics }),
        ],
      },
    ),
  ]
}
