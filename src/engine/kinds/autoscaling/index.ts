import { horizontalPodAutoscaler } from './horizontalPodAutoscaler.ts'
import { horizontalPodAutoscalerV1 } from './v1/horizontalPodAutoscaler.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const autoscalingKinds = [horizontalPodAutoscaler, horizontalPodAutoscalerV1] as const
