import { certificateSigningRequest } from './certificateSigningRequest.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const certificatesKinds = [certificateSigningRequest] as const
