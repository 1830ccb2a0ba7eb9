/**
 * Which fields are pointers in Go: there, absent and zero are two things (`readOnlyRootFilesystem: false` stays), whereas a
 * plain field cannot tell them apart (`hostNetwork: false` is gone once decoded).
 * upstream: the declarations in k8s.io/api, apimachinery, apiextensions-apiserver and kube-aggregator
 */
const pointerFields: Readonly<Record<string, string>> = {
  APIServiceSpec: 'service',
  Affinity: 'nodeAffinity podAffinity podAntiAffinity',
  AllocatedDeviceStatus: 'shareID data networkData',
  AllocationResult: 'nodeSelector allocationTimestamp',
  AppArmorProfile: 'localhostProfile',
  AzureDiskVolumeSource: 'cachingMode fsType readOnly kind',
  AzureFilePersistentVolumeSource: 'secretNamespace',
  CSIDriverSpec:
    'attachRequired podInfoOnMount storageCapacity fsGroupPolicy requiresRepublish seLinuxMount ' +
    'nodeAllocatableUpdatePeriodSeconds serviceAccountTokenInSecrets preventPodSchedulingIfMissing',
  CSINodeDriver: 'allocatable',
  CSIPersistentVolumeSource:
    'controllerPublishSecretRef nodeStageSecretRef nodePublishSecretRef controllerExpandSecretRef nodeExpandSecretRef',
  CSIStorageCapacity: 'nodeTopology capacity maximumVolumeSize',
  CSIVolumeSource: 'readOnly fsType nodePublishSecretRef',
  CapacityRequestPolicy: 'default validRange',
  CapacityRequestPolicyRange: 'min max step',
  CephFSPersistentVolumeSource: 'secretRef',
  CephFSVolumeSource: 'secretRef',
  CertificateSigningRequestSpec: 'expirationSeconds',
  CinderPersistentVolumeSource: 'secretRef',
  CinderVolumeSource: 'secretRef',
  ClientIPConfig: 'timeoutSeconds',
  ClusterRole: 'aggregationRule',
  ClusterTrustBundleProjection: 'name signerName labelSelector optional',
  ConfigMap: 'immutable',
  ConfigMapEnvSource: 'optional',
  ConfigMapKeySelector: 'optional',
  ConfigMapProjection: 'optional',
  ConfigMapVolumeSource: 'defaultMode optional',
  Container: 'restartPolicy livenessProbe readinessProbe startupProbe lifecycle securityContext',
  ContainerRestartRule: 'exitCodes',
  ContainerState: 'waiting running terminated',
  ContainerStatus: 'started resources user stopSignal',
  ContainerUser: 'linux',
  CronJobSpec: 'timeZone startingDeadlineSeconds suspend successfulJobsHistoryLimit failedJobsHistoryLimit',
  CronJobStatus: 'lastScheduleTime lastSuccessfulTime',
  CustomResourceConversion: 'webhook',
  CustomResourceDefinitionSpec: 'conversion',
  CustomResourceDefinitionVersion: 'deprecationWarning schema subresources',
  CustomResourceSubresourceScale: 'labelSelectorPath',
  CustomResourceSubresources: 'status scale',
  CustomResourceValidation: 'openAPIV3Schema',
  DaemonSetSpec: 'selector revisionHistoryLimit',
  DaemonSetStatus: 'collisionCount',
  DaemonSetUpdateStrategy: 'rollingUpdate',
  DeleteOptions:
    'gracePeriodSeconds preconditions orphanDependents propagationPolicy ' +
    'ignoreStoreReadErrorWithClusterBreakingPotential',
  DeploymentSpec: 'replicas selector revisionHistoryLimit progressDeadlineSeconds',
  DeploymentStatus: 'terminatingReplicas collisionCount',
  DeploymentStrategy: 'rollingUpdate',
  Device: 'nodeName nodeSelector allNodes bindsToNode allowMultipleAllocations',
  DeviceAllocationConfiguration: 'opaque',
  DeviceAttribute: 'int bool string version',
  DeviceCapacity: 'requestPolicy',
  DeviceClaimConfiguration: 'opaque',
  DeviceClassConfiguration: 'opaque',
  DeviceClassSpec: 'extendedResourceName',
  DeviceConstraint: 'matchAttribute distinctAttribute',
  DeviceRequest: 'exactly',
  DeviceRequestAllocationResult: 'adminAccess shareID',
  DeviceSelector: 'cel',
  DeviceSubRequest: 'capacity',
  DeviceTaint: 'timeAdded',
  DeviceToleration: 'tolerationSeconds',
  DownwardAPIVolumeFile: 'fieldRef resourceFieldRef mode',
  DownwardAPIVolumeSource: 'defaultMode',
  EmptyDirVolumeSource: 'sizeLimit',
  Endpoint: 'hostname targetRef nodeName zone hints',
  EndpointAddress: 'nodeName targetRef',
  EndpointConditions: 'ready serving terminating',
  EnvFromSource: 'configMapRef secretRef',
  EnvVar: 'valueFrom',
  EnvVarSource: 'fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef',
  EphemeralContainer: 'restartPolicy livenessProbe readinessProbe startupProbe lifecycle securityContext',
  EphemeralVolumeSource: 'volumeClaimTemplate',
  Eviction: 'deleteOptions',
  ExactDeviceRequest: 'adminAccess capacity',
  ExemptPriorityLevelConfiguration: 'nominalConcurrencyShares lendablePercent',
  FCVolumeSource: 'lun',
  FileKeySelector: 'optional',
  FlexPersistentVolumeSource: 'secretRef',
  FlexVolumeSource: 'secretRef',
  FlowSchemaSpec: 'distinguisherMethod',
  GRPCAction: 'service',
  GlusterfsPersistentVolumeSource: 'endpointsNamespace',
  HPAScalingRules: 'stabilizationWindowSeconds selectPolicy tolerance',
  HTTPIngressPath: 'pathType',
  HorizontalPodAutoscalerBehavior: 'scaleUp scaleDown',
  HostPathVolumeSource: 'type',
  IPAddressSpec: 'parentRef',
  ISCSIPersistentVolumeSource: 'secretRef initiatorName',
  ISCSIVolumeSource: 'secretRef initiatorName',
  IngressBackend: 'service resource',
  IngressClassParametersReference: 'apiGroup scope namespace',
  IngressClassSpec: 'parameters',
  IngressPortStatus: 'error',
  IngressRule: 'http',
  IngressSpec: 'ingressClassName defaultBackend',
  JSONSchemaProps:
    '$ref default maximum minimum maxLength minLength maxItems minItems multipleOf maxProperties minProperties items ' +
    'not additionalProperties additionalItems externalDocs example x-kubernetes-preserve-unknown-fields ' +
    'x-kubernetes-list-type x-kubernetes-map-type',
  JobSpec:
    'parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit backoffLimitPerIndex ' +
    'maxFailedIndexes selector manualSelector ttlSecondsAfterFinished completionMode suspend podReplacementPolicy ' +
    'managedBy',
  JobStatus: 'startTime completionTime terminating failedIndexes uncountedTerminatedPods ready',
  KeyToPath: 'mode',
  LeaseSpec: 'holderIdentity leaseDurationSeconds acquireTime renewTime leaseTransitions strategy preferredHolder',
  Lifecycle: 'postStart preStop stopSignal',
  LifecycleHandler: 'exec httpGet tcpSocket sleep',
  LimitResponse: 'queuing',
  LimitedPriorityLevelConfiguration: 'nominalConcurrencyShares lendablePercent borrowingLimitPercent',
  LoadBalancerIngress: 'ipMode',
  LocalVolumeSource: 'fsType',
  ManagedFieldsEntry: 'time fieldsV1',
  MatchResources: 'namespaceSelector objectSelector matchPolicy',
  MetricIdentifier: 'selector',
  MetricSpec: 'object pods resource containerResource external',
  MetricStatus: 'object pods resource containerResource external',
  MetricTarget: 'value averageValue averageUtilization',
  MetricValueStatus: 'value averageValue averageUtilization',
  MutatingAdmissionPolicyBindingSpec: 'paramRef matchResources',
  MutatingAdmissionPolicySpec: 'paramKind matchConstraints failurePolicy',
  MutatingWebhook:
    'failurePolicy matchPolicy namespaceSelector objectSelector sideEffects timeoutSeconds reinvocationPolicy',
  Mutation: 'applyConfiguration jsonPatch',
  NamedRuleWithOperations: 'scope',
  NetworkPolicyPeer: 'podSelector namespaceSelector ipBlock',
  NetworkPolicyPort: 'protocol port endPort',
  NodeAffinity: 'requiredDuringSchedulingIgnoredDuringExecution',
  NodeAllocatableResourceMapping: 'capacityKey allocationMultiplier',
  NodeConfigSource: 'configMap',
  NodeConfigStatus: 'assigned active lastKnownGood',
  NodeFeatures: 'supplementalGroupsPolicy',
  NodeRuntimeHandler: 'features',
  NodeRuntimeHandlerFeatures: 'recursiveReadOnlyMounts userNamespaces',
  NodeSpec: 'configSource',
  NodeStatus: 'config features',
  NodeSwapStatus: 'capacity',
  NodeSystemInfo: 'swap',
  ObjectMeta: 'deletionTimestamp deletionGracePeriodSeconds',
  OwnerReference: 'controller blockOwnerDeletion',
  ParamRef: 'selector parameterNotFoundAction',
  PersistentVolumeClaimSpec: 'selector storageClassName volumeMode dataSource dataSourceRef volumeAttributesClassName',
  PersistentVolumeClaimStatus: 'currentVolumeAttributesClassName modifyVolumeStatus',
  PersistentVolumeSpec:
    'gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd iscsi cinder cephfs fc flocker flexVolume ' +
    'azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi ' +
    'claimRef volumeMode nodeAffinity volumeAttributesClassName',
  PersistentVolumeStatus: 'lastPhaseTransitionTime',
  PodAffinityTerm: 'labelSelector namespaceSelector',
  PodCertificateProjection: 'maxExpirationSeconds',
  PodDNSConfigOption: 'value',
  PodDisruptionBudgetSpec: 'minAvailable selector maxUnavailable unhealthyPodEvictionPolicy',
  PodFailurePolicyOnExitCodesRequirement: 'containerName',
  PodFailurePolicyRule: 'onExitCodes',
  PodResourceClaim: 'resourceClaimName resourceClaimTemplateName',
  PodResourceClaimStatus: 'resourceClaimName',
  PodSchedulingGroup: 'podGroupName',
  PodSecurityContext:
    'seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroupsPolicy fsGroup ' +
    'fsGroupChangePolicy seccompProfile appArmorProfile seLinuxChangePolicy',
  PodSpec:
    'terminationGracePeriodSeconds activeDeadlineSeconds automountServiceAccountToken shareProcessNamespace ' +
    'securityContext affinity priority dnsConfig runtimeClassName enableServiceLinks preemptionPolicy ' +
    'setHostnameAsFQDN os hostUsers resources hostnameOverride schedulingGroup',
  PodStatus: 'startTime extendedResourceClaimStatus resources',
  PortStatus: 'error',
  Preconditions: 'uid resourceVersion',
  PriorityClass: 'preemptionPolicy',
  PriorityLevelConfigurationSpec: 'limited exempt',
  Probe: 'exec httpGet tcpSocket grpc terminationGracePeriodSeconds',
  ProjectedVolumeSource: 'defaultMode',
  RBDPersistentVolumeSource: 'secretRef',
  RBDVolumeSource: 'secretRef',
  ReplicaSetSpec: 'replicas selector',
  ReplicaSetStatus: 'terminatingReplicas',
  ReplicationControllerSpec: 'replicas template',
  ResourceAttributes: 'fieldSelector labelSelector',
  ResourceClaimStatus: 'allocation',
  ResourceHealth: 'message',
  ResourceQuotaSpec: 'scopeSelector',
  ResourceSliceSpec: 'nodeName nodeSelector allNodes perDeviceNodeSelection',
  RollingUpdateDaemonSet: 'maxUnavailable maxSurge',
  RollingUpdateDeployment: 'maxUnavailable maxSurge',
  RollingUpdateStatefulSetStrategy: 'partition maxUnavailable',
  RuleWithOperations: 'scope',
  RuntimeClass: 'overhead scheduling',
  ScaleIOPersistentVolumeSource: 'secretRef',
  ScaleIOVolumeSource: 'secretRef',
  SeccompProfile: 'localhostProfile',
  Secret: 'immutable',
  SecretEnvSource: 'optional',
  SecretKeySelector: 'optional',
  SecretProjection: 'optional',
  SecretVolumeSource: 'defaultMode optional',
  SecurityContext:
    'capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem ' +
    'allowPrivilegeEscalation procMount seccompProfile appArmorProfile',
  SelfSubjectAccessReviewSpec: 'resourceAttributes nonResourceAttributes',
  ServiceAccount: 'automountServiceAccountToken',
  ServiceAccountTokenProjection: 'expirationSeconds',
  ServicePort: 'appProtocol',
  ServiceSpec:
    'sessionAffinityConfig ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy ' +
    'trafficDistribution',
  SessionAffinityConfig: 'clientIP',
  StatefulSetSpec: 'replicas selector revisionHistoryLimit persistentVolumeClaimRetentionPolicy ordinals',
  StatefulSetStatus: 'collisionCount',
  StatefulSetUpdateStrategy: 'rollingUpdate',
  StorageClass: 'reclaimPolicy allowVolumeExpansion volumeBindingMode',
  StorageOSPersistentVolumeSource: 'secretRef',
  StorageOSVolumeSource: 'secretRef',
  SubjectAccessReviewSpec: 'resourceAttributes nonResourceAttributes',
  SuccessPolicyRule: 'succeededIndexes succeededCount',
  Taint: 'timeAdded',
  TokenRequestSpec: 'expirationSeconds boundObjectRef',
  Toleration: 'tolerationSeconds',
  TopologySpreadConstraint: 'labelSelector minDomains nodeAffinityPolicy nodeTaintsPolicy',
  TypedLocalObjectReference: 'apiGroup',
  TypedObjectReference: 'apiGroup namespace',
  ValidatingAdmissionPolicyBindingSpec: 'paramRef matchResources',
  ValidatingAdmissionPolicySpec: 'paramKind matchConstraints failurePolicy',
  ValidatingAdmissionPolicyStatus: 'typeChecking',
  ValidatingWebhook: 'failurePolicy matchPolicy namespaceSelector objectSelector sideEffects timeoutSeconds',
  Validation: 'reason',
  ValidationRule: 'reason optionalOldSelf',
  Volume:
    'hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs ' +
    'persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume ' +
    'quobyte azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image',
  VolumeAttachmentSource: 'persistentVolumeName inlineVolumeSpec',
  VolumeAttachmentStatus: 'attachError detachError',
  VolumeError: 'errorCode',
  VolumeMount: 'recursiveReadOnly mountPropagation',
  VolumeMountStatus: 'recursiveReadOnly volumeStatus',
  VolumeNodeAffinity: 'required',
  VolumeNodeResources: 'count',
  VolumeProjection: 'secret downwardAPI configMap serviceAccountToken clusterTrustBundle podCertificate',
  VolumeStatus: 'image',
  WebhookConversion: 'clientConfig',
  WindowsSecurityContextOptions: 'gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess',
  'admissionregistration.ServiceReference': 'path port',
  'admissionregistration.WebhookClientConfig': 'url service',
  'apiextensions.ServiceReference': 'path port',
  'apiextensions.WebhookClientConfig': 'url service',
  'apiregistration.ServiceReference': 'port',
  'core.EndpointPort': 'appProtocol',
  'core.Event': 'series related',
  'discovery.EndpointPort': 'name protocol port appProtocol',
  'events.Event': 'series related',
  'flowcontrol.Subject': 'user group serviceAccount',
  'storage.TokenRequest': 'expirationSeconds',
  'v1.HorizontalPodAutoscalerSpec': 'minReplicas targetCPUUtilizationPercentage',
  'v1.HorizontalPodAutoscalerStatus': 'observedGeneration lastScaleTime currentCPUUtilizationPercentage',
  'v2.HorizontalPodAutoscalerSpec': 'minReplicas behavior',
  'v2.HorizontalPodAutoscalerStatus': 'observedGeneration lastScaleTime',
}

/** Fields that are written even when they hold nothing, though the schema doesn't require them. */
const alwaysWritten: ReadonlySet<string> = new Set(
  (
    'AllocatedDeviceStatus.conditions AzureFilePersistentVolumeSource.secretNamespace CSINodeDriver.topologyKeys ' +
    'CapacityRequestPolicy.default ClusterRole.rules ContainerImage.names CustomResourceDefinitionStatus.conditions ' +
    'CustomResourceDefinitionStatus.acceptedNames CustomResourceDefinitionStatus.storedVersions ' +
    'DaemonSetSpec.selector DeploymentSpec.selector DeviceClaim.requests EndpointSlice.endpoints ' +
    'EndpointSlice.ports FlowSchemaSpec.matchingPrecedence GRPCAction.service HTTPIngressPath.pathType ' +
    'IngressClassParametersReference.scope LimitedPriorityLevelConfiguration.nominalConcurrencyShares ' +
    'MutatingWebhook.sideEffects NetworkPolicySpec.podSelector NodeRuntimeHandler.name ' +
    'PodDisruptionBudgetStatus.disruptionsAllowed PodDisruptionBudgetStatus.currentHealthy ' +
    'PodDisruptionBudgetStatus.desiredHealthy PodDisruptionBudgetStatus.expectedPods ' +
    'PodFailurePolicyOnPodConditionsPattern.status PriorityClass.value ProjectedVolumeSource.sources ' +
    'QueuingConfiguration.queues QueuingConfiguration.handSize QueuingConfiguration.queueLengthLimit ' +
    'ReplicaSetSpec.selector ResourceClaimSpec.devices ResourcePolicyRule.namespaces Role.rules RoleRef.apiGroup ' +
    'ScaleIOPersistentVolumeSource.secretRef ScaleIOVolumeSource.secretRef StatefulSetOrdinals.start ' +
    'StatefulSetSpec.selector StatefulSetSpec.serviceName StatefulSetStatus.availableReplicas ' +
    'TokenRequestSpec.audiences TokenRequestSpec.expirationSeconds TokenRequestSpec.boundObjectRef ' +
    'TokenRequestStatus.token TokenRequestStatus.expirationTimestamp TypedLocalObjectReference.apiGroup ' +
    'TypedObjectReference.apiGroup ValidatingWebhook.sideEffects authentication.TokenRequest.spec ' +
    'core.Event.reportingComponent core.Event.reportingInstance events.Event.metadata ' +
    'v2.HorizontalPodAutoscalerStatus.currentMetrics'
  ).split(' '),
)

/** Fields that are left out when they hold nothing, though the schema requires them. */
const leftOutWhenEmpty: ReadonlySet<string> = new Set(
  (
    'ContainerRestartRule.action ContainerRestartRuleOnExitCodes.operator CounterSet.counters CronJob.spec ' +
    'DeviceCounterConsumption.counters IPAddress.spec ImageVolumeStatus.imageRef ParentReference.resource ' +
    'ParentReference.name PodCertificateProjection.signerName PodCertificateProjection.keyType ' +
    'TokenReviewSpec.token ValidatingAdmissionPolicyBinding.spec ValidatingAdmissionPolicyBindingSpec.policyName ' +
    'ValidatingAdmissionPolicyBindingSpec.validationActions v1.HorizontalPodAutoscaler.spec ' +
    'v2.HorizontalPodAutoscaler.spec ObjectMeta.creationTimestamp'
  ).split(' '),
)

const pointers: ReadonlySet<string> = new Set(
  Object.entries(pointerFields).flatMap(([type, fields]) => fields.split(' ').map((field) => `${type}.${field}`)),
)

/** Whether a field tells absent from zero. */
export function isPointer(type: string, field: string): boolean {
  return pointers.has(`${type}.${field}`)
}

/** Whether Go's encoder leaves a field out when it holds nothing. */
export function isOmittedEmpty(type: string, field: string, required: boolean): boolean {
  const path = `${type}.${field}`
  return required ? leftOutWhenEmpty.has(path) : !alwaysWritten.has(path)
}
