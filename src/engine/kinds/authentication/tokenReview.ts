import { defineKind } from '../defineKind.ts'

/** Whose token is this? */
export const tokenReview = defineKind({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
  verbs: ['create'],
  isVirtual: true,
})
