import {
  each,
  inRange,
  invalidValue,
  isLabel,
  isSubdomain,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type FieldError,
  type PersistentVolume,
} from '../../../api/index.ts'
import { enumOf } from '../../../api/schema/index.ts'

// upstream: pkg/apis/core/validation/validation.go ValidatePersistentVolumeSpec

/** What a PersistentVolume says of itself. */
export type VolumeSpec = PersistentVolume['spec']

type Rule = (errors: FieldError[], path: string, spec: VolumeSpec) => void

/** The sources in the order upstream looks for them, each with the name that refusals use and its rules. */
const sources: readonly (readonly [source: keyof VolumeSpec, shown: string, rule: Rule])[] = [
  ['hostPath', 'hostPath', (errors, path, { hostPath }) => hostPathErrors(errors, path, hostPath!)],
  [
    'gcePersistentDisk',
    'persistentDisk',
    (errors, path, { gcePersistentDisk: disk }) => {
      if (!disk!.pdName) errors.push(required(`${path}.pdName`))
      partitionErrors(errors, `${path}.partition`, disk!.partition)
    },
  ],
  [
    'awsElasticBlockStore',
    'awsElasticBlockStore',
    (errors, path, { awsElasticBlockStore: disk }) => {
      if (!disk!.volumeID) errors.push(required(`${path}.volumeID`))
      partitionErrors(errors, `${path}.partition`, disk!.partition)
    },
  ],
  ['glusterfs', 'glusterfs', (errors, path, { glusterfs }) => needs(errors, path, glusterfs!, ['endpoints', 'path'])],
  [
    'flocker',
    'flocker',
    (errors, path, { flocker }) => {
      const { datasetName = '', datasetUUID = '' } = flocker!
      if (datasetName === '' && datasetUUID === '')
        errors.push(required(path, 'one of datasetName and datasetUUID is required'))
      if (datasetName !== '' && datasetUUID !== '')
        errors.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
      if (datasetName.includes('/'))
        errors.push(invalidValue(`${path}.datasetName`, datasetName, "must not contain '/'"))
    },
  ],
  [
    'nfs',
    'nfs',
    (errors, path, { nfs }) => {
      if (!nfs!.server) errors.push(required(`${path}.server`))
      if (!nfs!.path) errors.push(required(`${path}.path`))
      if (!nfs!.path?.startsWith('/'))
        errors.push(invalidValue(`${path}.path`, nfs!.path ?? '', 'must be an absolute path'))
    },
  ],
  ['rbd', 'rbd', (errors, path, { rbd }) => needs(errors, path, rbd!, ['monitors', 'image'])],
  ['quobyte', 'quobyte', (errors, path, { quobyte }) => needs(errors, path, quobyte!, ['registry', 'volume'])],
  ['cephfs', 'cephfs', (errors, path, { cephfs }) => needs(errors, path, cephfs!, ['monitors'])],
  ['iscsi', 'iscsi', (errors, path, { iscsi }) => iscsiErrors(errors, path, iscsi!)],
  [
    'cinder',
    'cinder',
    (errors, path, { cinder }) => {
      needs(errors, path, cinder!, ['volumeID'])
      if (cinder!.secretRef !== undefined) needs(errors, `${path}.secretRef`, cinder!.secretRef, ['name', 'namespace'])
    },
  ],
  ['fc', 'fc', (errors, path, { fc }) => fcErrors(errors, path, fc!)],
  ['flexVolume', 'flexVolume', (errors, path, { flexVolume }) => needs(errors, path, flexVolume!, ['driver'])],
  [
    'azureFile',
    'azureFile',
    (errors, path, { azureFile }) => {
      needs(errors, path, azureFile!, ['secretName', 'shareName'])
      if (azureFile!.secretNamespace === '')
        errors.push(required(`${path}.secretNamespace`, 'must have at least one character'))
    },
  ],
  ['vsphereVolume', 'vsphereVolume', (errors, path, spec) => needs(errors, path, spec.vsphereVolume!, ['volumePath'])],
  [
    'photonPersistentDisk',
    'photonPersistentDisk',
    (errors, path, spec) => needs(errors, path, spec.photonPersistentDisk!, ['pdID']),
  ],
  ['portworxVolume', 'portworxVolume', (errors, path, spec) => needs(errors, path, spec.portworxVolume!, ['volumeID'])],
  ['azureDisk', 'azureDisk', (errors, path, { azureDisk }) => azureDiskErrors(errors, path, azureDisk!)],
  [
    'scaleIO',
    'scaleIO',
    (errors, path, { scaleIO }) => needs(errors, path, scaleIO!, ['gateway', 'system', 'volumeName']),
  ],
  [
    'local',
    'local',
    (errors, path, { local, nodeAffinity }) => {
      if (!local!.path) errors.push(required(`${path}.path`))
      else backstepErrors(errors, `${path}.path`, local!.path)
      if (nodeAffinity === undefined)
        errors.push(required(path.replace(/local$/, 'nodeAffinity'), 'Local volume requires node affinity'))
    },
  ],
  [
    'storageos',
    'storageos',
    (errors, path, { storageos }) => {
      const { volumeName, volumeNamespace, secretRef } = storageos!
      if (!volumeName) errors.push(required(`${path}.volumeName`))
      else errors.push(...each(`${path}.volumeName`, volumeName, isLabel(volumeName)))
      if (volumeNamespace) errors.push(...each(`${path}.volumeNamespace`, volumeNamespace, isLabel(volumeNamespace)))
      if (secretRef !== undefined) needs(errors, `${path}.secretRef`, secretRef, ['name', 'namespace'])
    },
  ],
  ['csi', 'csi', (errors, path, { csi }) => csiErrors(errors, path, csi!)],
]

/** Complains about where a volume's bytes are kept: exactly one place, told in full. */
export function sourceErrors(errors: FieldError[], path: string, spec: VolumeSpec): void {
  let isFirst = true
  for (const [source, shown, rule] of sources) {
    if (spec[source] === undefined) continue
    if (isFirst || source === 'flexVolume') rule(errors, `${path}.${shown}`, spec)
    else {
      const name = source === 'cephfs' ? 'cephFS' : source // upstream spells it so here
      errors.push(notAllowed(`${path}.${name}`, 'may not specify more than 1 volume type'))
    }
    isFirst = false
  }
  if (isFirst) errors.push(required(path, 'must specify a volume type'))
}

/** Fields that have to be there and not be empty. */
function needs(errors: FieldError[], path: string, value: object, fields: readonly string[]): void {
  for (const field of fields) {
    const given = (value as Readonly<Record<string, string | readonly unknown[] | undefined>>)[field]
    if (!given?.length) errors.push(required(`${path}.${field}`))
  }
}

function partitionErrors(errors: FieldError[], path: string, partition = 0): void {
  if (partition < 0 || partition > 255) errors.push(invalidValue(path, partition, inRange(1, 255))) // zero is fine all the same
}

function backstepErrors(errors: FieldError[], path: string, text: string): void {
  if (text.split('/').includes('..')) errors.push(invalidValue(path, text, "must not contain '..'"))
}

const hostPathTypes = enumOf('HostPathVolumeSource', 'type')!

type Of<Source extends keyof VolumeSpec> = NonNullable<VolumeSpec[Source]>

function hostPathErrors(errors: FieldError[], path: string, { path: text, type = '' }: Of<'hostPath'>): void {
  if (!text) return void errors.push(required(`${path}.path`))
  backstepErrors(errors, `${path}.path`, text)
  if (!hostPathTypes.includes(type)) errors.push(unsupported(`${path}.type`, type, hostPathTypes))
}

function iscsiErrors(errors: FieldError[], path: string, iscsi: Of<'iscsi'>): void {
  const { iqn, lun, secretRef, chapAuthDiscovery, chapAuthSession, initiatorName } = iscsi
  needs(errors, path, iscsi, ['targetPortal', 'iqn'])
  if (iqn) iscsiNameErrors(errors, `${path}.iqn`, iqn)
  if (lun < 0 || lun > 255) errors.push(invalidValue(`${path}.lun`, lun, inRange(0, 255)))
  if ((chapAuthDiscovery === true || chapAuthSession === true) && secretRef === undefined)
    errors.push(required(`${path}.secretRef`))
  if (secretRef !== undefined) needs(errors, `${path}.secretRef`, secretRef, ['name'])
  if (initiatorName !== undefined) iscsiNameErrors(errors, `${path}.initiatorname`, initiatorName)
}

const iscsiNames: readonly (readonly [string, RegExp])[] = [
  ['iqn', /iqn\.\d{4}-\d{2}\.[a-zA-Z0-9.-]+:[^,;*&$|\s]+$/],
  ['eui', /^eui.[a-zA-Z0-9]{16}$/],
  ['naa', /^naa.[a-zA-Z0-9]{32}$/],
]

function iscsiNameErrors(errors: FieldError[], path: string, name: string): void {
  const form = iscsiNames.find(([start]) => name.startsWith(start))?.[1]
  if (form?.test(name) !== true) errors.push(invalidValue(path, name, 'must be valid format'))
}

function fcErrors(errors: FieldError[], path: string, { targetWWNs = [], wwids = [], lun }: Of<'fc'>): void {
  const both = 'targetWWNs and wwids can not be specified simultaneously'
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'))
  if (targetWWNs.length > 0 && wwids.length > 0) errors.push(invalidValue(`${path}.targetWWNs`, targetWWNs, both))
  if (targetWWNs.length === 0) return
  if (lun === undefined) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'))
  else if (lun < 0 || lun > 255) errors.push(invalidValue(`${path}.lun`, lun, inRange(0, 255)))
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite']
const diskKinds = ['Dedicated', 'Managed', 'Shared']

function azureDiskErrors(errors: FieldError[], path: string, disk: Of<'azureDisk'>): void {
  const { cachingMode, kind, diskURI } = disk
  needs(errors, path, disk, ['diskName', 'diskURI'])
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode))
    errors.push(unsupported(`${path}.cachingMode`, cachingMode, cachingModes))
  if (kind !== undefined && !diskKinds.includes(kind)) errors.push(unsupported(`${path}.kind`, kind, diskKinds))
  if (kind === 'Managed' && diskURI && !diskURI.startsWith('/subscriptions'))
    errors.push(
      unsupported(`${path}.diskURI`, diskURI, [
        '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
      ]),
    )
  if (kind !== undefined && kind !== 'Managed' && diskURI?.startsWith('/'))
    errors.push(
      unsupported(`${path}.diskURI`, diskURI, [
        'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd',
      ]),
    )
}

const secretRefs = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const

function csiErrors(errors: FieldError[], path: string, csi: Of<'csi'>): void {
  errors.push(...csiDriverErrors(`${path}.driver`, csi.driver))
  if (!csi.volumeHandle) errors.push(required(`${path}.volumeHandle`))
  for (const field of secretRefs) {
    const reference = csi[field]
    if (reference === undefined) continue
    const { name, namespace } = reference
    const at = `${path}.${field}`
    if (!name) errors.push(required(`${at}.name`))
    else errors.push(...each(`${at}.name`, name, isSubdomain(name)))
    if (!namespace) errors.push(required(`${at}.namespace`))
    else errors.push(...each(`${at}.namespace`, namespace, isLabel(namespace)))
  }
}

/** What is wrong with the name of a storage driver. */
// upstream: ValidateCSIDriverName there
export function csiDriverErrors(path: string, driver = ''): readonly FieldError[] {
  const errors: FieldError[] = []
  if (driver === '') errors.push(required(path))
  if (driver.length > 63) errors.push(tooLong(path, 63))
  errors.push(...each(path, driver, isSubdomain(driver.toLowerCase())))
  return errors
}
