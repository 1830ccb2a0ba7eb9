import type { HorizontalPodAutoscaler, KubeObject } from '../../api/index.ts'
import type { See } from '../controller.ts'

/** An object that has a scale. */
export type Scalable = KubeObject & { readonly spec: { readonly replicas?: number } }

/** Plural names with their groups, as errors spell them. */
const scalable: Readonly<Record<string, string>> = {
  'apps/Deployment': 'deployments.apps',
  'apps/ReplicaSet': 'replicasets.apps',
  'apps/StatefulSet': 'statefulsets.apps',
  '/ReplicationController': 'replicationcontrollers',
}

/** The object whose size an autoscaler decides, or why there is none. */
// upstream: scaleForResourceMappings in pkg/controller/podautoscaler/horizontal.go
// differs: custom resources with a scale are not found
export function targetOf({ spec, metadata }: HorizontalPodAutoscaler, { find, isServed }: See): Scalable | string {
  const { apiVersion = '', kind, name } = spec.scaleTargetRef
  const parts = apiVersion.split('/')
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`
  const group = parts.length === 2 ? parts[0]! : ''
  const plural = scalable[`${group}/${kind}`]
  if (plural === undefined)
    return isServed(kind)
      ? 'the server could not find the requested resource'
      : `no matches for kind "${kind}" in group "${group}"`
  return find<Scalable>(kind, name, metadata.namespace) ?? `${plural} "${name}" not found`
}
