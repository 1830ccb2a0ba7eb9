import { priorityClass } from './priorityClass.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const schedulingKinds = [priorityClass] as const
