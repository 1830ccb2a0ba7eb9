import { flowSchema } from './flowSchema.ts'
import { priorityLevelConfiguration } from './priorityLevelConfiguration.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const flowcontrolKinds = [flowSchema, priorityLevelConfiguration] as const
