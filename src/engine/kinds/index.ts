import type { Kind } from './defineKind.ts'
import { admissionregistrationKinds } from './admissionregistration/index.ts'
import { apiextensionsKinds } from './apiextensions/index.ts'
import { apiregistrationKinds } from './apiregistration/index.ts'
import { appsKinds } from './apps/index.ts'
import { authenticationKinds } from './authentication/index.ts'
import { authorizationKinds } from './authorization/index.ts'
import { autoscalingKinds } from './autoscaling/index.ts'
import { batchKinds } from './batch/index.ts'
import { certificatesKinds } from './certificates/index.ts'
import { coordinationKinds } from './coordination/index.ts'
import { coreKinds } from './core/index.ts'
import { discoveryKinds } from './discovery/index.ts'
import { eventsKinds } from './events/index.ts'
import { flowcontrolKinds } from './flowcontrol/index.ts'
import { metricsKinds } from './metrics/index.ts'
import { networkingKinds } from './networking/index.ts'
import { nodeKinds } from './node/index.ts'
import { policyKinds } from './policy/index.ts'
import { rbacKinds } from './rbac/index.ts'
import { resourceKinds } from './resource/index.ts'
import { schedulingKinds } from './scheduling/index.ts'
import { storageKinds } from './storage/index.ts'

/** Every kind that is served, in the order of `kubectl api-resources`: a folder each API group, a file each kind. */
export const kinds: readonly Kind[] = [
  ...coreKinds,
  ...admissionregistrationKinds,
  ...apiextensionsKinds,
  ...apiregistrationKinds,
  ...appsKinds,
  ...authenticationKinds,
  ...authorizationKinds,
  ...autoscalingKinds,
  ...batchKinds,
  ...certificatesKinds,
  ...coordinationKinds,
  ...discoveryKinds,
  ...eventsKinds,
  ...flowcontrolKinds,
  ...networkingKinds,
  ...nodeKinds,
  ...policyKinds,
  ...rbacKinds,
  ...resourceKinds,
  ...schedulingKinds,
  ...storageKinds,
] as readonly unknown[] as readonly Kind[]

/** Kinds that another server adds: they are served while it answers. */
export const aggregatedKinds = metricsKinds as readonly unknown[] as readonly Kind[]
