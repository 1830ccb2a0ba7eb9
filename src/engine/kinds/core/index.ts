import { binding } from './binding.ts'
import { componentStatus } from './componentStatus.ts'
import { configMap } from './configMap.ts'
import { endpoints } from './endpoints.ts'
import { event } from './event.ts'
import { limitRange } from './limitRange.ts'
import { namespace } from './namespace.ts'
import { node } from './node.ts'
import { persistentVolume } from './persistentVolume.ts'
import { persistentVolumeClaim } from './persistentVolumeClaim.ts'
import { pod } from './pod/pod.ts'
import { podTemplate } from './podTemplate.ts'
import { replicationController } from './replicationController.ts'
import { resourceQuota } from './resourceQuota.ts'
import { secret } from './secret.ts'
import { service } from './service/service.ts'
import { serviceAccount } from './serviceAccount.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const coreKinds = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  service,
  serviceAccount,
] as const
