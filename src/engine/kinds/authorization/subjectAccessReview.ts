import { defineKind } from '../defineKind.ts'

/** May somebody do this? */
export const subjectAccessReview = defineKind({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
  isVirtual: true,
})
