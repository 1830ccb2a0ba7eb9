import { defineKind } from '../defineKind.ts'

/** Says on which node a pod is to run; it is carried out, not kept. */
export const binding = defineKind({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  namespaced: true,
  verbs: ['create'],
  isVirtual: true,
})
