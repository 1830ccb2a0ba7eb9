/** The order of the fields in Go's structs, where it is not the alphabet's: so the API writes objects, and shows them in messages. */
// upstream: staging/src/k8s.io/api and apimachinery, types.go
const orders: Readonly<Record<string, string>> = {
  ObjectMeta:
    'name generateName selfLink namespace uid resourceVersion generation creationTimestamp deletionTimestamp ' +
    'deletionGracePeriodSeconds labels annotations ownerReferences finalizers managedFields',
  ManagedFieldsEntry: 'manager operation apiVersion time fieldsType fieldsV1 subresource',
  OwnerReference: 'apiVersion kind name uid controller blockOwnerDeletion',
  LabelSelector: 'matchLabels matchExpressions',
  LabelSelectorRequirement: 'key operator values',
  DeploymentSpec:
    'replicas selector template strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds',
  DeploymentStrategy: 'type rollingUpdate',
  RollingUpdateDeployment: 'maxUnavailable maxSurge',
  ReplicaSetSpec: 'replicas minReadySeconds selector template',
  StatefulSetSpec:
    'replicas selector template volumeClaimTemplates serviceName podManagementPolicy updateStrategy revisionHistoryLimit ' +
    'minReadySeconds persistentVolumeClaimRetentionPolicy ordinals',
  StatefulSetUpdateStrategy: 'type rollingUpdate',
  DaemonSetSpec: 'selector template updateStrategy minReadySeconds revisionHistoryLimit',
  DaemonSetUpdateStrategy: 'type rollingUpdate',
  JobSpec:
    'parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit backoffLimitPerIndex ' +
    'maxFailedIndexes selector manualSelector template ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy',
  CronJobSpec:
    'schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend jobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit',
  PodSpec:
    'volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds ' +
    'dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC ' +
    'shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases ' +
    'priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead ' +
    'topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride',
  Container:
    'name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts ' +
    'volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy ' +
    'imagePullPolicy securityContext stdin stdinOnce tty',
  ContainerPort: 'name hostPort containerPort protocol hostIP',
  EnvVar: 'name value valueFrom',
  EnvFromSource: 'prefix configMapRef secretRef',
  EnvVarSource: 'fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef',
  ResourceRequirements: 'limits requests claims',
  VolumeMount: 'name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr',
  Probe:
    'exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold ' +
    'terminationGracePeriodSeconds',
  HTTPGetAction: 'path port host scheme httpHeaders',
  TCPSocketAction: 'port host',
  Volume: 'name hostPath emptyDir secret nfs persistentVolumeClaim downwardAPI configMap projected csi ephemeral image',
  SecretVolumeSource: 'secretName items defaultMode optional',
  ConfigMapVolumeSource: 'name items defaultMode optional',
  KeyToPath: 'key path mode',
  Toleration: 'key operator value effect tolerationSeconds',
  HostAlias: 'ip hostnames',
  TopologySpreadConstraint:
    'maxSkew topologyKey whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys',
  ServiceSpec:
    'ports selector clusterIP clusterIPs type externalIPs sessionAffinity loadBalancerIP loadBalancerSourceRanges externalName ' +
    'externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy ' +
    'allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution',
  ServicePort: 'name protocol appProtocol port targetPort nodePort',
  PodStatus:
    'observedGeneration phase conditions message reason nominatedNodeName hostIP hostIPs podIP podIPs startTime initContainerStatuses ' +
    'containerStatuses qosClass ephemeralContainerStatuses resize resourceClaimStatuses',
  PodCondition: 'type observedGeneration status lastProbeTime lastTransitionTime reason message',
}

/** The names of a struct's fields as Go writes them. */
export function inGoOrder(type: string | undefined, names: readonly string[]): readonly string[] {
  const order = type === undefined ? undefined : orders[type]?.split(' ')
  const sorted = [...names].sort()
  if (order === undefined) return sorted
  const placeOf = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return sorted.sort((a, b) => placeOf(a) - placeOf(b))
}
