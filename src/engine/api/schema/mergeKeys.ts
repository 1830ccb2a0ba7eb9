import { findObjectType } from './schema.ts'

/** How a list, map or struct is merged: by a strategic merge patch, and by server-side apply (which also decides who owns what). */
export interface MergeRule {
  /** Strategic merge patch; without it a list is replaced whole, an object merged. */
  readonly patch?: 'merge' | 'retainKeys' | 'replace'
  /** A merged list of objects is merged by this key; one of scalars becomes a set. */
  readonly patchKey?: string
  /** Merged by `patchKey`, but each item keeps only the keys that the patch names. */
  readonly retainsKeys?: true
  /** Server-side apply; without it lists are atomic, maps and structs granular. */
  readonly apply?: 'map' | 'set' | 'atomic' | 'granular'
  /** What tells the items of an applied `map` list apart. */
  readonly applyKeys?: readonly string[]
}

const by = (key: string, ...more: string[]): MergeRule => ({
  patch: 'merge',
  patchKey: key,
  apply: 'map',
  applyKeys: [key, ...more],
})
const retainingBy = (key: string): MergeRule => ({ ...by(key), retainsKeys: true })
const patchedBy = (key: string): MergeRule => ({ patch: 'merge', patchKey: key })
const appliedBy = (...keys: string[]): MergeRule => ({ apply: 'map', applyKeys: keys })
const mergedSet: MergeRule = { patch: 'merge', apply: 'set' }
const appliedSet: MergeRule = { apply: 'set' }
const atomic: MergeRule = { apply: 'atomic' }
const granular: MergeRule = { apply: 'granular' }
const retainKeys: MergeRule = { patch: 'retainKeys' }
const replace: MergeRule = { patch: 'replace' }
const plain: MergeRule = {}

// upstream: the patchStrategy, patchMergeKey, listType, listMapKey, mapType and structType of k8s.io/api's fields
const rules: Readonly<Record<string, Readonly<Record<string, MergeRule>>>> = {
  APIServiceStatus: { conditions: by('type') },
  AllocatedDeviceStatus: { conditions: appliedBy('type') },
  CSIDriverSpec: { volumeLifecycleModes: appliedSet },
  CSINodeSpec: { drivers: by('name') },
  CertificateSigningRequestStatus: { conditions: appliedBy('type') },
  ComponentStatus: { conditions: by('type') },
  Container: {
    ports: by('containerPort', 'protocol'),
    env: by('name'),
    volumeMounts: by('mountPath'),
    volumeDevices: by('devicePath'),
  },
  ContainerRestartRuleOnExitCodes: { values: appliedSet },
  ContainerStatus: { volumeMounts: by('mountPath'), allocatedResourcesStatus: by('name') },
  CustomResourceDefinitionStatus: { conditions: appliedBy('type') },
  DaemonSetStatus: { conditions: by('type') },
  DeploymentSpec: { strategy: retainKeys },
  DeploymentStatus: { conditions: by('type') },
  Endpoint: { addresses: appliedSet },
  EphemeralContainer: {
    ports: by('containerPort', 'protocol'),
    env: by('name'),
    volumeMounts: by('mountPath'),
    volumeDevices: by('devicePath'),
  },
  FlowSchemaStatus: { conditions: by('type') },
  JSONSchemaProps: { 'x-kubernetes-validations': by('rule') },
  JobStatus: { conditions: patchedBy('type') },
  MutatingAdmissionPolicySpec: { matchConditions: by('name') },
  MutatingWebhook: { matchConditions: by('name') },
  MutatingWebhookConfiguration: { webhooks: by('name') },
  NamespaceStatus: { conditions: by('type') },
  NodeAllocatableResourceClaimStatus: { containers: appliedSet },
  NodeSpec: { podCIDRs: mergedSet },
  NodeStatus: { conditions: by('type'), addresses: by('type') },
  NonResourcePolicyRule: { verbs: appliedSet, nonResourceURLs: appliedSet },
  ObjectMeta: { ownerReferences: by('uid'), finalizers: mergedSet },
  PersistentVolumeClaimStatus: { conditions: by('type') },
  PersistentVolumeSpec: { claimRef: granular },
  PodDisruptionBudgetSpec: { selector: replace },
  PodDisruptionBudgetStatus: { conditions: by('type') },
  PodFailurePolicyOnExitCodesRequirement: { values: appliedSet },
  PodSpec: {
    volumes: retainingBy('name'),
    initContainers: by('name'),
    containers: by('name'),
    ephemeralContainers: by('name'),
    nodeSelector: atomic,
    imagePullSecrets: by('name'),
    hostAliases: by('ip'),
    topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
    schedulingGates: by('name'),
    resourceClaims: retainingBy('name'),
  },
  PodStatus: {
    conditions: by('type'),
    hostIPs: patchedBy('ip'),
    podIPs: by('ip'),
    resourceClaimStatuses: retainingBy('name'),
  },
  PriorityLevelConfigurationStatus: { conditions: by('type') },
  ReplicaSetStatus: { conditions: by('type') },
  ReplicationControllerSpec: { selector: atomic },
  ReplicationControllerStatus: { conditions: by('type') },
  ResourceClaimStatus: { reservedFor: by('uid'), devices: appliedBy('driver', 'device', 'pool', 'shareID') },
  ResourcePolicyRule: { verbs: appliedSet, apiGroups: appliedSet, resources: appliedSet, namespaces: appliedSet },
  ResourceRequirements: { claims: appliedBy('name') },
  ResourceStatus: { resources: appliedBy('resourceID') },
  Scheduling: { nodeSelector: atomic },
  ServiceAccount: { secrets: by('name') },
  ServiceCIDRStatus: { conditions: by('type') },
  ServiceSpec: { ports: by('port', 'protocol'), selector: atomic },
  ServiceStatus: { conditions: by('type') },
  StatefulSetStatus: { conditions: by('type') },
  UncountedTerminatedPods: { succeeded: appliedSet, failed: appliedSet },
  ValidatingAdmissionPolicyBindingSpec: { validationActions: appliedSet },
  ValidatingAdmissionPolicySpec: { matchConditions: by('name'), variables: by('name') },
  ValidatingAdmissionPolicyStatus: { conditions: appliedBy('type') },
  ValidatingWebhook: { matchConditions: by('name') },
  ValidatingWebhookConfiguration: { webhooks: by('name') },
  'v2.HorizontalPodAutoscalerStatus': { conditions: by('type') },
}

/** Structs that are applied whole wherever they stand, unless the field says otherwise. */
const atomicTypes = new Set(
  (
    'ConfigMapKeySelector EndpointAddress FileKeySelector LabelSelector LocalObjectReference MatchResources ' +
    'NamedRuleWithOperations NodeSelector NodeSelectorTerm ObjectFieldSelector ObjectReference OwnerReference ParamKind ParamRef ' +
    'ResourceFieldSelector RoleRef ScopeSelector SecretKeySelector SecretReference ServiceBackendPort TopologySelectorTerm ' +
    'TypedLocalObjectReference Variable core.EndpointPort discovery.EndpointPort rbac.Subject v1.CrossVersionObjectReference'
  ).split(' '),
)

/** What a key counts as where an item doesn't give it. */
const keyDefaults: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  ContainerPort: { containerPort: 0, protocol: 'TCP' },
  ServicePort: { port: 0, protocol: 'TCP' },
}

/** The rule of a field by the schema name of the type that has it: `mergeRule('PodSpec', 'containers')`. */
export function mergeRule(type: string, field: string): MergeRule {
  const rule = rules[type]?.[field]
  if (rule?.apply !== undefined) return rule
  const ref = findObjectType(type)?.fields.get(field)?.type
  const isAtomic = ref?.kind === 'object' && atomicTypes.has(ref.name)
  return isAtomic ? { ...rule, apply: 'atomic' } : (rule ?? plain)
}

/** Values that server-side apply assumes for the keys of a list's items: `{ port: 0, protocol: 'TCP' }` for a service's ports. */
export function keyDefaultsOf(itemType: string): Readonly<Record<string, string | number>> {
  return keyDefaults[itemType] ?? {}
}
