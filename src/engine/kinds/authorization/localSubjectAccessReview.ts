import { defineKind } from '../defineKind.ts'

/** May somebody do this in one namespace? */
export const localSubjectAccessReview = defineKind({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  namespaced: true,
  verbs: ['create'],
  isVirtual: true,
})
