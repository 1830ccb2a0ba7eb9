import type {
  V1CSINode,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1StorageClass,
} from '@kubernetes/client-node'
import type { KubeObject, Resource } from '../api/index.ts'

export type PersistentVolume = Resource<V1PersistentVolume>
export type PersistentVolumeClaim = Resource<V1PersistentVolumeClaim>
export type StorageClass = Resource<V1StorageClass>
export type CSINode = Resource<V1CSINode>
export type PodDisruptionBudget = Resource<V1PodDisruptionBudget>

/** Labels of an object; nothing is the same as none. */
export type Labels = Readonly<Record<string, string>> | undefined

/** The objects beside pods and nodes that a decision may depend on. Kinds that are not served have no objects. */
export interface Objects {
  /** by `namespace/name`, or the bare name */
  readonly get: <T extends KubeObject>(kind: ObservedKind, key: string) => T | undefined
  readonly list: <T extends KubeObject>(kind: ObservedKind) => Iterable<T>
  readonly within: <T extends KubeObject>(kind: ObservedKind, namespace: string) => Iterable<T>
}

/** Kinds the scheduler watches besides Pod and Node, if they are served. */
export const observedKinds = [
  'Namespace',
  'Service',
  'ReplicationController',
  'ReplicaSet',
  'StatefulSet',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'CSINode',
  'PodDisruptionBudget',
  'ResourceClaim',
  'ResourceSlice',
  'DeviceClass',
] as const

export type ObservedKind = (typeof observedKinds)[number]
