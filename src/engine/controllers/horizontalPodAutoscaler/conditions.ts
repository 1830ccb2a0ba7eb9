import { formatTime, type HorizontalPodAutoscaler } from '../../api/index.ts'

export type Status = NonNullable<HorizontalPodAutoscaler['status']>
export type Condition = NonNullable<Status['conditions']>[number]

/** What a look at a target found out. */
export interface Finding {
  readonly type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited'
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** The conditions with a finding in its place; only another status is a transition. upstream: setConditionInList */
export function withFinding(
  conditions: readonly Condition[],
  { type, ...said }: Finding,
  now: number,
): readonly Condition[] {
  const known = conditions.find((condition) => condition.type === type)
  const isSame = known !== undefined && known.status === said.status
  const lastTransitionTime = isSame ? known.lastTransitionTime : formatTime(now)
  const next = { type, ...said, lastTransitionTime } as unknown as Condition
  return known === undefined ? [...conditions, next] : conditions.map((each) => (each === known ? next : each))
}

export const gotScale: Finding = Object.freeze({
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
})

export const disabled: Finding = Object.freeze({
  type: 'ScalingActive',
  status: 'False',
  reason: 'ScalingDisabled',
  message: 'scaling is disabled since the replica count of the target is zero',
})

/** The target, or its scale, could not be read. */
export function noScale(why: string): Finding {
  const message = `the HPA controller was unable to get the target's current scale: ${why}`
  return { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message }
}

/** The target has been given another size. */
export function rescaled(replicas: number): Finding {
  const message = `the HPA controller was able to update the target scale to ${replicas}`
  return { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message }
}

/** The target refused another size. */
export function notRescaled(why: string): Finding {
  const message = `the HPA controller was unable to update the target scale: ${why}`
  return { type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale', message }
}

export const ready: Finding = Object.freeze({
  type: 'AbleToScale',
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
})

/** What was recommended before holds a change back. */
export function stabilized(direction: 'Up' | 'Down'): Finding {
  const [than, which] = direction === 'Up' ? ['lower', 'lowest'] : ['higher', 'highest']
  const message = `recent recommendations were ${than} than current one, applying the ${which} recent recommendation`
  return { type: 'AbleToScale', status: 'True', reason: `Scale${direction}Stabilized`, message }
}

const limits = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
} as const

/** Whether a bound or a rate decides instead of the metrics. */
export function limited(isLimited: boolean, reason: keyof typeof limits): Finding {
  return { type: 'ScalingLimited', status: isLimited ? 'True' : 'False', reason, message: limits[reason] }
}

/** The metric that decides could be read. */
export function validMetric(metric: string): Finding {
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`
  return { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message }
}

/** Nothing can be worked out, for this reason. */
export function inactive(reason: string, message: string): Finding {
  return { type: 'ScalingActive', status: 'False', reason, message }
}
