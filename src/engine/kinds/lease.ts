import type { Lease } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** A sign of life that runs out unless it is renewed. */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true,
})
