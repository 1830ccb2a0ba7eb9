import { localCondition } from '../../kinds/apiregistration/apiService.ts'
import { bornAt, builtIn, type BuiltIn } from './birth.ts'

// upstream: pkg/controlplane/apiserver/aggregator.go; a group's place among groups, a version's among versions
const versions: readonly (readonly [group: string, version: string, groupPriority: number, priority: number])[] = [
  ['', 'v1', 18_000, 1],
  ['admissionregistration.k8s.io', 'v1', 16_700, 15],
  ['apiextensions.k8s.io', 'v1', 16_700, 15],
  ['apps', 'v1', 17_800, 15],
  ['authentication.k8s.io', 'v1', 17_700, 15],
  ['authorization.k8s.io', 'v1', 17_600, 15],
  ['autoscaling', 'v1', 17_500, 15],
  ['batch', 'v1', 17_400, 15],
  ['certificates.k8s.io', 'v1', 17_300, 15],
  ['coordination.k8s.io', 'v1', 16_500, 15],
  ['discovery.k8s.io', 'v1', 16_200, 15],
  ['events.k8s.io', 'v1', 17_750, 15],
  ['flowcontrol.apiserver.k8s.io', 'v1', 16_100, 21],
  ['networking.k8s.io', 'v1', 17_200, 15],
  ['node.k8s.io', 'v1', 16_300, 15],
  ['policy', 'v1', 17_100, 15],
  ['rbac.authorization.k8s.io', 'v1', 17_000, 15],
  ['resource.k8s.io', 'v1', 16_200, 20],
  ['scheduling.k8s.io', 'v1', 16_600, 15],
  ['storage.k8s.io', 'v1', 16_800, 15],
  ['autoscaling', 'v2', 17_500, 30],
]

const labels = { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' }

/** The versions that this server serves itself. */
export const apiServices: readonly BuiltIn[] = Object.freeze(
  versions.map(([group, version, groupPriorityMinimum, versionPriority]) =>
    builtIn(
      'apiregistration.k8s.io/apiservices',
      'apiregistration.k8s.io/v1',
      'APIService',
      { name: `${version}.${group}`, labels },
      {
        spec: { ...(group !== '' && { group }), version, groupPriorityMinimum, versionPriority },
        status: { conditions: [localCondition(bornAt)] },
      },
    ),
  ),
)
