import { configMap } from './configMap.ts'
import { deployment } from './deployment.ts'
import { endpointSlice } from './endpointSlice.ts'
import { event } from './event.ts'
import { lease } from './lease.ts'
import { namespace } from './namespace.ts'
import { node } from './node.ts'
import { pod } from './pod/pod.ts'
import { replicaSet } from './replicaSet.ts'
import { secret } from './secret.ts'
import { service } from './service/service.ts'
import { serviceAccount } from './serviceAccount.ts'
import type { Kind } from './defineKind.ts'

/** Every kind that is served, in the order of `kubectl api-resources`. */
export const kinds: readonly Kind[] = [
  configMap,
  event,
  namespace,
  node,
  pod,
  secret,
  serviceAccount,
  service,
  deployment,
  replicaSet,
  lease,
  endpointSlice,
] as readonly unknown[] as readonly Kind[]
