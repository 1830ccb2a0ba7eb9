import { lease } from './lease.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const coordinationKinds = [lease] as const
