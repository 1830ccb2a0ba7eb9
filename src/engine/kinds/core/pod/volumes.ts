import { duplicate, each, invalidValue, isLabel, notAllowed, required, type FieldError } from '../../../api/index.ts'
import type { Volume } from './types.ts'
import { sourceRules, type Source } from './volumeSources.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateVolumes

/** The sources in the order upstream looks for them. */
const sources = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const satisfies readonly Source[]

/** Where upstream calls a source by another name when it is one too many. */
const oddNames: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' }

const noVolumes: ReadonlyMap<string, Volume> = new Map()

/** Complains about volumes of the pod of that name, or of a template, and returns the good ones by name: only those can be mounted. */
export function volumeErrors(
  errors: FieldError[],
  path: string,
  volumes: readonly Volume[] | undefined,
  podName: string | undefined,
): ReadonlyMap<string, Volume> {
  if (volumes === undefined) return noVolumes
  const known = new Map<string, Volume>()
  for (let index = 0; index < volumes.length; index++) {
    const volume = volumes[index]!
    const { name } = volume
    const at = `${path}[${index}]`
    const before = errors.length
    sourceErrors(errors, at, volume, podName)
    if (!name) errors.push(required(`${at}.name`))
    else {
      const bad = isLabel(name)
      if (bad.length > 0) errors.push(...each(`${at}.name`, name, bad))
    }
    if (known.has(name)) errors.push(duplicate(`${at}.name`, name))
    if (errors.length === before) known.set(name, volume)
    const claimName = volume.persistentVolumeClaim?.claimName
    if (claimName !== undefined && podName && isOwnClaim(volumes, podName, claimName))
      errors.push(
        invalidValue(
          `${at}.persistentVolumeClaim.claimName`,
          claimName,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      )
  }
  return known
}

function isOwnClaim(volumes: readonly Volume[], podName: string, claimName: string): boolean {
  return volumes.some(({ ephemeral, name }) => ephemeral !== undefined && claimName === `${podName}-${name}`)
}

function sourceErrors(errors: FieldError[], path: string, volume: Volume, podName: string | undefined): void {
  let count = 0
  for (const key in volume) if (key !== 'name') count++
  if (count === 1) {
    for (const key in volume) if (key !== 'name') sourceRules[key as Source]?.(errors, path, volume, podName)
    return
  }
  let first = true
  for (const source of sources) {
    if (volume[source] === undefined) continue
    if (first) sourceRules[source]?.(errors, path, volume, podName)
    else errors.push(notAllowed(`${path}.${oddNames[source] ?? source}`, 'may not specify more than 1 volume type'))
    first = false
  }
  if (first) errors.push(required(path, 'must specify a volume type'))
}
