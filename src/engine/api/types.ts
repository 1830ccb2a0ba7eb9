import type {
  CoreV1Event,
  V1ConfigMap,
  V1Deployment,
  V1EndpointSlice,
  V1Lease,
  V1Namespace,
  V1Node,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
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

export type ConfigMap = Resource<V1ConfigMap>
export type Deployment = Resource<V1Deployment>
export type EndpointSlice = Resource<V1EndpointSlice>
/** The Kubernetes object of that name; a watch sends a `WatchEvent`, the trace holds records. */
export type Event = Resource<CoreV1Event>
export type Lease = Resource<V1Lease>
export type Namespace = Resource<V1Namespace>
export type Node = Resource<V1Node>
export type Pod = Resource<V1Pod>
export type ReplicaSet = Resource<V1ReplicaSet>
export type Secret = Resource<V1Secret>
export type Service = Resource<V1Service>
export type ServiceAccount = Resource<V1ServiceAccount>

/** A mutable private copy, as defaults and admission see it before it is stored. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T

/** The controller among an object's owners, if it has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)
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
