/**
 * The closed sets of values that the published schema names, in the order `kubectl explain` prints them.
 * upstream: the types marked as enumerations in k8s.io/api. Others (a container's restartPolicy) are checked, but not published.
 */
const enumerations: readonly (readonly [fields: string, ...values: string[]])[] = [
  ['AppArmorProfile.type', 'Localhost', 'RuntimeDefault', 'Unconfined'],
  ['AzureDiskVolumeSource.cachingMode', 'None', 'ReadOnly', 'ReadWrite'],
  ['AzureDiskVolumeSource.kind', 'Dedicated', 'Managed', 'Shared'],
  [
    'CertificateSigningRequestSpec.usages',
    'any',
    'cert sign',
    'client auth',
    'code signing',
    'content commitment',
    'crl sign',
    'data encipherment',
    'decipher only',
    'digital signature',
    'email protection',
    'encipher only',
    'ipsec end system',
    'ipsec tunnel',
    'ipsec user',
    'key agreement',
    'key encipherment',
    'microsoft sgc',
    'netscape sgc',
    'ocsp signing',
    's/mime',
    'server auth',
    'signing',
    'timestamping',
  ],
  ['Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy', 'FallbackToLogsOnError', 'File'],
  ['CronJobSpec.concurrencyPolicy', 'Allow', 'Forbid', 'Replace'],
  ['DaemonSetUpdateStrategy.type', 'OnDelete', 'RollingUpdate'],
  ['DeploymentStrategy.type', 'Recreate', 'RollingUpdate'],
  ['DeviceAllocationConfiguration.source', 'FromClaim', 'FromClass'],
  ['DeviceToleration.effect DeviceTaint.effect', 'NoExecute', 'NoSchedule', 'None'],
  ['DeviceToleration.operator', 'Equal', 'Exists'],
  ['EndpointSlice.addressType', 'FQDN', 'IPv4', 'IPv6'],
  ['ExactDeviceRequest.allocationMode DeviceSubRequest.allocationMode', 'All', 'ExactCount'],
  ['HTTPGetAction.scheme', 'HTTP', 'HTTPS'],
  ['HTTPIngressPath.pathType', 'Exact', 'ImplementationSpecific', 'Prefix'],
  [
    'HostPathVolumeSource.type',
    '',
    'BlockDevice',
    'CharDevice',
    'Directory',
    'DirectoryOrCreate',
    'File',
    'FileOrCreate',
    'Socket',
  ],
  [
    'ImageVolumeSource.pullPolicy Container.imagePullPolicy EphemeralContainer.imagePullPolicy',
    'Always',
    'IfNotPresent',
    'Never',
  ],
  ['JobSpec.completionMode', 'Indexed', 'NonIndexed'],
  ['JobSpec.podReplacementPolicy', 'Failed', 'TerminatingOrFailed'],
  ['Lifecycle.stopSignal ContainerStatus.stopSignal', ...signals()],
  ['MatchResources.matchPolicy MutatingWebhook.matchPolicy ValidatingWebhook.matchPolicy', 'Equivalent', 'Exact'],
  ['ModifyVolumeStatus.status', 'InProgress', 'Infeasible', 'Pending'],
  [
    'MutatingAdmissionPolicySpec.failurePolicy MutatingWebhook.failurePolicy ' +
      'ValidatingAdmissionPolicySpec.failurePolicy ValidatingWebhook.failurePolicy',
    'Fail',
    'Ignore',
  ],
  ['MutatingAdmissionPolicySpec.reinvocationPolicy MutatingWebhook.reinvocationPolicy', 'IfNeeded', 'Never'],
  ['MutatingWebhook.sideEffects ValidatingWebhook.sideEffects', 'None', 'NoneOnDryRun', 'Some', 'Unknown'],
  ['Mutation.patchType', 'ApplyConfiguration', 'JSONPatch'],
  ['NamedRuleWithOperations.operations RuleWithOperations.operations', '*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'],
  ['NamedRuleWithOperations.scope RuleWithOperations.scope', '*', 'Cluster', 'Namespaced'],
  ['NamespaceStatus.phase', 'Active', 'Terminating'],
  ['NetworkPolicySpec.policyTypes', 'Egress', 'Ingress'],
  ['NodeSelectorRequirement.operator', 'DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
  ['NodeStatus.phase', 'Pending', 'Running', 'Terminated'],
  [
    'PersistentVolumeClaimStatus.allocatedResourceStatuses',
    'ControllerResizeInProgress',
    'ControllerResizeInfeasible',
    'NodeResizeInProgress',
    'NodeResizeInfeasible',
    'NodeResizePending',
  ],
  ['PersistentVolumeClaimStatus.phase', 'Bound', 'Lost', 'Pending'],
  [
    'PersistentVolumeSpec.accessModes PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimStatus.accessModes',
    'ReadOnlyMany',
    'ReadWriteMany',
    'ReadWriteOnce',
    'ReadWriteOncePod',
  ],
  ['PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy', 'Delete', 'Recycle', 'Retain'],
  ['PersistentVolumeSpec.volumeMode PersistentVolumeClaimSpec.volumeMode', 'Block', 'Filesystem'],
  ['PersistentVolumeStatus.phase', 'Available', 'Bound', 'Failed', 'Pending', 'Released'],
  ['PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy', 'AlwaysAllow', 'IfHealthyBudget'],
  ['PodFailurePolicyOnExitCodesRequirement.operator', 'In', 'NotIn'],
  ['PodFailurePolicyRule.action', 'Count', 'FailIndex', 'FailJob', 'Ignore'],
  ['PodSecurityContext.fsGroupChangePolicy', 'Always', 'OnRootMismatch'],
  ['PodSecurityContext.supplementalGroupsPolicy', 'Merge', 'Strict'],
  ['PodSpec.dnsPolicy', 'ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  ['PodSpec.preemptionPolicy PriorityClass.preemptionPolicy', 'Never', 'PreemptLowerPriority'],
  ['PodSpec.restartPolicy', 'Always', 'Never', 'OnFailure'],
  ['PodStatus.phase', 'Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
  ['PodStatus.qosClass', 'BestEffort', 'Burstable', 'Guaranteed'],
  [
    'ResourceQuotaSpec.scopes ScopedResourceSelectorRequirement.scopeName',
    'BestEffort',
    'CrossNamespacePodAffinity',
    'NotBestEffort',
    'NotTerminating',
    'PriorityClass',
    'Terminating',
    'VolumeAttributesClass',
  ],
  ['ScopedResourceSelectorRequirement.operator', 'DoesNotExist', 'Exists', 'In', 'NotIn'],
  ['SeccompProfile.type', 'Localhost', 'RuntimeDefault', 'Unconfined'],
  ['SecurityContext.procMount', 'Default', 'Unmasked'],
  ['ServiceSpec.externalTrafficPolicy', 'Cluster', 'Local'],
  ['ServiceSpec.internalTrafficPolicy', 'Cluster', 'Local'],
  ['ServiceSpec.ipFamilies', '', 'IPv4', 'IPv6'],
  ['ServiceSpec.ipFamilyPolicy', 'PreferDualStack', 'RequireDualStack', 'SingleStack'],
  ['ServiceSpec.sessionAffinity', 'ClientIP', 'None'],
  ['ServiceSpec.type', 'ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
  ['StatefulSetSpec.podManagementPolicy', 'OrderedReady', 'Parallel'],
  ['StatefulSetUpdateStrategy.type', 'OnDelete', 'RollingUpdate'],
  ['StorageClass.volumeBindingMode', 'Immediate', 'WaitForFirstConsumer'],
  ['Taint.effect Toleration.effect', 'NoExecute', 'NoSchedule', 'PreferNoSchedule'],
  ['Toleration.operator', 'Equal', 'Exists', 'Gt', 'Lt'],
  ['TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy', 'Honor', 'Ignore'],
  ['TopologySpreadConstraint.whenUnsatisfiable', 'DoNotSchedule', 'ScheduleAnyway'],
  ['ValidatingAdmissionPolicyBindingSpec.validationActions', 'Audit', 'Deny', 'Warn'],
  ['ValidationRule.reason', 'FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'],
  ['VolumeMount.mountPropagation', 'Bidirectional', 'HostToContainer', 'None'],
  [
    'core.EndpointPort.protocol ContainerPort.protocol ServicePort.protocol PortStatus.protocol ' +
      'discovery.EndpointPort.protocol IngressPortStatus.protocol NetworkPolicyPort.protocol',
    'SCTP',
    'TCP',
    'UDP',
  ],
]

const valuesByField: ReadonlyMap<string, readonly string[]> = new Map(
  enumerations.flatMap(([fields, ...values]) => fields.split(' ').map((field) => [field, values] as const)),
)

/** The values a field (or the items of a list) may have, where the published schema says so. */
export function enumOf(type: string, field: string): readonly string[] | undefined {
  return valuesByField.get(`${type}.${field}`)
}

function signals(): string[] {
  const names =
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN SEGV STKFLT STOP SYS TERM ' +
    'TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'
  const numbered = (name: string, sign: string, last: number) =>
    Array.from({ length: last }, (_, n) => `${name}${sign}${n + 1}`)
  return [...names.split(' '), ...numbered('RTMAX', '-', 14), ...numbered('RTMIN', '+', 15)]
    .map((name) => `SIG${name}`)
    .sort()
}
