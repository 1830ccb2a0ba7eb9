import type { Pod } from '../../api/index.ts'
import { defineController, nothing, type Controller } from '../controller.ts'

/** x */
export function podGcController(threshold: number): Controller {
  return defineController<Pod>({ name: 'pod-garbage-collector', for: 'Pod', reconcile: () => (threshold ? nothing : nothing) })
}
