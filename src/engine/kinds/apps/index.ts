import { controllerRevision } from './controllerRevision.ts'
import { daemonSet } from './daemonSet.ts'
import { deployment } from './deployment.ts'
import { replicaSet } from './replicaSet.ts'
import { statefulSet } from './statefulSet.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const appsKinds = [controllerRevision, daemonSet, deployment, replicaSet, statefulSet] as const
