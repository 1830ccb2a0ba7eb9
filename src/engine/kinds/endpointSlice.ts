import type { EndpointSlice } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** The addresses behind a Service. */
export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices', namespaced: true,
})
