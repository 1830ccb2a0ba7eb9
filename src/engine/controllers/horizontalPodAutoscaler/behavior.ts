import type { HorizontalPodAutoscaler } from '../../api/index.ts'
import { limited, ready, stabilized, type Finding } from './conditions.ts'

type Behavior = NonNullable<HorizontalPodAutoscaler['spec']['behavior']>
type Rules = NonNullable<Behavior['scaleUp']>

/** What was recommended at some moment, before anything held it back. Frozen. */
export interface Recommendation {
  readonly replicas: number
  readonly at: number
}

/** How many pods were added or taken away at some moment. Frozen. */
export interface ScaleEvent {
  readonly change: number
  readonly at: number
}

/** What an autoscaler remembers of its own target. */
export interface Past {
  readonly recommendations: readonly Recommendation[]
  readonly ups: readonly ScaleEvent[]
  readonly downs: readonly ScaleEvent[]
}

/** What is asked for, and within which bounds. */
export interface Wish {
  readonly current: number
  /** what the metrics ask for */
  readonly desired: number
  readonly min: number
  readonly max: number
  readonly now: number
}

/** What becomes of a wish. */
export interface Normal {
  readonly replicas: number
  readonly recommendations: readonly Recommendation[]
  readonly findings: readonly Finding[]
}

/** upstream: --horizontal-pod-autoscaler-downscale-stabilization */
const downscaleWindowMs = 300_000

/** Brings a wish within bounds, and to a pace that nobody asked for in particular. */
// upstream: pkg/controller/podautoscaler/horizontal.go normalizeDesiredReplicas
export function normalize(wish: Wish, past: Past): Normal {
  const recent = past.recommendations.filter(({ at }) => at >= wish.now - downscaleWindowMs)
  const stable = Math.max(wish.desired, ...recent.map(({ replicas }) => replicas))
  const { replicas, reason } = withinLimits(wish, stable)
  return {
    replicas,
    recommendations: remembered(recent, wish),
    findings: [stable === wish.desired ? ready : stabilized('Down'), limited(replicas !== stable, reason)],
  }
}

// upstream: convertDesiredReplicasWithRules, calculateScaleUpLimit
function withinLimits({ current, min, max }: Wish, desired: number): { replicas: number; reason: Reason } {
  const upMost = Math.max(2 * current, 4)
  const most = Math.min(max, upMost)
  if (desired < min) return { replicas: min, reason: 'TooFewReplicas' }
  if (desired > most) return { replicas: most, reason: max > upMost ? 'ScaleUpLimit' : 'TooManyReplicas' }
  return { replicas: desired, reason: 'DesiredWithinRange' }
}

type Reason = Parameters<typeof limited>[1]

/** Brings a wish within bounds, and to the pace that its behavior allows. */
// upstream: normalizeDesiredReplicasWithBehaviors
export function normalizeWith(behavior: Behavior, wish: Wish, past: Past): Normal {
  const { stable, recommendations } = stabilizedWith(behavior, wish, past)
  const { replicas, reason } = atRate(behavior, { ...wish, desired: stable }, past)
  const direction = wish.desired >= wish.current ? 'Up' : 'Down'
  return {
    replicas,
    recommendations,
    findings: [stable === wish.desired ? ready : stabilized(direction), limited(replicas !== stable, reason)],
  }
}

// upstream: stabilizeRecommendationWithBehaviors
function stabilizedWith({ scaleUp, scaleDown }: Behavior, wish: Wish, { recommendations }: Past) {
  const { current, desired, now } = wish
  const upWindowMs = (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000
  const downSeconds = scaleDown?.stabilizationWindowSeconds
  const downWindowMs = downSeconds === undefined ? downscaleWindowMs : downSeconds * 1000
  let [least, most] = [desired, desired]
  for (const { replicas, at } of recommendations) {
    if (at > now - upWindowMs) least = Math.min(replicas, least)
    if (at > now - downWindowMs) most = Math.max(replicas, most)
  }
  const recent = recommendations.filter(({ at }) => at >= now - Math.max(upWindowMs, downWindowMs))
  return { stable: Math.min(Math.max(current, least), most), recommendations: remembered(recent, wish) }
}

function remembered(recent: readonly Recommendation[], { desired, now }: Wish): readonly Recommendation[] {
  return Object.freeze([...recent, Object.freeze({ replicas: desired, at: now })])
}

// upstream: convertDesiredReplicasWithBehaviorRate
function atRate({ scaleUp, scaleDown }: Behavior, wish: Wish, past: Past): { replicas: number; reason: Reason } {
  const { current, desired, min, max } = wish
  if (desired > current) {
    const limit = Math.max(current, limitOf(scaleUp, wish, past, 1))
    const most = Math.min(max, limit)
    if (desired > most) return { replicas: most, reason: max > limit ? 'ScaleUpLimit' : 'TooManyReplicas' }
  } else if (desired < current) {
    const limit = Math.min(current, limitOf(scaleDown, wish, past, -1))
    const least = Math.max(min, limit)
    if (desired < least) return { replicas: least, reason: min < limit ? 'ScaleDownLimit' : 'TooFewReplicas' }
  }
  return { replicas: desired, reason: 'DesiredWithinRange' }
}

/** How far the policies of one direction allow to go from where each one's period began. */
// upstream: calculateScaleUpLimitWithScalingRules, calculateScaleDownLimitWithBehaviors
function limitOf(rules: Rules | undefined, { current, now }: Wish, past: Past, direction: 1 | -1): number {
  const { selectPolicy = 'Max', policies = [] } = rules ?? {}
  if (selectPolicy === 'Disabled') return current
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const since = now - periodSeconds * 1000
    const start = current - changesSince(past.ups, since) + changesSince(past.downs, since)
    if (type === 'Pods') return start + direction * value
    const share = start * (1 + (direction * value) / 100)
    // rounded up on the way up, so that there is a way; cut off on the way down
    return direction > 0 ? Math.ceil(share) : Math.trunc(share)
  })
  return (selectPolicy === 'Max') === direction > 0 ? Math.max(...proposals) : Math.min(...proposals)
}

function changesSince(events: readonly ScaleEvent[], since: number): number {
  return events.reduce((total, { change, at }) => (at > since ? total + change : total), 0)
}

/** Remembers that the target was given another size; only what a policy may still ask for is kept. */
// upstream: storeScaleEvent
export function withScaleEvent(behavior: Behavior, past: Past, change: number, now: number): Past {
  const isUp = change > 0
  const { policies = [] } = (isUp ? behavior.scaleUp : behavior.scaleDown) ?? {}
  const longestMs = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds)) * 1000
  const old = (isUp ? past.ups : past.downs).filter(({ at }) => at >= now - longestMs)
  const events = Object.freeze([...old, Object.freeze({ change: Math.abs(change), at: now })])
  const { recommendations, ups, downs } = past
  return Object.freeze({ recommendations, ups: isUp ? events : ups, downs: isUp ? downs : events })
}
