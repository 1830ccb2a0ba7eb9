import type { KubeObject } from '../api/index.ts'

/** Kinds inside namespaces, in the order of discovery. What is not served is not watched. */
export const namespacedKinds: readonly string[] = [
  'ConfigMap',
  'Endpoints',
  'LimitRange',
  'PersistentVolumeClaim',
  'Pod',
  'PodTemplate',
  'ReplicationController',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
  'ControllerRevision',
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'CronJob',
  'Job',
  'Lease',
  'EndpointSlice',
  'Ingress',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'RoleBinding',
  'Role',
  'ResourceClaim',
  'ResourceClaimTemplate',
  'CSIStorageCapacity',
]

/** Kinds of the cluster as a whole that can own or be owned. */
export const clusterKinds: readonly string[] = [
  'Namespace',
  'Node',
  'PersistentVolume',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'StorageClass',
  'VolumeAttachment',
  'CSINode',
  'PriorityClass',
  'RuntimeClass',
  'IngressClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]

const builtInGroups: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
])

/** How a kind is found again: a custom one by its full name `Kind.group`, as two groups may have a kind of one name. */
export function kindNameOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const slash = apiVersion.indexOf('/')
  if (slash < 0) return kind
  const group = apiVersion.slice(0, slash)
  return builtInGroups.has(group) ? kind : `${kind}.${group}`
}
