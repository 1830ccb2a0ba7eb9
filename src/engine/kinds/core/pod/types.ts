import type { Draft, Pod } from '../../../api/index.ts'

/** What a pod asks for. */
export type PodSpec = Pod['spec']
/** What became of it. */
export type PodStatus = Pod['status']
/** A container, ordinary or first. */
export type Container = PodSpec['containers'][number]
/** A container that joined a running pod. */
export type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number]
/** Storage of a pod. */
export type Volume = NonNullable<PodSpec['volumes']>[number]
/** Where a container sees a volume. */
export type VolumeMount = NonNullable<Container['volumeMounts']>[number]
/** A question asked again and again. */
export type Probe = NonNullable<Container['livenessProbe']>
/** What is run after the start and before the end. */
export type Lifecycle = NonNullable<Container['lifecycle']>
/** One thing that is run then. */
export type LifecycleHandler = NonNullable<Lifecycle['preStop']>
/** A variable of a container. */
export type EnvVar = NonNullable<Container['env']>[number]
/** A whole set of them. */
export type EnvFrom = NonNullable<Container['envFrom']>[number]
/** A port that a container listens on. */
export type ContainerPort = NonNullable<Container['ports']>[number]
/** A taint that a pod puts up with. */
export type Toleration = NonNullable<PodSpec['tolerations']>[number]
/** How evenly pods are to be spread. */
export type SpreadConstraint = NonNullable<PodSpec['topologySpreadConstraints']>[number]
/** Whom a pod wants to be near, or far from. */
export type Affinity = NonNullable<PodSpec['affinity']>
/** What is reported of a container. */
export type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number]
/** Requests and limits. */
export type Resources = NonNullable<Container['resources']>
/** What a container may do. */
export type SecurityContext = NonNullable<Container['securityContext']>
/** What all containers of a pod may do. */
export type PodSecurityContext = NonNullable<PodSpec['securityContext']>

/** A spec that may be written to. */
export type PodSpecDraft = Draft<PodSpec>
/** A container that may be written to. */
export type ContainerDraft = Draft<Container>
/** A volume that may be written to. */
export type VolumeDraft = Draft<Volume>

/** A pod as its owner's template describes it. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: PodSpec
}

/** Every container of a pod with its path, in upstream's order: init, regular, ephemeral. */
export function* containersOf(spec: PodSpec, path: string): Generator<readonly [container: Container, path: string]> {
  const init = spec.initContainers ?? []
  for (let index = 0; index < init.length; index++) yield [init[index]!, `${path}.initContainers[${index}]`]
  for (let index = 0; index < spec.containers.length; index++)
    yield [spec.containers[index]!, `${path}.containers[${index}]`]
  const ephemeral = spec.ephemeralContainers ?? []
  for (let index = 0; index < ephemeral.length; index++)
    yield [ephemeral[index] as Container, `${path}.ephemeralContainers[${index}]`]
}

/** An init container that goes on running beside the others. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}
