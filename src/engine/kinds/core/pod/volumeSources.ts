import {
  each,
  inRange,
  invalidValue,
  isLabel,
  isSubdomain,
  parseQuantity,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { enumOf } from '../../../api/schema/index.ts'
import { unlessKnownFine } from '../../rules/knownFine.ts'
import { annotationErrors, labelErrors } from '../../rules/meta.ts'
import { claimSpecErrors } from '../volume/claim.ts'
import { iscsiErrors } from './iscsi.ts'
import { descendingPathErrors, noBacksteps } from './mounts.ts'
import { projectedErrors } from './projected.ts'
import type { Volume } from './types.ts'
import { fileErrors, itemErrors, modeErrors } from './volumeFiles.ts'

/** What a volume's one source has to be; `path` is that of the volume, a template has no `podName`. */
export type SourceRule = (errors: FieldError[], path: string, volume: Volume, podName: string | undefined) => void

/** What a volume can come from. */
export type Source = Exclude<keyof Volume, 'name'>

type SecretRef = { readonly name?: string } | undefined

function need(errors: FieldError[], path: string, source: object, ...fields: readonly string[]): void {
  for (const field of fields) {
    const value = (source as Readonly<Record<string, unknown>>)[field]
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
      errors.push(required(`${path}.${field}`))
  }
}

function secretRefErrors(errors: FieldError[], path: string, ref: SecretRef): void {
  if (ref !== undefined && !ref.name) errors.push(required(`${path}.secretRef.name`))
}

const hostPathTypes = enumOf('HostPathVolumeSource', 'type')!
const pullPolicies = ['Always', 'IfNotPresent', 'Never']

/** One rule for each kind of volume. */
// upstream: pkg/apis/core/validation/validation.go validateVolumeSource
export const sourceRules: Readonly<Partial<Record<Source, SourceRule>>> = {
  emptyDir(errors, path, { emptyDir }) {
    if (emptyDir!.sizeLimit !== undefined && parseQuantity(emptyDir!.sizeLimit) < 0)
      errors.push(notAllowed(`${path}.emptyDir.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
  },
  hostPath(errors, path, { hostPath }) {
    const at = `${path}.hostPath`
    if (!hostPath!.path) return void errors.push(required(`${at}.path`))
    noBacksteps(errors, `${at}.path`, hostPath!.path)
    if (!hostPathTypes.includes(hostPath!.type ?? ''))
      errors.push(unsupported(`${at}.type`, hostPath!.type, hostPathTypes))
  },
  gitRepo(errors, path, { gitRepo }) {
    need(errors, `${path}.gitRepo`, gitRepo!, 'repository')
    descendingPathErrors(errors, `${path}.gitRepo.directory`, gitRepo!.directory ?? '')
  },
  gcePersistentDisk(errors, path, { gcePersistentDisk }) {
    need(errors, `${path}.persistentDisk`, gcePersistentDisk!, 'pdName')
    partitionErrors(errors, `${path}.persistentDisk`, gcePersistentDisk!.partition)
  },
  awsElasticBlockStore(errors, path, { awsElasticBlockStore }) {
    need(errors, `${path}.awsElasticBlockStore`, awsElasticBlockStore!, 'volumeID')
    partitionErrors(errors, `${path}.awsElasticBlockStore`, awsElasticBlockStore!.partition)
  },
  secret(errors, path, { secret }) {
    need(errors, `${path}.secret`, secret!, 'secretName')
    modeErrors(errors, `${path}.secret.defaultMode`, secret!.defaultMode)
    itemErrors(errors, `${path}.secret.items`, secret!.items)
  },
  nfs(errors, path, { nfs }) {
    need(errors, `${path}.nfs`, nfs!, 'server', 'path')
    if (!nfs!.path?.startsWith('/'))
      errors.push(invalidValue(`${path}.nfs.path`, nfs!.path ?? '', 'must be an absolute path'))
  },
  iscsi: (errors, path, { iscsi, name }) => iscsiErrors(errors, path, iscsi!, name),
  glusterfs: (errors, path, { glusterfs }) => need(errors, `${path}.glusterfs`, glusterfs!, 'endpoints', 'path'),
  flocker(errors, path, { flocker }) {
    const { datasetName = '', datasetUUID = '' } = flocker!
    const at = `${path}.flocker`
    if (!datasetName && !datasetUUID) errors.push(required(at, 'one of datasetName and datasetUUID is required'))
    if (datasetName && datasetUUID)
      errors.push(invalidValue(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
    if (datasetName.includes('/')) errors.push(invalidValue(`${at}.datasetName`, datasetName, "must not contain '/'"))
  },
  persistentVolumeClaim: (errors, path, { persistentVolumeClaim }) =>
    need(errors, `${path}.persistentVolumeClaim`, persistentVolumeClaim!, 'claimName'),
  rbd: (errors, path, { rbd }) => need(errors, `${path}.rbd`, rbd!, 'monitors', 'image'),
  cinder(errors, path, { cinder }) {
    need(errors, `${path}.cinder`, cinder!, 'volumeID')
    secretRefErrors(errors, `${path}.cinder`, cinder!.secretRef)
  },
  cephfs: (errors, path, { cephfs }) => need(errors, `${path}.cephfs`, cephfs!, 'monitors'),
  quobyte(errors, path, { quobyte }) {
    const { registry = '', tenant = '', volume = '' } = quobyte!
    const at = `${path}.quobyte`
    const pairs = 'must be a host:port pair or multiple pairs separated by commas'
    if (registry === '') errors.push(required(`${at}.registry`, pairs))
    else if (tenant.length >= 65)
      errors.push(required(`${at}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'))
    else
      for (const pair of registry.split(','))
        if (!/^(?:\[[^\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair))
          errors.push(invalidValue(`${at}.registry`, registry, pairs))
    if (volume === '') errors.push(required(`${at}.volume`))
  },
  downwardAPI(errors, path, { downwardAPI }) {
    modeErrors(errors, `${path}.downwardAPI.defaultMode`, downwardAPI!.defaultMode)
    for (const file of downwardAPI!.items ?? []) fileErrors(errors, `${path}.downwardAPI`, file)
  },
  fc(errors, path, { fc }) {
    const { targetWWNs = [], wwids = [], lun } = fc!
    const at = `${path}.fc`
    if (targetWWNs.length === 0 && wwids.length === 0)
      errors.push(required(`${at}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'))
    if (targetWWNs.length > 0 && wwids.length > 0)
      errors.push(
        invalidValue(`${at}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'),
      )
    if (targetWWNs.length === 0) return
    if (lun === undefined) errors.push(required(`${at}.lun`, 'lun is required if targetWWNs is specified'))
    else if (lun < 0 || lun > 255) errors.push(invalidValue(`${at}.lun`, lun, inRange(0, 255)))
  },
  flexVolume(errors, path, { flexVolume }) {
    need(errors, `${path}.flexVolume`, flexVolume!, 'driver')
    for (const key of Object.keys(flexVolume!.options ?? {}))
      if (/(^|\.)(kubernetes|k8s)\.io$/.test(key.split('/')[0]!.toLowerCase()))
        errors.push(
          invalidValue(`${path}.flexVolume.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'),
        )
  },
  configMap(errors, path, { configMap }) {
    need(errors, `${path}.configMap`, configMap!, 'name')
    modeErrors(errors, `${path}.configMap.defaultMode`, configMap!.defaultMode)
    itemErrors(errors, `${path}.configMap.items`, configMap!.items)
  },
  azureFile: (errors, path, { azureFile }) => need(errors, `${path}.azureFile`, azureFile!, 'secretName', 'shareName'),
  vsphereVolume: (errors, path, { vsphereVolume }) =>
    need(errors, `${path}.vsphereVolume`, vsphereVolume!, 'volumePath'),
  photonPersistentDisk: (errors, path, { photonPersistentDisk }) =>
    need(errors, `${path}.photonPersistentDisk`, photonPersistentDisk!, 'pdID'),
  portworxVolume: (errors, path, { portworxVolume }) =>
    need(errors, `${path}.portworxVolume`, portworxVolume!, 'volumeID'),
  azureDisk: (errors, path, { azureDisk }) => azureDiskErrors(errors, `${path}.azureDisk`, azureDisk!),
  storageos(errors, path, { storageos }) {
    const { volumeName = '', volumeNamespace = '', secretRef } = storageos!
    const at = `${path}.storageos`
    if (volumeName === '') errors.push(required(`${at}.volumeName`))
    else errors.push(...each(`${at}.volumeName`, volumeName, isLabel(volumeName)))
    if (volumeNamespace !== '') errors.push(...each(`${at}.volumeNamespace`, volumeNamespace, isLabel(volumeNamespace)))
    secretRefErrors(errors, at, secretRef)
  },
  projected(errors, path, { projected }) {
    unlessKnownFine(errors, `${path}.projected`, projected!, projectedErrors)
  },
  scaleIO: (errors, path, { scaleIO }) => need(errors, `${path}.scaleIO`, scaleIO!, 'gateway', 'system', 'volumeName'),
  csi(errors, path, { csi }) {
    const { driver = '', nodePublishSecretRef: ref } = csi!
    const at = `${path}.csi`
    if (driver === '') errors.push(required(`${at}.driver`))
    if (driver.length > 63) errors.push(tooLong(`${at}.driver`, 63))
    errors.push(...each(`${at}.driver`, driver, isSubdomain(driver.toLowerCase())))
    if (ref === undefined) return
    if (!ref.name) errors.push(required(`${at}.nodePublishSecretRef.name`))
    else errors.push(...each(`${at}.name`, ref.name, isSubdomain(ref.name)))
  },
  ephemeral(errors, path, { name, ephemeral }, podName) {
    ephemeralErrors(errors, `${path}.ephemeral.volumeClaimTemplate`, ephemeral!)
    if (!podName || !name) return
    const claim = `${podName}-${name}`
    for (const text of isSubdomain(claim))
      errors.push(invalidValue(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${text}`))
  },
  image(errors, path, { image }, podName) {
    const { reference, pullPolicy = '' } = image!
    if (podName !== undefined && !reference) errors.push(required(`${path}.image.reference`))
    if (pullPolicy === '') errors.push(required(`${path}.image.pullPolicy`))
    else if (!pullPolicies.includes(pullPolicy))
      errors.push(unsupported(`${path}.image.pullPolicy`, pullPolicy, pullPolicies))
  },
}

function partitionErrors(errors: FieldError[], path: string, partition: number | undefined): void {
  if (partition !== undefined && (partition < 0 || partition > 255))
    errors.push(invalidValue(`${path}.partition`, partition, inRange(1, 255))) // zero is fine all the same
}

type Ephemeral = NonNullable<Volume['ephemeral']>

/** What else could be said of an object, in the order of Go's struct, and how upstream's path spells it. */
const notForClaims: readonly (readonly [field: string, path: string])[] = [
  ['name', 'name'],
  ['generateName', 'generateName'],
  ['namespace', 'namespace'],
  ['selfLink', 'selfLink'],
  ['uid', 'uID'],
  ['resourceVersion', 'resourceVersion'],
  ['generation', 'generation'],
  ['creationTimestamp', 'creationTimestamp'],
  ['deletionTimestamp', 'deletionTimestamp'],
  ['deletionGracePeriodSeconds', 'deletionGracePeriodSeconds'],
  ['ownerReferences', 'ownerReferences'],
  ['finalizers', 'finalizers'],
  ['managedFields', 'managedFields'],
]

/** Of its own a claim made from a template may have labels and annotations only. */
// upstream: validatePersistentVolumeClaimTemplate there
function ephemeralErrors(errors: FieldError[], path: string, { volumeClaimTemplate: template }: Ephemeral): void {
  if (template === undefined) return void errors.push(required(path))
  const { metadata } = template
  errors.push(...annotationErrors(`${path}.metadata.annotations`, metadata?.annotations))
  errors.push(...labelErrors(`${path}.metadata.labels`, metadata?.labels))
  if (metadata !== undefined) {
    const given = metadata as Readonly<Record<string, unknown>>
    for (const [field, word] of notForClaims)
      if (isGiven(given[field])) errors.push(notAllowed(`${path}.metadata.${word}`, 'cannot be set'))
  }
  errors.push(...claimSpecErrors(`${path}.spec`, template.spec))
}

/** Whether Go would see more than the zero of a type. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== 0
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite']
const diskKinds = ['Dedicated', 'Managed', 'Shared']
const managedUri = ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']
const blobUri = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']

function azureDiskErrors(errors: FieldError[], path: string, disk: NonNullable<Volume['azureDisk']>): void {
  const { cachingMode, kind, diskURI = '' } = disk
  need(errors, path, disk, 'diskName', 'diskURI')
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode))
    errors.push(unsupported(`${path}.cachingMode`, cachingMode, cachingModes))
  if (kind !== undefined && !diskKinds.includes(kind)) errors.push(unsupported(`${path}.kind`, kind, diskKinds))
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.push(unsupported(`${path}.diskURI`, diskURI, managedUri))
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.push(unsupported(`${path}.diskURI`, diskURI, blobUri))
}
