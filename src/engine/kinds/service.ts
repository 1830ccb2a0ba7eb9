import type { Service } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** A stable name and address in front of pods. */
export const service = defineKind<Service>({
  group: '', version: 'v1', kind: 'Service', plural: 'services', shortNames: ['svc'], categories: ['all'], namespaced: true, subresources: ['proxy', 'status'],
})
