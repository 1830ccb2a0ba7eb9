import type { AdmissionPlugin } from './admission.ts'
import { defaultTolerationSeconds } from './defaultTolerationSeconds.ts'
import { namespaceLifecycle } from './namespaceLifecycle.ts'
import { podSecurity } from './podSecurity.ts'
import { priority } from './priority.ts'
import { serviceAccount } from './serviceAccount.ts'
import { taintNodesByCondition } from './taintNodesByCondition.ts'

/** Default-on plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go). */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  // LimitRanger
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  // DefaultStorageClass, StorageObjectInUseProtection, RuntimeClass, DefaultIngressClass, …, the policies, ResourceQuota last
]
