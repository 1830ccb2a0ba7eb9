import type {
  CoreV1Event,
  V1APIService,
  V1CSIDriver,
  V1CSINode,
  V1CSIStorageCapacity,
  V1CertificateSigningRequest,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1CustomResourceDefinition,
  V1DaemonSet,
  V1Deployment,
  V1DeviceClass,
  V1EndpointSlice,
  V1Endpoints,
  V1FlowSchema,
  V1IPAddress,
  V1Ingress,
  V1IngressClass,
  V1Job,
  V1Lease,
  V1LimitRange,
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplate,
  V1PriorityClass,
  V1PriorityLevelConfiguration,
  V1ReplicaSet,
  V1ReplicationController,
  ResourceV1ResourceClaim,
  V1ResourceClaimTemplate,
  V1ResourceQuota,
  V1ResourceSlice,
  V1Role,
  V1RoleBinding,
  V1RuntimeClass,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1ServiceCIDR,
  V1StatefulSet,
  V1StorageClass,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1ValidatingWebhookConfiguration,
  V1VolumeAttachment,
  V1VolumeAttributesClass,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node'

/** The wire form of a generated model: dates are strings, `_from` is `from`, everything is read-only. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [Key in keyof T as Key extends `_${infer Name}` ? Name : Key]: Wire<T[Key]> }
      : T

/** What every stored object has in its metadata. */
export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly generateName?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly OwnerReference[]
  readonly managedFields?: readonly unknown[]
}

/** Who an object belongs to; `controller: true` marks the one that manages it. */
export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

/** Any object of the API, as stored: immutable, and shared by everybody who holds it. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

/** One kind's stored form, made from its generated model: what the server always fills in is not optional. */
export type Resource<T> = Omit<Wire<T>, 'apiVersion' | 'kind' | 'metadata' | 'spec' | 'status'> &
  KubeObject &
  (T extends { spec?: infer Spec } ? { readonly spec: Wire<NonNullable<Spec>> } : unknown) &
  (T extends { status?: infer Status } ? { readonly status: Wire<NonNullable<Status>> } : unknown)

export type APIService = Resource<V1APIService>
export type CSIDriver = Resource<V1CSIDriver>
export type CSINode = Resource<V1CSINode>
export type CSIStorageCapacity = Resource<V1CSIStorageCapacity>
export type CertificateSigningRequest = Resource<V1CertificateSigningRequest>
export type ClusterRole = Resource<V1ClusterRole>
export type ClusterRoleBinding = Resource<V1ClusterRoleBinding>
export type ConfigMap = Resource<V1ConfigMap>
export type ControllerRevision = Resource<V1ControllerRevision>
export type CronJob = Resource<V1CronJob>
export type CustomResourceDefinition = Resource<V1CustomResourceDefinition>
export type DaemonSet = Resource<V1DaemonSet>
export type Deployment = Resource<V1Deployment>
export type DeviceClass = Resource<V1DeviceClass>
export type EndpointSlice = Resource<V1EndpointSlice>
export type Endpoints = Resource<V1Endpoints>
/** The Kubernetes object of that name; a watch sends a `WatchEvent`, the trace holds records. */
export type Event = Resource<CoreV1Event>
export type FlowSchema = Resource<V1FlowSchema>
export type HorizontalPodAutoscaler = Resource<V2HorizontalPodAutoscaler>
export type IPAddress = Resource<V1IPAddress>
export type Ingress = Resource<V1Ingress>
export type IngressClass = Resource<V1IngressClass>
export type Job = Resource<V1Job>
export type Lease = Resource<V1Lease>
export type LimitRange = Resource<V1LimitRange>
export type MutatingAdmissionPolicy = Resource<V1MutatingAdmissionPolicy>
export type MutatingAdmissionPolicyBinding = Resource<V1MutatingAdmissionPolicyBinding>
export type MutatingWebhookConfiguration = Resource<V1MutatingWebhookConfiguration>
export type Namespace = Resource<V1Namespace>
export type NetworkPolicy = Resource<V1NetworkPolicy>
export type Node = Resource<V1Node>
export type PersistentVolume = Resource<V1PersistentVolume>
export type PersistentVolumeClaim = Resource<V1PersistentVolumeClaim>
export type Pod = Resource<V1Pod>
export type PodDisruptionBudget = Resource<V1PodDisruptionBudget>
export type PodTemplate = Resource<V1PodTemplate>
export type PriorityClass = Resource<V1PriorityClass>
export type PriorityLevelConfiguration = Resource<V1PriorityLevelConfiguration>
export type ReplicaSet = Resource<V1ReplicaSet>
export type ReplicationController = Resource<V1ReplicationController>
export type ResourceClaim = Resource<ResourceV1ResourceClaim>
export type ResourceClaimTemplate = Resource<V1ResourceClaimTemplate>
export type ResourceQuota = Resource<V1ResourceQuota>
export type ResourceSlice = Resource<V1ResourceSlice>
export type Role = Resource<V1Role>
export type RoleBinding = Resource<V1RoleBinding>
export type RuntimeClass = Resource<V1RuntimeClass>
export type Secret = Resource<V1Secret>
export type Service = Resource<V1Service>
export type ServiceAccount = Resource<V1ServiceAccount>
export type ServiceCIDR = Resource<V1ServiceCIDR>
export type StatefulSet = Resource<V1StatefulSet>
export type StorageClass = Resource<V1StorageClass>
export type ValidatingAdmissionPolicy = Resource<V1ValidatingAdmissionPolicy>
export type ValidatingAdmissionPolicyBinding = Resource<V1ValidatingAdmissionPolicyBinding>
export type ValidatingWebhookConfiguration = Resource<V1ValidatingWebhookConfiguration>
export type VolumeAttachment = Resource<V1VolumeAttachment>
export type VolumeAttributesClass = Resource<V1VolumeAttributesClass>

/** A mutable private copy, as defaults and admission see it before it is stored. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T

/** The controller among an object's owners, if it has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences
  if (owners === undefined) return undefined
  const first = owners[0] // nearly always there is no other
  return first?.controller === true ? first : owners.find(({ controller }) => controller === true)
}

/** `namespace/name`, or the bare name where there is no namespace: how informers and queues call an object. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** `Kind/namespace/name`: how the trace calls an object. */
export function refOf(object: KubeObject): string {
  return `${object.kind}/${keyOf(object)}`
}

/** All fields of a record, also those that may be absent: a species whose members are written out whole has one hidden class. */
export type Whole<T> = { readonly [Field in keyof Required<T>]: T[Field] }
