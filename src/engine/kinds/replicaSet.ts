import type { ReplicaSet } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** Keeps a fixed number of identical pods alive. */
export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps', version: 'v1', kind: 'ReplicaSet', plural: 'replicasets', shortNames: ['rs'], categories: ['all'], namespaced: true, subresources: ['scale', 'status'], hasGeneration: true,
})
