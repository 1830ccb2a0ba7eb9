import { configMapDescriber, namespaceDescriber, secretDescriber, serviceAccountDescriber } from './config.ts'
import type { Describer } from './defineDescriber.ts'
import { nodeDescriber } from './node.ts'
import { podDescriber } from './pod.ts'
import { endpointSliceDescriber, serviceDescriber } from './service.ts'
import { deploymentDescriber, replicaSetDescriber } from './workloads.ts'

/** The kinds that have a sheet of their own. */
export const describers: readonly Describer[] = [
  podDescriber,
  deploymentDescriber,
  replicaSetDescriber,
  nodeDescriber,
  serviceDescriber,
  endpointSliceDescriber,
  namespaceDescriber,
  configMapDescriber,
  secretDescriber,
  serviceAccountDescriber,
]
