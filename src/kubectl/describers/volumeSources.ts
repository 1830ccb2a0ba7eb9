/** How the value of a field is shown where it is absent, or is no text. */
type Shown = 'text' | 'bool' | 'number' | 'list' | 'joined' | 'local' | 'secret' | 'none' | 'unset' | 'map'

type Field = readonly [title: string, path: string, shown?: Shown]

interface Source {
  readonly type: string
  readonly fields: readonly Field[]
}

const readOnly: Field = ['ReadOnly', 'readOnly', 'bool']
const fsType: Field = ['FSType', 'fsType']
const partition: Field = ['Partition', 'partition', 'number']

/** Everything that can stand behind a volume, as its sheet shows it. */
// upstream: kubectl/pkg/describe/describe.go describeVolumes, describePersistentVolume and the printers they name
const sources: Readonly<Record<string, Source>> = {
  hostPath: {
    type: 'HostPath (bare host directory volume)',
    fields: [
      ['Path', 'path'],
      ['HostPathType', 'type', 'none'],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: [
      ['Medium', 'medium'],
      ['SizeLimit', 'sizeLimit', 'unset'],
    ],
  },
  gcePersistentDisk: {
    type: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    fields: [['PDName', 'pdName'], fsType, partition, readOnly],
  },
  awsElasticBlockStore: {
    type: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    fields: [['VolumeID', 'volumeID'], fsType, partition, readOnly],
  },
  gitRepo: {
    type: 'GitRepo (a volume that is pulled from git when the pod is created)',
    fields: [
      ['Repository', 'repository'],
      ['Revision', 'revision'],
    ],
  },
  secret: {
    type: 'Secret (a volume populated by a Secret)',
    fields: [
      ['SecretName', 'secretName'],
      ['Optional', 'optional', 'bool'],
    ],
  },
  configMap: {
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    fields: [
      ['Name', 'name'],
      ['Optional', 'optional', 'bool'],
    ],
  },
  nfs: {
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    fields: [['Server', 'server'], ['Path', 'path'], readOnly],
  },
  iscsi: {
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    fields: [
      ['TargetPortal', 'targetPortal'],
      ['IQN', 'iqn'],
      ['Lun', 'lun', 'number'],
      ['ISCSIInterface', 'iscsiInterface'],
      fsType,
      readOnly,
      ['Portals', 'portals', 'list'],
      ['DiscoveryCHAPAuth', 'chapAuthDiscovery', 'bool'],
      ['SessionCHAPAuth', 'chapAuthSession', 'bool'],
      ['SecretRef', 'secretRef', 'local'],
      ['InitiatorName', 'initiatorName', 'none'],
    ],
  },
  glusterfs: {
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    fields: [['EndpointsName', 'endpoints'], ['Path', 'path'], readOnly],
  },
  persistentVolumeClaim: {
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    fields: [['ClaimName', 'claimName'], readOnly],
  },
  rbd: {
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    fields: [
      ['CephMonitors', 'monitors', 'list'],
      ['RBDImage', 'image'],
      fsType,
      ['RBDPool', 'pool'],
      ['RadosUser', 'user'],
      ['Keyring', 'keyring'],
      ['SecretRef', 'secretRef', 'local'],
      readOnly,
    ],
  },
  azureDisk: {
    type: 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    fields: [
      ['DiskName', 'diskName'],
      ['DiskURI', 'diskURI'],
      ['Kind', 'kind'],
      fsType,
      ['CachingMode', 'cachingMode'],
      readOnly,
    ],
  },
  vsphereVolume: {
    type: 'vSphereVolume (a Persistent Disk resource in vSphere)',
    fields: [['VolumePath', 'volumePath'], fsType, ['StoragePolicyName', 'storagePolicyName']],
  },
  cinder: {
    type: 'Cinder (a Persistent Disk resource in OpenStack)',
    fields: [['VolumeID', 'volumeID'], fsType, readOnly, ['SecretRef', 'secretRef', 'local']],
  },
  portworxVolume: {
    type: 'PortworxVolume (a Portworx Volume resource)',
    fields: [['VolumeID', 'volumeID']],
  },
  local: {
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    fields: [['Path', 'path']],
  },
  cephfs: {
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    fields: [
      ['Monitors', 'monitors', 'list'],
      ['Path', 'path'],
      ['User', 'user'],
      ['SecretFile', 'secretFile'],
      ['SecretRef', 'secretRef', 'local'],
      readOnly,
    ],
  },
  fc: {
    type: 'FC (a Fibre Channel disk)',
    fields: [['TargetWWNs', 'targetWWNs', 'joined'], ['LUN', 'lun', 'none'], fsType, readOnly],
  },
  azureFile: {
    type: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
    fields: [['SecretName', 'secretName'], ['ShareName', 'shareName'], readOnly],
  },
  flexVolume: {
    type: 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    fields: [
      ['Driver', 'driver'],
      fsType,
      ['SecretRef', 'secretRef', 'local'],
      readOnly,
      ['Options', 'options', 'map'],
    ],
  },
  image: {
    type: 'Image (a container image or OCI artifact)',
    fields: [
      ['Reference', 'reference'],
      ['PullPolicy', 'pullPolicy'],
    ],
  },
}

/** What a persistent volume says more, or otherwise, than the same source in a pod. */
const persistentSources: Readonly<Record<string, readonly Field[]>> = {
  glusterfs: [
    ['EndpointsName', 'endpoints'],
    ['EndpointsNamespace', 'endpointsNamespace', 'unset'],
    ['Path', 'path'],
    readOnly,
  ],
  azureFile: [
    ['SecretName', 'secretName'],
    ['SecretNamespace', 'secretNamespace'],
    ['ShareName', 'shareName'],
    readOnly,
  ],
}

/** Upstream forgot the colon of this one. */
const withoutColon = 'ISCSIInterface'

/** A line of two cells. */
export type SourceRow = readonly [title: string, value: string]

/** The lines about the source of a volume, or undefined for one that is not known here. */
export function sourceRows(volume: object, isPersistent: boolean): readonly SourceRow[] | undefined {
  const entries = volume as Readonly<Record<string, unknown>>
  const name = Object.keys(sources).find((key) => entries[key] !== undefined && entries[key] !== null)
  if (name === undefined) return undefined
  const { type, fields } = sources[name]!
  const values = entries[name] as Readonly<Record<string, unknown>>
  const shown = (isPersistent ? persistentSources[name] : undefined) ?? fields
  return [
    ['Type:', type],
    ...shown.map(([title, path, how = 'text']): SourceRow => [
      title === withoutColon ? title : `${title}:`,
      valueText(values[path], how, isPersistent),
    ]),
  ]
}

function valueText(value: unknown, how: Shown, isPersistent: boolean): string {
  if (how === 'list') return `[${((value as readonly string[] | undefined) ?? []).join(' ')}]`
  if (how === 'joined') return ((value as readonly string[] | undefined) ?? []).join(', ')
  if (how === 'map') return mapValue((value as Readonly<Record<string, string>> | undefined) ?? {})
  if (how === 'local') return referenceText(value as Reference | undefined, isPersistent)
  if (how === 'unset') return value === undefined || value === '0' ? '<unset>' : String(value)
  const absent = how === 'bool' ? 'false' : how === 'number' ? '0' : how === 'none' ? '<none>' : ''
  return value === undefined || value === null ? absent : String(value)
}

const mapValue = (map: Readonly<Record<string, string>>): string =>
  `map[${Object.keys(map)
    .sort()
    .map((key) => `${key}:${map[key]}`)
    .join(' ')}]`

interface Reference {
  readonly name?: string
  readonly namespace?: string
}

/** As Go prints a pointer to a reference. */
function referenceText(reference: Reference | undefined, isPersistent: boolean): string {
  if (reference === undefined) return '<nil>'
  const { name = '', namespace = '' } = reference
  return isPersistent
    ? `&SecretReference{Name:${name},Namespace:${namespace},}`
    : `&LocalObjectReference{Name:${name},}`
}
