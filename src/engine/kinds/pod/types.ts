import type { Draft, Pod } from '../../api/index.ts'

export type PodSpec = Pod['spec']
export type PodStatus = Pod['status']
export type Container = PodSpec['containers'][number]
export type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number]
export type Volume = NonNullable<PodSpec['volumes']>[number]
export type VolumeMount = NonNullable<Container['volumeMounts']>[number]
export type Probe = NonNullable<Container['livenessProbe']>
export type Lifecycle = NonNullable<Container['lifecycle']>
export type LifecycleHandler = NonNullable<Lifecycle['preStop']>
export type EnvVar = NonNullable<Container['env']>[number]
export type EnvFrom = NonNullable<Container['envFrom']>[number]
export type ContainerPort = NonNullable<Container['ports']>[number]
export type Toleration = NonNullable<PodSpec['tolerations']>[number]
export type SpreadConstraint = NonNullable<PodSpec['topologySpreadConstraints']>[number]
export type Affinity = NonNullable<PodSpec['affinity']>
export type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number]
export type Resources = NonNullable<Container['resources']>
export type SecurityContext = NonNullable<Container['securityContext']>
export type PodSecurityContext = NonNullable<PodSpec['securityContext']>

export type PodSpecDraft = Draft<PodSpec>
export type ContainerDraft = Draft<Container>
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
