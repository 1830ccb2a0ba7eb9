import type { Pod } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'

type Volume = NonNullable<Pod['spec']['volumes']>[number]
type Row = readonly [title: string, value: unknown]

/** The volumes of a pod or of a template. */
export function volumeLines(sheet: Sheet, volumes: readonly Volume[] | undefined, isTemplate: boolean): void {
  const level = isTemplate ? 1 : 0
  if ((volumes ?? []).length === 0) return sheet.line(level, 'Volumes:', '<none>')
  sheet.line(level, 'Volumes:')
  for (const volume of volumes!) {
    sheet.line(1, `${isTemplate ? ' ' : ''}${volume.name}:`)
    for (const [title, value] of rowsOf(volume))
      sheet.line(2, ...(title.startsWith('  ') ? [title] : [`${title}:`, value]))
  }
}

// upstream: kubectl/pkg/describe/describe.go describeVolumes and the printers it names
function rowsOf(volume: Volume): readonly Row[] {
  const {
    emptyDir,
    hostPath,
    secret,
    configMap,
    persistentVolumeClaim: claim,
    projected,
    downwardAPI,
    csi,
    nfs,
    ephemeral,
    image,
  } = volume
  if (emptyDir)
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ]
  if (hostPath)
    return [
      ['Type', 'HostPath (bare host directory volume)'],
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? ''],
    ]
  if (secret)
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName ?? ''],
      ['Optional', secret.optional ?? false],
    ]
  if (configMap)
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ]
  if (claim)
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', claim.claimName],
      ['ReadOnly', claim.readOnly ?? false],
    ]
  if (projected)
    return [
      ['Type', 'Projected (a volume that contains injected data from multiple sources)'],
      ...(projected.sources ?? []).flatMap(sourceRows),
    ]
  if (downwardAPI)
    return [
      ['Type', 'DownwardAPI (a volume populated by information about the pod)'],
      ['Items', ''],
      ...itemRows(downwardAPI.items),
    ]
  if (csi)
    return [
      ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
      ['Driver', csi.driver],
      ['FSType', csi.fsType ?? ''],
      ['ReadOnly', csi.readOnly ?? false],
    ]
  if (nfs)
    return [
      ['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'],
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ]
  if (ephemeral)
    return [
      ['Type', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)'],
    ]
  if (image)
    return [
      ['Type', 'Image (a container image or OCI artifact)'],
      ['Reference', image.reference ?? ''],
      ['PullPolicy', image.pullPolicy ?? ''],
    ]
  return [['Type', '<unknown>']]
}

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

function sourceRows({ secret, downwardAPI, configMap, serviceAccountToken }: Projection): readonly Row[] {
  if (secret)
    return [
      ['SecretName', secret.name ?? ''],
      ['Optional', secret.optional ?? false],
    ]
  if (downwardAPI) return [['DownwardAPI', true]]
  if (configMap)
    return [
      ['ConfigMapName', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ]
  return serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600]] : []
}

function itemRows(items: NonNullable<Volume['downwardAPI']>['items']): readonly Row[] {
  return (items ?? []).flatMap(({ fieldRef, resourceFieldRef, path }): readonly Row[] => {
    if (fieldRef) return [[`  ${fieldRef.fieldPath} -> ${path}`, '']]
    return resourceFieldRef ? [[`  ${resourceFieldRef.resource} -> ${path}`, '']] : []
  })
}
