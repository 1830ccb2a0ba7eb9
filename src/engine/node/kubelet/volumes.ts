import { setOwn, type ConfigMap, type Pod, type Secret } from '../../api/index.ts'
import { mapList } from '../../sim/index.ts'
import type { Mount } from '../runtime/runtime.ts'
import { decodeBase64 } from './base64.ts'
import { fieldValue, resourceValue, type FieldView } from './fields.ts'
import type { Container } from './state.ts'

export type Volume = NonNullable<Pod['spec']['volumes']>[number]

/** Where the contents of volumes come from. */
export interface VolumeSources extends FieldView, ObjectSources {
  readonly node: string
}

/** The objects of the API that a pod may refer to; undefined where there is none of that name. */
export interface ObjectSources {
  readonly configMap: (name: string, namespace: string | undefined) => ConfigMap | undefined
  readonly secret: (name: string, namespace: string | undefined) => Secret | undefined
  readonly claim: (name: string, namespace: string | undefined) => { readonly isBound: boolean } | undefined
}

type Files = Readonly<Record<string, string>>

const noFiles: Files = Object.freeze({})

/** What a volume holds, or why it cannot be mounted. */
export type Contents = { readonly files?: Files } | { readonly error: string }

const nothing: Contents = Object.freeze({})

/** The volumes that some container mounts, in the order of the spec: the others are not waited for. */
export function mountedVolumes({ spec }: Pod): readonly Volume[] {
  const { volumes } = spec
  if (volumes === undefined || volumes.length === 0) return none
  if (volumes.length === 1) return isMounted(spec, volumes[0]!.name) ? volumes : none
  return volumes.filter(({ name }) => isMounted(spec, name))
}

function isMounted({ containers, initContainers }: Pod['spec'], volume: string): boolean {
  return isMountedBy(containers, volume) || (initContainers !== undefined && isMountedBy(initContainers, volume))
}

function isMountedBy(containers: readonly Pick<Container, 'volumeMounts'>[], volume: string): boolean {
  for (const { volumeMounts } of containers)
    if (volumeMounts !== undefined) for (const { name } of volumeMounts) if (name === volume) return true
  return false
}

const none: readonly Volume[] = Object.freeze([])

/** A claim that keeps a pod from being set up at all. upstream: desired_state_of_world_populator.go */
export function claimError(pod: Pod, volumes: readonly Volume[], sources: VolumeSources): string | undefined {
  const { namespace } = pod.metadata
  const errors: string[] = []
  const names: string[] = []
  for (const volume of volumes) {
    const name = volume.persistentVolumeClaim?.claimName
    if (name === undefined) continue
    const claim = sources.claim(name, namespace)
    if (claim?.isBound) continue
    const why = claim
      ? 'PVC is not bound'
      : `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`
    names.push(volume.name)
    errors.push(`error processing PVC ${namespace}/${name}: ${why}`)
  }
  if (errors.length === 0) return undefined
  const listed = names.join(' ')
  const all = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
  return `Unable to attach or mount volumes: unmounted volumes=[${listed}], unattached volumes=[], failed to process volumes=[${listed}]: ${all}`
}

/** What stands in a volume. upstream: pkg/volume/{configmap,secret,projected,downwardapi} */
export function contentsOf(volume: Volume, sources: VolumeSources): Contents {
  const { configMap, secret, downwardAPI, projected } = volume
  if (!configMap && !secret && !downwardAPI && !projected) return nothing
  const files: Record<string, string> = {}
  let error: string | undefined
  if (configMap) error = putConfigMap(files, configMap, sources)
  else if (secret) error = putSecret(files, namedSecret(secret), sources)
  else if (downwardAPI) putDownward(files, downwardAPI.items ?? [], sources)
  else for (const part of projected?.sources ?? []) error ??= putPart(files, part, sources)
  return error === undefined ? { files } : { error }
}

type Part = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

function putPart(
  files: Record<string, string>,
  { configMap, secret, downwardAPI, serviceAccountToken }: Part,
  sources: VolumeSources,
): string | undefined {
  if (serviceAccountToken) files[serviceAccountToken.path] = tokenOf(sources.pod)
  else if (downwardAPI) putDownward(files, downwardAPI.items ?? [], sources)
  else if (secret) return putSecret(files, secret, sources)
  else if (configMap) return putConfigMap(files, configMap, sources)
  return undefined
}

/** Why a volume cannot be mounted, found without making what would stand in it. */
export function flawOf({ configMap, secret, projected }: Volume, sources: VolumeSources): string | undefined {
  if (configMap) return configMapFlaw(configMap, sources)
  if (secret) return secretFlaw(namedSecret(secret), sources)
  for (const part of projected?.sources ?? []) {
    const flaw = part.configMap
      ? configMapFlaw(part.configMap, sources)
      : part.secret && secretFlaw(part.secret, sources)
    if (flaw !== undefined) return flaw
  }
  return undefined
}

interface KeyItem {
  readonly key: string
  readonly path: string
}

interface MapRef {
  readonly name?: string
  readonly items?: readonly KeyItem[]
  readonly optional?: boolean
}

const namedSecret = ({ secretName, ...ref }: NonNullable<Volume['secret']>): MapRef => ({ ...ref, name: secretName })

/** Puts a ConfigMap's files among others, or says why that cannot be. */
function putConfigMap(files: Record<string, string>, ref: MapRef, sources: VolumeSources): string | undefined {
  const map = mapOf(ref, sources)
  const error = flawOfMap('configmap', ref, map)
  if (error === undefined && map !== undefined) putChosen(files, textsOf(map), ref.items)
  return error
}

const textsOf = ({ data = noFiles, binaryData }: ConfigMap): Files =>
  binaryData === undefined ? data : { ...data, ...decoded(binaryData) }

const configMapFlaw = (ref: MapRef, sources: VolumeSources): string | undefined =>
  flawOfMap('configmap', ref, mapOf(ref, sources))

const mapOf = ({ name = '' }: MapRef, { configMap, pod }: VolumeSources): ConfigMap | undefined =>
  configMap(name, pod.metadata.namespace)

function putSecret(files: Record<string, string>, ref: MapRef, sources: VolumeSources): string | undefined {
  const found = secretOf(ref, sources)
  const error = flawOfMap('secret', ref, found)
  if (error === undefined) putChosen(files, decoded(found?.data), ref.items)
  return error
}

const secretFlaw = (ref: MapRef, sources: VolumeSources): string | undefined =>
  flawOfMap('secret', ref, secretOf(ref, sources))

const secretOf = ({ name = '' }: MapRef, { secret, pod }: VolumeSources): Secret | undefined =>
  secret(name, pod.metadata.namespace)

const complaints = {
  configmap: 'configmap references non-existent config key',
  secret: 'references non-existent secret key',
} as const

function flawOfMap(
  kind: keyof typeof complaints,
  { name = '', items, optional }: MapRef,
  map: { readonly data?: Files; readonly binaryData?: Files } | undefined,
): string | undefined {
  if (optional) return undefined
  if (map === undefined) return `${kind} "${name}" not found`
  if (items === undefined) return undefined
  for (const { key } of items)
    if (map.data?.[key] === undefined && map.binaryData?.[key] === undefined) return `${complaints[kind]}: ${key}`
  return undefined
}

/** Puts the files that a reference asks for, of those that are there. */
function putChosen(files: Record<string, string>, data: Files, items: readonly KeyItem[] | undefined): void {
  if (items === undefined || items.length === 0) for (const key in data) setOwn(files, key, data[key]!)
  else for (const { key, path } of items) if (data[key] !== undefined) setOwn(files, path, data[key])
}

function decoded(data: Readonly<Record<string, string>> | undefined): Files {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, decodeBase64(value)]))
}

interface DownwardItem {
  readonly path: string
  readonly fieldRef?: { readonly fieldPath: string }
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string; readonly divisor?: string }
}

function putDownward(files: Record<string, string>, items: readonly DownwardItem[], view: FieldView): void {
  for (const { path, fieldRef, resourceFieldRef } of items)
    files[path] = fieldRef
      ? fieldValue(fieldRef.fieldPath, view)
      : resourceFieldRef
        ? resourceValue(resourceFieldRef, '', view)
        : ''
}

// differs: a real token is a signed JWT; nothing in the simulator verifies it
function tokenOf({ metadata, spec }: Pod): string {
  return `token:system:serviceaccount:${metadata.namespace}:${spec.serviceAccountName ?? 'default'}:${metadata.uid}`
}

/** A container's mounts with what is in them. */
export function mountsOf({ volumeMounts }: Container, sources: VolumeSources): readonly Mount[] {
  return volumeMounts === undefined ? [] : mapList(volumeMounts, (mount) => mountOf(mount, sources))
}

type VolumeMount = NonNullable<Container['volumeMounts']>[number]

function mountOf({ name, mountPath, subPath, readOnly = false }: VolumeMount, sources: VolumeSources): Mount {
  const { pod } = sources
  const volume = pod.spec.volumes?.find((one) => one.name === name)
  const contents = volume === undefined ? nothing : contentsOf(volume, sources)
  return {
    path: mountPath,
    subPath,
    isReadOnly: readOnly,
    storage: volume === undefined ? `${pod.metadata.uid}/${name}` : storageOf(volume, sources),
    files: 'files' in contents ? contents.files : undefined,
  }
}

function storageOf(volume: Volume, { pod, node }: VolumeSources): string {
  const claim = volume.persistentVolumeClaim?.claimName
  if (claim !== undefined) return `claim/${pod.metadata.namespace}/${claim}`
  if (volume.hostPath) return `host/${node}${volume.hostPath.path}`
  return `${pod.metadata.uid}/${volume.name}`
}
