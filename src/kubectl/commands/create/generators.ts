import type { Command } from '../../defineCommand.ts'
import { createConfigMap } from './configMap.ts'
import { createDeployment } from './deployment.ts'
import { createNamespace } from './namespace.ts'
import { createSecret } from './secret.ts'
import { createService } from './service.ts'
import { createServiceAccount } from './serviceAccount.ts'

/** What `kubectl create` makes without a file. */
export const generators: readonly Command[] = [
  createConfigMap,
  createDeployment,
  createNamespace,
  createSecret,
  createService,
  createServiceAccount,
]
