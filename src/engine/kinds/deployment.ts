import type { Deployment } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** Rolls a set of pods from one version to the next. */
export const deployment = defineKind<Deployment>({
  group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'], categories: ['all'], namespaced: true, subresources: ['scale', 'status'], hasGeneration: true,
})
