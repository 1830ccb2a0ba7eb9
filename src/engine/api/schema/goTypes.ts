/**
 * Go's own name for the type of a field, where it isn't plain: what `cannot unmarshal … of type v1.PullPolicy` says.
 * upstream: k8s.io/api, k8s.io/apimachinery, the declared types of the fields
 */
const fieldsByGoType: Readonly<Record<string, string>> = {
  '[]types.UID': 'UncountedTerminatedPods.succeeded UncountedTerminatedPods.failed',
  '[]v1.Capability': 'Capabilities.add Capabilities.drop',
  '[]v1.FinalizerName': 'NamespaceSpec.finalizers',
  '[]v1.IPFamily': 'ServiceSpec.ipFamilies',
  '[]v1.KeyUsage': 'CertificateSigningRequestSpec.usages',
  '[]v1.OperationType': 'NamedRuleWithOperations.operations RuleWithOperations.operations',
  '[]v1.PersistentVolumeAccessMode':
    'PersistentVolumeSpec.accessModes PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimStatus.accessModes',
  '[]v1.PolicyType': 'NetworkPolicySpec.policyTypes',
  '[]v1.ResourceQuotaScope': 'ResourceQuotaSpec.scopes',
  '[]v1.UniqueVolumeName': 'NodeStatus.volumesInUse',
  '[]v1.ValidationAction': 'ValidatingAdmissionPolicyBindingSpec.validationActions',
  '[]v1.VolumeLifecycleMode': 'CSIDriverSpec.volumeLifecycleModes',
  'map[string]v1.ExtraValue': 'UserInfo.extra SubjectAccessReviewSpec.extra CertificateSigningRequestSpec.extra',
  'map[v1.QualifiedName]resource.Quantity':
    'CapacityRequirements.requests DeviceRequestAllocationResult.consumedCapacity',
  'map[v1.QualifiedName]v1.DeviceAttribute': 'Device.attributes',
  'map[v1.QualifiedName]v1.DeviceCapacity': 'Device.capacity',
  'map[v1.ResourceName]resource.Quantity': 'NodeAllocatableResourceClaimStatus.resources',
  'map[v1.ResourceName]v1.ClaimResourceStatus': 'PersistentVolumeClaimStatus.allocatedResourceStatuses',
  'map[v1.ResourceName]v1.NodeAllocatableResourceMapping': 'Device.nodeAllocatableResourceMappings',
  'types.UID':
    'ObjectMeta.uid OwnerReference.uid ObjectReference.uid ConfigMapNodeConfigSource.uid BoundObjectReference.uid ' +
    'Preconditions.uid DeviceRequestAllocationResult.shareID ResourceClaimConsumerReference.uid',
  'v1.APIServiceConditionType': 'APIServiceCondition.type',
  'v1.AddressType': 'EndpointSlice.addressType',
  'v1.AllocationConfigSource': 'DeviceAllocationConfiguration.source',
  'v1.AppArmorProfileType': 'AppArmorProfile.type',
  'v1.AzureDataDiskCachingMode': 'AzureDiskVolumeSource.cachingMode',
  'v1.AzureDataDiskKind': 'AzureDiskVolumeSource.kind',
  'v1.CompletionMode': 'JobSpec.completionMode',
  'v1.ComponentConditionType': 'ComponentCondition.type',
  'v1.ConcurrencyPolicy': 'CronJobSpec.concurrencyPolicy',
  'v1.ConditionStatus':
    'ComponentCondition.status NamespaceCondition.status NodeCondition.status PersistentVolumeClaimCondition.status ' +
    'PodCondition.status ReplicationControllerCondition.status Condition.status ' +
    'CustomResourceDefinitionCondition.status APIServiceCondition.status DaemonSetCondition.status ' +
    'DeploymentCondition.status ReplicaSetCondition.status StatefulSetCondition.status ' +
    'HorizontalPodAutoscalerCondition.status PodFailurePolicyOnPodConditionsPattern.status JobCondition.status ' +
    'CertificateSigningRequestCondition.status FlowSchemaCondition.status PriorityLevelConfigurationCondition.status',
  'v1.ContainerRestartPolicy': 'Container.restartPolicy EphemeralContainer.restartPolicy',
  'v1.ContainerRestartRuleAction': 'ContainerRestartRule.action',
  'v1.ContainerRestartRuleOnExitCodesOperator': 'ContainerRestartRuleOnExitCodes.operator',
  'v1.ConversionStrategyType': 'CustomResourceConversion.strategy',
  'v1.CoordinatedLeaseStrategy': 'LeaseSpec.strategy',
  'v1.CustomResourceDefinitionConditionType': 'CustomResourceDefinitionCondition.type',
  'v1.DNSPolicy': 'PodSpec.dnsPolicy',
  'v1.DaemonSetConditionType': 'DaemonSetCondition.type',
  'v1.DaemonSetUpdateStrategyType': 'DaemonSetUpdateStrategy.type',
  'v1.DeletionPropagation': 'DeleteOptions.propagationPolicy',
  'v1.DeploymentConditionType': 'DeploymentCondition.type',
  'v1.DeploymentStrategyType': 'DeploymentStrategy.type',
  'v1.DeviceAllocationMode': 'ExactDeviceRequest.allocationMode DeviceSubRequest.allocationMode',
  'v1.DeviceTaintEffect': 'DeviceToleration.effect DeviceTaint.effect',
  'v1.DeviceTolerationOperator': 'DeviceToleration.operator',
  'v1.FSGroupPolicy': 'CSIDriverSpec.fsGroupPolicy',
  'v1.FailurePolicyType':
    'MutatingAdmissionPolicySpec.failurePolicy MutatingWebhook.failurePolicy ' +
    'ValidatingAdmissionPolicySpec.failurePolicy ValidatingWebhook.failurePolicy',
  'v1.FieldSelectorOperator': 'FieldSelectorRequirement.operator',
  'v1.FieldValueErrorReason': 'ValidationRule.reason',
  'v1.FlowDistinguisherMethodType': 'FlowDistinguisherMethod.type',
  'v1.FlowSchemaConditionType': 'FlowSchemaCondition.type',
  'v1.FullyQualifiedName': 'DeviceConstraint.matchAttribute DeviceConstraint.distinctAttribute',
  'v1.HostPathType': 'HostPathVolumeSource.type',
  'v1.IPFamilyPolicy': 'ServiceSpec.ipFamilyPolicy',
  'v1.JSONSchemaDefinitions': 'JSONSchemaProps.definitions',
  'v1.JSONSchemaDependencies': 'JSONSchemaProps.dependencies',
  'v1.JSONSchemaURL': 'JSONSchemaProps.$schema',
  'v1.JobConditionType': 'JobCondition.type',
  'v1.LabelSelectorOperator': 'LabelSelectorRequirement.operator',
  'v1.LimitResponseType': 'LimitResponse.type',
  'v1.LimitType': 'LimitRangeItem.type',
  'v1.LoadBalancerIPMode': 'LoadBalancerIngress.ipMode',
  'v1.ManagedFieldsOperationType': 'ManagedFieldsEntry.operation',
  'v1.MatchPolicyType': 'MatchResources.matchPolicy MutatingWebhook.matchPolicy ValidatingWebhook.matchPolicy',
  'v1.MountPropagationMode': 'VolumeMount.mountPropagation',
  'v1.NamespaceConditionType': 'NamespaceCondition.type',
  'v1.NamespacePhase': 'NamespaceStatus.phase',
  'v1.NodeAddressType': 'NodeAddress.type',
  'v1.NodeConditionType': 'NodeCondition.type',
  'v1.NodeInclusionPolicy': 'TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy',
  'v1.NodePhase': 'NodeStatus.phase',
  'v1.NodeSelectorOperator': 'NodeSelectorRequirement.operator',
  'v1.OSName': 'PodOS.name',
  'v1.ParameterNotFoundActionType': 'ParamRef.parameterNotFoundAction',
  'v1.PatchType': 'Mutation.patchType',
  'v1.PathType': 'HTTPIngressPath.pathType',
  'v1.PersistentVolumeClaimConditionType': 'PersistentVolumeClaimCondition.type',
  'v1.PersistentVolumeClaimModifyVolumeStatus': 'ModifyVolumeStatus.status',
  'v1.PersistentVolumeClaimPhase': 'PersistentVolumeClaimStatus.phase',
  'v1.PersistentVolumeClaimRetentionPolicyType':
    'StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted ' +
    'StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled',
  'v1.PersistentVolumeMode': 'PersistentVolumeSpec.volumeMode PersistentVolumeClaimSpec.volumeMode',
  'v1.PersistentVolumePhase': 'PersistentVolumeStatus.phase',
  'v1.PersistentVolumeReclaimPolicy': 'PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy',
  'v1.PodConditionType': 'PodReadinessGate.conditionType PodCondition.type PodFailurePolicyOnPodConditionsPattern.type',
  'v1.PodFSGroupChangePolicy': 'PodSecurityContext.fsGroupChangePolicy',
  'v1.PodFailurePolicyAction': 'PodFailurePolicyRule.action',
  'v1.PodFailurePolicyOnExitCodesOperator': 'PodFailurePolicyOnExitCodesRequirement.operator',
  'v1.PodManagementPolicyType': 'StatefulSetSpec.podManagementPolicy',
  'v1.PodPhase': 'PodStatus.phase',
  'v1.PodQOSClass': 'PodStatus.qosClass',
  'v1.PodReplacementPolicy': 'JobSpec.podReplacementPolicy',
  'v1.PodResizeStatus': 'PodStatus.resize',
  'v1.PodSELinuxChangePolicy': 'PodSecurityContext.seLinuxChangePolicy',
  'v1.PreemptionPolicy': 'PodSpec.preemptionPolicy PriorityClass.preemptionPolicy',
  'v1.PriorityLevelConfigurationConditionType': 'PriorityLevelConfigurationCondition.type',
  'v1.PriorityLevelEnablement': 'PriorityLevelConfigurationSpec.type',
  'v1.ProcMountType': 'SecurityContext.procMount',
  'v1.Protocol':
    'core.EndpointPort.protocol ContainerPort.protocol ServicePort.protocol PortStatus.protocol ' +
    'discovery.EndpointPort.protocol IngressPortStatus.protocol NetworkPolicyPort.protocol',
  'v1.PullPolicy': 'ImageVolumeSource.pullPolicy Container.imagePullPolicy EphemeralContainer.imagePullPolicy',
  'v1.QualifiedName': 'NodeAllocatableResourceMapping.capacityKey',
  'v1.RecursiveReadOnlyMode': 'VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly',
  'v1.ReinvocationPolicyType': 'MutatingAdmissionPolicySpec.reinvocationPolicy MutatingWebhook.reinvocationPolicy',
  'v1.ReplicaSetConditionType': 'ReplicaSetCondition.type',
  'v1.ReplicationControllerConditionType': 'ReplicationControllerCondition.type',
  'v1.RequestConditionType': 'CertificateSigningRequestCondition.type',
  'v1.ResourceHealthStatus': 'ResourceHealth.health',
  'v1.ResourceID': 'ResourceHealth.resourceID',
  'v1.ResourceList':
    'LimitRangeItem.max LimitRangeItem.min LimitRangeItem.default LimitRangeItem.defaultRequest ' +
    'LimitRangeItem.maxLimitRequestRatio NodeStatus.capacity NodeStatus.allocatable PersistentVolumeSpec.capacity ' +
    'VolumeResourceRequirements.limits VolumeResourceRequirements.requests PersistentVolumeClaimStatus.capacity ' +
    'PersistentVolumeClaimStatus.allocatedResources ResourceRequirements.limits ResourceRequirements.requests ' +
    'PodSpec.overhead ContainerStatus.allocatedResources PodStatus.allocatedResources ResourceQuotaSpec.hard ' +
    'ResourceQuotaStatus.hard ResourceQuotaStatus.used Overhead.podFixed',
  'v1.ResourceName':
    'ContainerResizePolicy.resourceName ResourceStatus.name ResourceMetricSource.name ' +
    'ContainerResourceMetricSource.name ResourceMetricStatus.name ContainerResourceMetricStatus.name',
  'v1.ResourceQuotaScope': 'ScopedResourceSelectorRequirement.scopeName',
  'v1.ResourceResizeRestartPolicy': 'ContainerResizePolicy.restartPolicy',
  'v1.ResourceScope': 'CustomResourceDefinitionSpec.scope',
  'v1.RestartPolicy': 'PodSpec.restartPolicy',
  'v1.ScopeSelectorOperator': 'ScopedResourceSelectorRequirement.operator',
  'v1.ScopeType': 'NamedRuleWithOperations.scope RuleWithOperations.scope',
  'v1.SeccompProfileType': 'SeccompProfile.type',
  'v1.SecretType': 'Secret.type',
  'v1.ServiceAffinity': 'ServiceSpec.sessionAffinity',
  'v1.ServiceExternalTrafficPolicy': 'ServiceSpec.externalTrafficPolicy',
  'v1.ServiceInternalTrafficPolicy': 'ServiceSpec.internalTrafficPolicy',
  'v1.ServiceType': 'ServiceSpec.type',
  'v1.SideEffectClass': 'MutatingWebhook.sideEffects ValidatingWebhook.sideEffects',
  'v1.Signal': 'Lifecycle.stopSignal ContainerStatus.stopSignal',
  'v1.StatefulSetConditionType': 'StatefulSetCondition.type',
  'v1.StatefulSetUpdateStrategyType': 'StatefulSetUpdateStrategy.type',
  'v1.StatusReason': 'Validation.reason',
  'v1.StorageMedium': 'EmptyDirVolumeSource.medium',
  'v1.SubjectKind': 'flowcontrol.Subject.kind',
  'v1.SupplementalGroupsPolicy': 'PodSecurityContext.supplementalGroupsPolicy',
  'v1.TaintEffect': 'Taint.effect Toleration.effect',
  'v1.TerminationMessagePolicy': 'Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy',
  'v1.TolerationOperator': 'Toleration.operator',
  'v1.URIScheme': 'HTTPGetAction.scheme',
  'v1.UnhealthyPodEvictionPolicyType': 'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy',
  'v1.UniqueVolumeName': 'AttachedVolume.name',
  'v1.UnsatisfiableConstraintAction': 'TopologySpreadConstraint.whenUnsatisfiable',
  'v1.ValidationRules': 'JSONSchemaProps.x-kubernetes-validations',
  'v1.VolumeBindingMode': 'StorageClass.volumeBindingMode',
  'v2.HPAScalingPolicyType': 'HPAScalingPolicy.type',
  'v2.HorizontalPodAutoscalerConditionType': 'HorizontalPodAutoscalerCondition.type',
  'v2.MetricSourceType': 'MetricSpec.type MetricStatus.type',
  'v2.MetricTargetType': 'MetricTarget.type',
  'v2.ScalingPolicySelect': 'HPAScalingRules.selectPolicy',
}

/** Structs that Go embeds: their names show up in the middle of a path (`spec.rules.IngressRuleValue.http`). */
const embeddedFields: Readonly<Record<string, string>> = {
  ConfigMapEnvSource: 'LocalObjectReference name',
  ConfigMapKeySelector: 'LocalObjectReference name',
  ConfigMapProjection: 'LocalObjectReference name',
  ConfigMapVolumeSource: 'LocalObjectReference name',
  DeviceAllocationConfiguration: 'DeviceConfiguration opaque',
  DeviceClaimConfiguration: 'DeviceConfiguration opaque',
  DeviceClassConfiguration: 'DeviceConfiguration opaque',
  EphemeralContainer: 'EphemeralContainerCommon *-targetContainerName',
  IngressRule: 'IngressRuleValue http',
  NamedRuleWithOperations:
    'RuleWithOperations operations; RuleWithOperations.Rule apiGroups apiVersions resources scope',
  PersistentVolumeSpec:
    'PersistentVolumeSource *-capacity-accessModes-claimRef-persistentVolumeReclaimPolicy-storageClassName-mountOptions' +
    '-volumeMode-nodeAffinity-volumeAttributesClassName',
  Probe: 'ProbeHandler exec grpc httpGet tcpSocket',
  RuleWithOperations: 'Rule apiGroups apiVersions resources scope',
  SecretEnvSource: 'LocalObjectReference name',
  SecretKeySelector: 'LocalObjectReference name',
  SecretProjection: 'LocalObjectReference name',
  Volume: 'VolumeSource *-name',
}

const goTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(fieldsByGoType).flatMap(([goType, fields]) =>
    fields.split(' ').map((field) => [field, goType] as const),
  ),
)

/** The declared Go type of a field, if it is a named one; undefined where the schema's kind says it all. */
export function namedGoType(type: string, field: string): string | undefined {
  return goTypes.get(`${type}.${field}`)
}

/** The names that Go's decoder puts before a field because it sits in an embedded struct: none for most. */
export function embeddingPath(type: string, field: string): readonly string[] {
  const rule = embeddedFields[type]
  if (rule === undefined) return []
  for (const part of rule.split('; ')) {
    const [path = '', ...names] = part.split(' ')
    const [first = '', ...excluded] = (names[0] ?? '').split('-')
    const holds = first === '*' ? !excluded.includes(field) : names.includes(field)
    if (holds) return path.split('.')
  }
  return []
}
