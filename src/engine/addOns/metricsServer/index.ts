import { defineAddOn } from '../addOn.ts'
import { roles } from './roles.ts'
import { workload } from './workload.ts'

/**
 * Measures what nodes and pods use: `kubectl top` and autoscaling of pods by CPU and memory. A real cluster gets it by its
 * components.yaml, which does here what it does there.
 */
// upstream: kubernetes-sigs/metrics-server, components.yaml of its release 0.8.0
export const metricsServer = defineAddOn({
  name: 'metrics-server',
  publishedAt:
    /^https:\/\/github\.com\/kubernetes-sigs\/metrics-server\/releases\/(latest\/download|download\/v[\d.]+)\/components\.yaml$/,
  definitions: [],
  objects: [...workload.slice(0, 1), ...roles, ...workload.slice(1)],
})
