import { customResourceDefinition } from './customResourceDefinition.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const apiextensionsKinds = [customResourceDefinition] as const
