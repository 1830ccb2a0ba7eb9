import type { Client } from '../client/index.ts'
import type { Controller } from './controller.ts'
import { deploymentController } from './deployment/deploymentController.ts'
import { endpointSliceController } from './endpointSlice/endpointSliceController.ts'
import { garbageCollector } from './garbageCollector.ts'
import { runControllers, type ControllerManager } from './manager.ts'
import { namespaceController } from './namespaceController.ts'
import { nodeIpamController } from './nodeIpamController.ts'
import { nodeLifecycleController } from './nodeLifecycle/nodeLifecycleController.ts'
import { nodeTtlController } from './nodeTtlController.ts'
import { podGarbageCollector } from './podGarbageCollector.ts'
import { replicaSetController } from './replicaSet/replicaSetController.ts'
import { rootCertificatePublisher } from './rootCertificatePublisher.ts'
import { serviceAccountController } from './serviceAccountController.ts'
import { taintEvictionController } from './taintEvictionController.ts'

export type { ControllerManager } from './manager.ts'

/** Every controller, in the order users see. */
export const controllers: readonly Controller[] = [
  deploymentController,
  replicaSetController,
  endpointSliceController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollector,
  garbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificatePublisher,
  nodeIpamController,
  nodeTtlController,
]

/** Starts all controllers in a client's process. */
export function createControllerManager(client: Client): ControllerManager {
  return runControllers(client, controllers)
}
