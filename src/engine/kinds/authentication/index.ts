import { selfSubjectReview } from './selfSubjectReview.ts'
import { tokenReview } from './tokenReview.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const authenticationKinds = [selfSubjectReview, tokenReview] as const
