import { localSubjectAccessReview } from './localSubjectAccessReview.ts'
import { selfSubjectAccessReview } from './selfSubjectAccessReview.ts'
import { selfSubjectRulesReview } from './selfSubjectRulesReview.ts'
import { subjectAccessReview } from './subjectAccessReview.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const authorizationKinds = [
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
] as const
