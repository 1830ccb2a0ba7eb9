/** A field that the API server takes and nothing acts on. */
export interface BlindField {
  /** `containers[].securityContext.seccompProfile`; `[]` stands for each item of a list */
  readonly path: string
  /** what follows from it here, as a sentence without its subject */
  readonly text: string
  /** which values ask for something; without it, all but empty ones */
  readonly when?: (value: unknown) => boolean
}

const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

const isNot =
  (usual: unknown) =>
  (value: unknown): boolean =>
    value !== undefined && value !== usual

const emptyVolume = 'not simulated: containers find an empty folder of their own'

/** Volume types whose driver is not there. */
const foreignVolumes = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'csi',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'image',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
]

/** Of each container, whatever its list. */
const ofContainers: readonly BlindField[] = [
  {
    path: 'securityContext.capabilities',
    text: 'checked by Pod Security, but not simulated: containers have no kernel to ask',
  },
  { path: 'securityContext.privileged', text: 'checked by Pod Security, but not simulated' },
  {
    path: 'securityContext.seccompProfile',
    text: 'checked by Pod Security, but not simulated: there are no system calls',
  },
  { path: 'securityContext.seLinuxOptions', text: 'not simulated: nodes have no SELinux' },
  { path: 'securityContext.appArmorProfile', text: 'not simulated: nodes have no AppArmor' },
  { path: 'securityContext.procMount', text: 'not simulated', when: isNot('Default') },
  { path: 'securityContext.windowsOptions', text: 'not simulated: all nodes run Linux' },
  { path: 'volumeDevices', text: 'not simulated: there are no block devices' },
  { path: 'resizePolicy', text: 'stored: resizing in place is not simulated' },
  {
    path: 'terminationMessagePolicy',
    text: 'not simulated: messages come from the file only',
    when: oneOf('FallbackToLogsOnError'),
  },
  {
    path: 'volumeMounts[].subPathExpr',
    text: 'not simulated: the whole volume is mounted',
  },
  {
    path: 'volumeMounts[].mountPropagation',
    text: 'not simulated: mounts are not shared with the node',
    when: oneOf('HostToContainer', 'Bidirectional'),
  },
]

const lists = ['initContainers[]', 'containers[]', 'ephemeralContainers[]']

const podSpec: readonly BlindField[] = [
  { path: 'hostPID', text: 'not simulated: containers do not see the processes of their node' },
  { path: 'hostIPC', text: 'not simulated: there is no memory to share with the node' },
  { path: 'hostUsers', text: 'not simulated: there are no user namespaces', when: oneOf(false) },
  { path: 'shareProcessNamespace', text: 'not simulated: containers do not see each other’s processes' },
  { path: 'runtimeClassName', text: 'not simulated: all nodes run the same runtime' },
  { path: 'setHostnameAsFQDN', text: 'not simulated: the host name is the Pod’s name' },
  { path: 'resourceClaims', text: 'not simulated: nodes have no devices to claim' },
  { path: 'workloadRef', text: 'not simulated: Pods are scheduled one by one' },
  { path: 'os', text: 'not simulated: all nodes run Linux', when: isWindows },
  { path: 'dnsConfig.options', text: 'not simulated: names are looked up with the usual options' },
  { path: 'securityContext.sysctls', text: 'not simulated: containers have no kernel below them' },
  {
    path: 'securityContext.seccompProfile',
    text: 'checked by Pod Security, but not simulated: there are no system calls',
  },
  { path: 'securityContext.seLinuxOptions', text: 'not simulated: nodes have no SELinux' },
  { path: 'securityContext.appArmorProfile', text: 'not simulated: nodes have no AppArmor' },
  { path: 'securityContext.windowsOptions', text: 'not simulated: all nodes run Linux' },
  { path: 'volumes[].emptyDir.sizeLimit', text: 'not simulated: the folder may grow beyond it' },
  { path: 'volumes[].emptyDir.medium', text: 'not simulated: its files do not count as memory' },
  ...foreignVolumes.map((type) => ({ path: `volumes[].${type}`, text: emptyVolume, when: isThere })),
  ...lists.flatMap((list) => ofContainers.map((field) => ({ ...field, path: `${list}.${field.path}` }))),
]

function isWindows(value: unknown): boolean {
  return (value as { readonly name?: string } | undefined)?.name === 'windows'
}

/** An empty source (`nfs: {}`) still names the type. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** By kind; `PodSpec` is looked for wherever a kind keeps one. */
export const blindFields: Readonly<Record<string, readonly BlindField[]>> = {
  PodSpec: podSpec,
  Service: [
    {
      path: 'spec.type',
      text: 'no load balancer gives it an address: its node ports and cluster IP work',
      when: oneOf('LoadBalancer'),
    },
    { path: 'spec.loadBalancerIP', text: 'not simulated: no load balancer gives it an address' },
    { path: 'spec.loadBalancerSourceRanges', text: 'not simulated: everybody may connect' },
    { path: 'spec.loadBalancerClass', text: 'not simulated: no load balancer gives it an address' },
    { path: 'spec.trafficDistribution', text: 'not simulated: endpoints are chosen evenly' },
    { path: 'spec.ipFamilyPolicy', text: 'not simulated: addresses are IPv4 only', when: isNot('SingleStack') },
  ],
  Node: [{ path: 'spec.configSource', text: 'not simulated' }],
  HorizontalPodAutoscaler: [
    { path: 'spec.metrics[].pods', text: 'not simulated: nobody serves metrics of Pods other than CPU and memory' },
    { path: 'spec.metrics[].object', text: 'not simulated: nobody serves metrics of objects' },
    { path: 'spec.metrics[].external', text: 'not simulated: nobody serves metrics of the world outside' },
  ],
  APIService: [
    {
      path: 'spec.group',
      text: 'stored, but no other API server answers for it: only the metrics server does',
      when: isNot('metrics.k8s.io'),
    },
  ],
}

/** Where kinds keep the spec of a Pod. */
export const templatePaths: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template.spec',
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  ReplicationController: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
}

/** Kinds that wait for a controller, and what it would do. A kind whose controller is listed in the engine needs no change here. */
export const idleKinds: Readonly<Record<string, string>> = {
  StatefulSet: 'no controller makes its Pods',
  DaemonSet: 'no controller makes its Pods',
  ReplicationController: 'no controller makes its Pods',
  Job: 'no controller makes its Pods',
  CronJob: 'no controller makes its Jobs',
  HorizontalPodAutoscaler: 'no controller scales its target',
  PodDisruptionBudget: 'no controller counts its Pods',
  PersistentVolumeClaim: 'no controller binds it',
  PersistentVolume: 'no controller binds it',
  CertificateSigningRequest: 'no controller signs it',
  ResourceClaim: 'nodes have no devices to claim',
  Endpoints: 'no controller mirrors it to EndpointSlices',
}

/** Kinds that nothing at all will look at: whoever does so in a real cluster is not part of this one. */
export const unservedKinds: Readonly<Record<string, string>> = {
  Ingress: 'stored, but no Ingress controller answers requests for it yet',
  IngressClass: 'stored, but no Ingress controller answers requests for it yet',
  NetworkPolicy: 'stored, but nothing filters traffic yet',
  RuntimeClass: 'stored, but all nodes run the same runtime',
  MutatingWebhookConfiguration: 'stored, but webhooks are not called',
  ValidatingWebhookConfiguration: 'stored, but webhooks are not called',
  CSIDriver: 'stored, but no storage driver runs here',
  FlowSchema: 'stored, but requests are answered in the order they come',
  PriorityLevelConfiguration: 'stored, but requests are answered in the order they come',
}
