import { defineKind } from '../defineKind.ts'

/** What may I do in a namespace? */
export const selfSubjectRulesReview = defineKind({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  verbs: ['create'],
  isVirtual: true,
})
