import type { Client } from '../client/index.ts'
import type { Controller } from './controller.ts'
import { deploymentController } from './deployment/deploymentController.ts'
import { runControllers, type ControllerManager } from './manager.ts'
import { replicaSetController } from './replicaSet/replicaSetController.ts'

export type { ControllerManager } from './manager.ts'

/** Every controller, in the order users see. */
export const controllers: readonly Controller[] = [deploymentController, replicaSetController]

/** Starts all controllers in a client's process. */
export function createControllerManager(client: Client): ControllerManager {
  return runControllers(client, controllers)
}
