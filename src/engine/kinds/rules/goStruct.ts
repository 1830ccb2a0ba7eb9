/**
 * Some messages show a value as the API server holds it inside: with Go's field names, in the order of the struct, with everything
 * that is absent. One line per struct; after a name: `*` pointer or list or map (null when absent), `#` number, `?` boolean,
 * `$` quantity, nothing: text. `:Type` is the struct it holds, `~Type` a struct whose fields stand right here, `@` the metadata,
 * whose fields keep the API's names.
 */
// upstream: pkg/apis/core/types.go
const structs: Readonly<Record<string, string>> = {
  PodSpec:
    'Volumes*:Volume InitContainers*:Container Containers*:Container EphemeralContainers*:EphemeralContainer RestartPolicy ' +
    'TerminationGracePeriodSeconds* ActiveDeadlineSeconds* DNSPolicy NodeSelector* ServiceAccountName ' +
    'AutomountServiceAccountToken* NodeName SecurityContext*:PodSecurityContext ImagePullSecrets*:LocalObjectReference Hostname ' +
    'Subdomain SetHostnameAsFQDN* Affinity*:Affinity SchedulerName Tolerations*:Toleration HostAliases*:HostAlias ' +
    'PriorityClassName Priority* PreemptionPolicy* DNSConfig*:PodDNSConfig ReadinessGates*:PodReadinessGate RuntimeClassName* ' +
    'Overhead* EnableServiceLinks* TopologySpreadConstraints*:TopologySpreadConstraint OS*:PodOS ' +
    'SchedulingGates*:PodSchedulingGate ResourceClaims*:PodResourceClaim Resources*:ResourceRequirements HostnameOverride* ' +
    'SchedulingGroup*',
  Volume: 'Name ~VolumeSource',
  VolumeSource:
    'HostPath*:HostPath EmptyDir*:EmptyDir GCEPersistentDisk* AWSElasticBlockStore* GitRepo* Secret*:SecretVolume NFS*:NFS ISCSI* ' +
    'Glusterfs* PersistentVolumeClaim*:ClaimVolume RBD* Quobyte* FlexVolume* Cinder* CephFS* Flocker* DownwardAPI*:Downward FC* ' +
    'AzureFile* ConfigMap*:ConfigMapVolume VsphereVolume* AzureDisk* PhotonPersistentDisk* Projected*:Projected PortworxVolume* ' +
    'ScaleIO* StorageOS* CSI*:CSIVolume Ephemeral* Image*:ImageVolume',
  HostPath: 'Path Type*',
  EmptyDir: 'Medium SizeLimit*',
  SecretVolume: 'SecretName Items*:KeyToPath DefaultMode* Optional*',
  NFS: 'Server Path ReadOnly?',
  ClaimVolume: 'ClaimName ReadOnly?',
  Downward: 'Items*:DownwardFile DefaultMode*',
  DownwardFile: 'Path FieldRef*:FieldRef ResourceFieldRef*:ResourceFieldRef Mode*',
  FieldRef: 'APIVersion FieldPath',
  ResourceFieldRef: 'ContainerName Resource Divisor$',
  ConfigMapVolume: 'Name Items*:KeyToPath DefaultMode* Optional*',
  KeyToPath: 'Key Path Mode*',
  Projected: 'Sources*:Projection DefaultMode*',
  Projection:
    'Secret*:NamedItems DownwardAPI*:DownwardProjection ConfigMap*:NamedItems ServiceAccountToken*:TokenProjection ' +
    'ClusterTrustBundle* PodCertificate*',
  NamedItems: 'Name Items*:KeyToPath Optional*',
  DownwardProjection: 'Items*:DownwardFile',
  TokenProjection: 'Audience ExpirationSeconds# Path',
  CSIVolume: 'Driver ReadOnly* FSType* VolumeAttributes* NodePublishSecretRef*:LocalObjectReference',
  ImageVolume: 'Reference PullPolicy',
  Container: '~ContainerCommon',
  EphemeralContainer: '~ContainerCommon TargetContainerName',
  ContainerCommon:
    'Name Image Command* Args* WorkingDir Ports*:ContainerPort EnvFrom*:EnvFromSource Env*:EnvVar Resources:ResourceRequirements ' +
    'ResizePolicy*:ResizePolicy RestartPolicy* RestartPolicyRules*:RestartRule VolumeMounts*:VolumeMount ' +
    'VolumeDevices*:VolumeDevice LivenessProbe*:Probe ReadinessProbe*:Probe StartupProbe*:Probe Lifecycle*:Lifecycle ' +
    'TerminationMessagePath TerminationMessagePolicy ImagePullPolicy SecurityContext*:SecurityContext Stdin? StdinOnce? TTY?',
  ContainerPort: 'Name HostPort# ContainerPort# Protocol HostIP',
  EnvFromSource: 'Prefix ConfigMapRef*:OptionalName SecretRef*:OptionalName',
  OptionalName: 'Name Optional*',
  EnvVar: 'Name Value ValueFrom*:EnvVarSource',
  EnvVarSource:
    'FieldRef*:FieldRef ResourceFieldRef*:ResourceFieldRef ConfigMapKeyRef*:KeySelector SecretKeyRef*:KeySelector FileKeyRef*',
  KeySelector: 'Name Key Optional*',
  ResourceRequirements: 'Limits* Requests* Claims*:Claim',
  Claim: 'Name Request',
  ResizePolicy: 'ResourceName RestartPolicy',
  RestartRule: 'Action ExitCodes*:ExitCodes',
  ExitCodes: 'Operator Values*',
  VolumeMount: 'Name ReadOnly? RecursiveReadOnly* MountPath SubPath MountPropagation* SubPathExpr',
  VolumeDevice: 'Name DevicePath',
  Probe:
    '~Handler InitialDelaySeconds# TimeoutSeconds# PeriodSeconds# SuccessThreshold# FailureThreshold# TerminationGracePeriodSeconds*',
  Handler: 'Exec*:Exec HTTPGet*:HTTPGet TCPSocket*:TCPSocket GRPC*:GRPC',
  LifecycleHandler: 'Exec*:Exec HTTPGet*:HTTPGet TCPSocket*:TCPSocket Sleep*:Sleep',
  Lifecycle: 'PostStart*:LifecycleHandler PreStop*:LifecycleHandler StopSignal*',
  Exec: 'Command*',
  HTTPGet: 'Path Port# Host Scheme HTTPHeaders*:Header',
  Header: 'Name Value',
  TCPSocket: 'Port# Host',
  GRPC: 'Port# Service*',
  Sleep: 'Seconds#',
  SecurityContext:
    'Capabilities*:Capabilities Privileged* SELinuxOptions*:SELinux WindowsOptions* RunAsUser* RunAsGroup* RunAsNonRoot* ' +
    'ReadOnlyRootFilesystem* AllowPrivilegeEscalation* ProcMount* SeccompProfile*:SeccompProfile AppArmorProfile*:SeccompProfile',
  Capabilities: 'Add* Drop*',
  SELinux: 'User Role Type Level',
  SeccompProfile: 'Type LocalhostProfile*',
  PodSecurityContext:
    'HostNetwork? HostPID? HostIPC? ShareProcessNamespace* HostUsers* SELinuxOptions*:SELinux WindowsOptions* RunAsUser* ' +
    'RunAsGroup* RunAsNonRoot* SupplementalGroups* SupplementalGroupsPolicy* FSGroup* FSGroupChangePolicy* Sysctls*:Header ' +
    'SeccompProfile*:SeccompProfile AppArmorProfile*:SeccompProfile SELinuxChangePolicy*',
  LocalObjectReference: 'Name',
  Affinity: 'NodeAffinity*:NodeAffinity PodAffinity*:PodAffinity PodAntiAffinity*:PodAffinity',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution*:NodeSelector PreferredDuringSchedulingIgnoredDuringExecution*:PreferredTerm',
  NodeSelector: 'NodeSelectorTerms*:NodeTerm',
  NodeTerm: 'MatchExpressions*:Requirement MatchFields*:Requirement',
  Requirement: 'Key Operator Values*',
  PreferredTerm: 'Weight# Preference:NodeTerm',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution*:PodTerm PreferredDuringSchedulingIgnoredDuringExecution*:WeightedTerm',
  PodTerm: 'LabelSelector* Namespaces* TopologyKey NamespaceSelector* MatchLabelKeys* MismatchLabelKeys*',
  WeightedTerm: 'Weight# PodAffinityTerm:PodTerm',
  Toleration: 'Key Operator Value Effect TolerationSeconds*',
  HostAlias: 'IP Hostnames*',
  PodDNSConfig: 'Nameservers* Searches* Options*:DNSOption',
  DNSOption: 'Name Value*',
  PodReadinessGate: 'ConditionType',
  TopologySpreadConstraint:
    'MaxSkew# TopologyKey WhenUnsatisfiable LabelSelector* MinDomains* NodeAffinityPolicy* NodeTaintsPolicy* MatchLabelKeys*',
  PodOS: 'Name',
  PodSchedulingGate: 'Name',
  PodResourceClaim: 'Name ResourceClaimName* ResourceClaimTemplateName*',
  Taint: 'Key Value Effect TimeAdded*',
  ServicePort: 'Name Protocol AppProtocol* Port# TargetPort# NodePort#',
  DeploymentStrategy: 'Type RollingUpdate*:RollingUpdateDeployment',
  RollingUpdateDeployment: 'MaxUnavailable# MaxSurge#',
  DaemonSetStrategy: 'Type RollingUpdate*:RollingUpdateDeployment',
  StatefulSetStrategy: 'Type RollingUpdate*:RollingUpdateStatefulSet',
  RollingUpdateStatefulSet: 'Partition# MaxUnavailable*',
  TemplateMeta: '@',
  PodDisruptionBudgetSpec: 'MinAvailable* Selector* MaxUnavailable* UnhealthyPodEvictionPolicy*',
  SuccessPolicy: 'Rules*:SuccessPolicyRule',
  SuccessPolicyRule: 'SucceededIndexes* SucceededCount*',
  PodFailurePolicy: 'Rules*:PodFailurePolicyRule',
  PodFailurePolicyRule: 'Action OnExitCodes*:PodFailureExitCodes OnPodConditions*:PodFailureCondition',
  PodFailureExitCodes: 'ContainerName* Operator Values*',
  PodFailureCondition: 'Type Status',
  ScopeSelector: 'MatchExpressions*:ScopeRequirement',
  ScopeRequirement: 'ScopeName Operator Values*',
}

const irregular: Readonly<Record<string, string>> = { CephFS: 'cephfs', StorageOS: 'storageos' }

/** `HTTPGet` → `httpGet`, `TTY` → `tty`, `HostIP` → `hostIP`. */
function jsonName(name: string): string {
  if (irregular[name]) return irregular[name]
  const capitals = /^[A-Z]+/.exec(name)![0].length
  if (capitals === name.length) return name.toLowerCase()
  const lowered = capitals === 1 ? 1 : capitals - 1
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered)
}

type Json = Readonly<Record<string, unknown>>

/** A value as Go's JSON of the struct it is inside the API server. */
export function goStruct(name: string, value: object): Json {
  const result: Record<string, unknown> = {}
  fill(result, name, value as Json)
  return result
}

const metaFields = ['name', 'generateName', 'namespace', 'labels', 'annotations', 'finalizers']

function metaOf(value: Json): Json {
  return (value['metadata'] ?? {}) as Json
}

const zeros: Readonly<Record<string, unknown>> = { '': '', '*': null, '#': 0, '?': false, $: '0' }

function fill(result: Record<string, unknown>, struct: string, value: Json): void {
  for (const word of structs[struct]!.split(' ')) {
    if (word === '@') {
      for (const field of metaFields) if (metaOf(value)[field] !== undefined) result[field] = metaOf(value)[field]
      continue
    }
    if (word.startsWith('~')) {
      fill(result, word.slice(1), value)
      continue
    }
    const [, field = '', mark = '', type] = /^(\w+)([*#?$]?)(?::(\w+))?$/.exec(word)!
    const given = value[jsonName(field)]
    if (type === undefined) result[field] = given ?? zeros[mark]
    else if (given === undefined) result[field] = mark === '*' ? null : goStruct(type, {})
    else
      result[field] = Array.isArray(given)
        ? given.map((item: object) => goStruct(type, item))
        : goStruct(type, given as object)
  }
}
