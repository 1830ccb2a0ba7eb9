import { podDisruptionBudget } from './podDisruptionBudget.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const policyKinds = [podDisruptionBudget] as const
