import { runtimeClass } from './runtimeClass.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const nodeKinds = [runtimeClass] as const
