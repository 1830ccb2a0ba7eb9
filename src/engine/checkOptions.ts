import { addOnsNamed } from './addOns/index.ts'
import { checkAutoscalerOptions } from './autoscaler/index.ts'
import type { ClusterOptions } from './cluster.ts'
import { checkDeschedulerOptions } from './descheduler/index.ts'
import { checkSchedulerConfiguration } from './scheduler/index.ts'

/** Complains, as `createCluster` would, about what it or scheduler, autoscaler or descheduler would not start with; builds nothing. */
export function checkClusterOptions({ addOns, scheduler, autoscaler, descheduler }: ClusterOptions): void {
  addOnsNamed(addOns)
  if (scheduler !== undefined) checkSchedulerConfiguration(scheduler)
  if (autoscaler !== undefined) checkAutoscalerOptions(autoscaler)
  if (descheduler !== undefined) checkDeschedulerOptions(descheduler)
}
