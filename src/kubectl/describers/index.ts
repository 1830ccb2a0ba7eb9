import { ipAddressDescriber, serviceCidrDescriber } from './addresses.ts'
import { horizontalPodAutoscalerDescriber } from './autoscaling.ts'
import { cronJobDescriber, jobDescriber } from './batch.ts'
import { configMapDescriber, namespaceDescriber, secretDescriber, serviceAccountDescriber } from './config.ts'
import { certificateSigningRequestDescriber } from './certificates.ts'
import { persistentVolumeClaimDescriber } from './claims.ts'
import type { Describer } from './defineDescriber.ts'
import { endpointsDescriber, endpointSliceDescriber } from './endpoints.ts'
import { ingressClassDescriber, ingressDescriber } from './ingress.ts'
import { limitRangeDescriber, resourceQuotaDescriber } from './limits.ts'
import { networkPolicyDescriber } from './networkPolicy.ts'
import { nodeDescriber } from './node.ts'
import { podDescriber } from './pod.ts'
import { daemonSetDescriber, statefulSetDescriber } from './podSets.ts'
import { replicaSetDescriber, replicationControllerDescriber } from './replicas.ts'
import { podDisruptionBudgetDescriber, priorityClassDescriber } from './policy.ts'
import { clusterRoleBindingDescriber, clusterRoleDescriber, roleBindingDescriber, roleDescriber } from './rbac.ts'
import { serviceDescriber } from './service.ts'
import {
  csiNodeDescriber,
  persistentVolumeDescriber,
  storageClassDescriber,
  volumeAttributesClassDescriber,
} from './storage.ts'
import { deploymentDescriber } from './workloads.ts'

/** The kinds that have a sheet of their own. */
export const describers: readonly Describer[] = [
  podDescriber,
  deploymentDescriber,
  replicaSetDescriber,
  statefulSetDescriber,
  daemonSetDescriber,
  jobDescriber,
  cronJobDescriber,
  replicationControllerDescriber,
  nodeDescriber,
  serviceDescriber,
  endpointsDescriber,
  endpointSliceDescriber,
  serviceCidrDescriber,
  ipAddressDescriber,
  ingressDescriber,
  ingressClassDescriber,
  networkPolicyDescriber,
  namespaceDescriber,
  configMapDescriber,
  secretDescriber,
  serviceAccountDescriber,
  persistentVolumeDescriber,
  persistentVolumeClaimDescriber,
  storageClassDescriber,
  volumeAttributesClassDescriber,
  csiNodeDescriber,
  resourceQuotaDescriber,
  limitRangeDescriber,
  horizontalPodAutoscalerDescriber,
  podDisruptionBudgetDescriber,
  priorityClassDescriber,
  roleDescriber,
  clusterRoleDescriber,
  roleBindingDescriber,
  clusterRoleBindingDescriber,
  certificateSigningRequestDescriber,
]
