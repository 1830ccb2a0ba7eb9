import { endpointSlice } from './endpointSlice.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const discoveryKinds = [endpointSlice] as const
