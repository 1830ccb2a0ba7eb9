import type { Pod } from '../api/index.ts'
import { defineKind } from './defineKind.ts'

/** One or more containers that live, move and die together on one node. */
export const pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize', 'status'],
  hasGeneration: true,
  prepareForCreate(draft) {
    draft.status = { phase: 'Pending', qosClass: 'BestEffort' }
  },
  // upstream: pkg/registry/core/pod/strategy.go CheckGracefulDelete
  gracePeriodSeconds({ spec, status }, asked) {
    const isUnbound = !spec.nodeName
    if (isUnbound || status.phase === 'Failed' || status.phase === 'Succeeded') return 0
    return asked ?? spec.terminationGracePeriodSeconds ?? 30
  },
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
    'status.phase': ({ status }) => status.phase ?? '',
    'status.podIP': ({ status }) => status.podIP ?? '',
    'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
  },
})
