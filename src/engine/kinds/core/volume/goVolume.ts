/**
 * Refusals to change a volume or a claim show both as the API server holds them inside: with Go's field names, in the order of the
 * struct, with everything that is absent. One line per struct; after a name: `*` pointer, list or map (null when absent), `#` number,
 * `?` boolean, nothing: text. `=name` is the name in JSON where it does not follow, `:Type` the struct it holds.
 */
// upstream: pkg/apis/core/types.go PersistentVolumeSource, PersistentVolumeClaimSpec
const structs: Readonly<Record<string, string>> = {
  PersistentVolumeSource:
    'GCEPersistentDisk*:GCE AWSElasticBlockStore*:AWS HostPath*:HostPath Glusterfs*:Glusterfs NFS*:NFS RBD*:RBD Quobyte*:Quobyte ' +
    'ISCSI*:ISCSI FlexVolume*:Flex Cinder*:Cinder CephFS*=cephfs:CephFS FC*:FC Flocker*:Flocker AzureFile*:AzureFile ' +
    'VsphereVolume*:Vsphere AzureDisk*:AzureDisk PhotonPersistentDisk*:Photon PortworxVolume*:Portworx ScaleIO*:ScaleIO ' +
    'Local*:Local StorageOS*=storageos:StorageOS CSI*:CSI',
  GCE: 'PDName FSType Partition# ReadOnly?',
  AWS: 'VolumeID FSType Partition# ReadOnly?',
  HostPath: 'Path Type*',
  Glusterfs: 'EndpointsName=endpoints Path ReadOnly? EndpointsNamespace*',
  NFS: 'Server Path ReadOnly?',
  RBD: 'CephMonitors*=monitors RBDImage=image FSType RBDPool=pool RadosUser=user Keyring SecretRef*:SecretReference ReadOnly?',
  Quobyte: 'Registry Volume ReadOnly? User Group Tenant',
  ISCSI:
    'TargetPortal IQN Lun# ISCSIInterface FSType ReadOnly? Portals* DiscoveryCHAPAuth?=chapAuthDiscovery ' +
    'SessionCHAPAuth?=chapAuthSession SecretRef*:SecretReference InitiatorName*',
  Flex: 'Driver FSType SecretRef*:SecretReference ReadOnly? Options*',
  Cinder: 'VolumeID FSType ReadOnly? SecretRef*:SecretReference',
  CephFS: 'Monitors* Path User SecretFile SecretRef*:SecretReference ReadOnly?',
  FC: 'TargetWWNs* Lun* FSType ReadOnly? WWIDs*',
  Flocker: 'DatasetName DatasetUUID',
  AzureFile: 'SecretName ShareName ReadOnly? SecretNamespace*',
  Vsphere: 'VolumePath FSType StoragePolicyName StoragePolicyID',
  AzureDisk: 'DiskName DataDiskURI=diskURI CachingMode* FSType* ReadOnly* Kind*',
  Photon: 'PdID FSType',
  Portworx: 'VolumeID FSType ReadOnly?',
  ScaleIO:
    'Gateway System SecretRef*:SecretReference SSLEnabled? ProtectionDomain StoragePool StorageMode VolumeName FSType ReadOnly?',
  Local: 'Path FSType*',
  StorageOS: 'VolumeName VolumeNamespace FSType ReadOnly? SecretRef*:ObjectReference',
  CSI:
    'Driver VolumeHandle ReadOnly? FSType VolumeAttributes* ControllerPublishSecretRef*:SecretReference ' +
    'NodeStageSecretRef*:SecretReference NodePublishSecretRef*:SecretReference ControllerExpandSecretRef*:SecretReference ' +
    'NodeExpandSecretRef*:SecretReference',
  SecretReference: 'Name Namespace',
  ObjectReference: 'Kind Namespace Name UID APIVersion ResourceVersion FieldPath',
  VolumeNodeAffinity: 'Required*:NodeSelector',
  NodeSelector: 'NodeSelectorTerms*:NodeTerm',
  NodeTerm: 'MatchExpressions*:Requirement MatchFields*:Requirement',
  Requirement: 'Key Operator Values*',
  PersistentVolumeClaimSpec:
    'AccessModes* Selector* Resources:Resources VolumeName StorageClassName* VolumeMode* DataSource*:LocalReference ' +
    'DataSourceRef*:Reference VolumeAttributesClassName*',
  Resources: 'Limits* Requests*',
  LocalReference: 'APIGroup* Kind Name',
  Reference: 'APIGroup* Kind Name Namespace*',
}

type Json = Readonly<Record<string, unknown>>

const zeros: Readonly<Record<string, unknown>> = { '': '', '*': null, '#': 0, '?': false }

/** A value as Go's JSON of the struct it is inside the API server. */
export function goVolume(struct: string, value: object): Json {
  const result: Record<string, unknown> = {}
  for (const word of structs[struct]!.split(' ')) {
    const [, field = '', mark = '', name = jsonName(field), type] = /^(\w+)([*#?]?)(?:=(\w+))?(?::(\w+))?$/.exec(word)!
    const given = (value as Json)[name]
    if (type === undefined) result[field] = given ?? zeros[mark]
    else if (given === undefined) result[field] = mark === '*' ? null : goVolume(type, {})
    else
      result[field] = Array.isArray(given)
        ? given.map((item: object) => goVolume(type, item))
        : goVolume(type, given as object)
  }
  return result
}

/** `NFS` → `nfs`, `PDName` → `pdName`, `HostPath` → `hostPath`. */
function jsonName(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)![0].length
  if (capitals === name.length) return name.toLowerCase()
  const lowered = capitals === 1 ? 1 : capitals - 1
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered)
}
