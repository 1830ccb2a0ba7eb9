import type { Command } from '../../defineCommand.ts'
import { createClusterRole } from './clusterRole.ts'
import { createClusterRoleBinding } from './clusterRoleBinding.ts'
import { createConfigMap } from './configMap.ts'
import { createCronJob } from './cronJob.ts'
import { createDeployment } from './deployment.ts'
import { createIngress } from './ingress.ts'
import { createJob } from './job.ts'
import { createNamespace } from './namespace.ts'
import { createPodDisruptionBudget } from './podDisruptionBudget.ts'
import { createPriorityClass } from './priorityClass.ts'
import { createQuota } from './quota.ts'
import { createRole } from './role.ts'
import { createRoleBinding } from './roleBinding.ts'
import { createSecret } from './secret.ts'
import { createService } from './service.ts'
import { createServiceAccount } from './serviceAccount.ts'
import { createToken } from './token.ts'

/** What `kubectl create` makes without a file. */
export const generators: readonly Command[] = [
  createClusterRole,
  createClusterRoleBinding,
  createConfigMap,
  createCronJob,
  createDeployment,
  createIngress,
  createJob,
  createNamespace,
  createPodDisruptionBudget,
  createPriorityClass,
  createQuota,
  createRole,
  createRoleBinding,
  createSecret,
  createService,
  createServiceAccount,
  createToken,
]
