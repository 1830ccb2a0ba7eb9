import type { Client } from '../client/index.ts'
import { clusterRoleAggregationController } from './clusterRoleAggregationController.ts'
import type { Controller } from './controller.ts'
import { cronJobController } from './cronJob/cronJobController.ts'
import { daemonSetController } from './daemonSet/daemonSetController.ts'
import { deploymentController } from './deployment/deploymentController.ts'
import { disruptionController } from './disruptionController.ts'
import { endpointsController } from './endpoints/endpointsController.ts'
import { endpointSliceController } from './endpointSlice/endpointSliceController.ts'
import { garbageCollector } from './garbageCollector.ts'
import { jobController } from './job/jobController.ts'
import { ttlAfterFinishedController } from './job/ttlController.ts'
import { horizontalPodAutoscalerController } from './horizontalPodAutoscaler/horizontalPodAutoscalerController.ts'
import { runControllers, type ControllerManager } from './manager.ts'
import { namespaceController } from './namespaceController.ts'
import { nodeIpamController } from './nodeIpamController.ts'
import { nodeLifecycleController } from './nodeLifecycle/nodeLifecycleController.ts'
import { nodeTtlController } from './nodeTtlController.ts'
import { persistentVolumeController } from './persistentVolume/persistentVolumeController.ts'
import { podGarbageCollector } from './podGarbageCollector.ts'
import { replicaSetController } from './replicaSet/replicaSetController.ts'
import { replicationController } from './replicaSet/replicationController.ts'
import { resourceQuotaController } from './resourceQuotaController.ts'
import { rootCertificatePublisher } from './rootCertificatePublisher.ts'
import { serviceAccountController } from './serviceAccountController.ts'
import { statefulSetController } from './statefulSet/statefulSetController.ts'
import { taintEvictionController } from './taintEvictionController.ts'
import { claimProtectionController, volumeProtectionController } from './volumeProtectionController.ts'

export type { ControllerManager } from './manager.ts'

/** Every controller, in the order users see. */
export const controllers: readonly Controller[] = [
  deploymentController,
  replicaSetController,
  daemonSetController,
  replicationController,
  statefulSetController,
  jobController,
  cronJobController,
  ttlAfterFinishedController,
  endpointSliceController,
  endpointsController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollector,
  garbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificatePublisher,
  nodeIpamController,
  nodeTtlController,
  disruptionController,
  horizontalPodAutoscalerController,
  resourceQuotaController,
  clusterRoleAggregationController,
  persistentVolumeController,
  claimProtectionController,
  volumeProtectionController,
]

/** Starts all controllers in a client's process. */
export function createControllerManager(client: Client): ControllerManager {
  return runControllers(client, controllers)
}
