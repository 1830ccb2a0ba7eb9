import type { AdmissionPlugin } from './admission.ts'
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts'
import { defaultIngressClass } from './defaultIngressClass.ts'
import { defaultStorageClass } from './defaultStorageClass.ts'
import { defaultTolerationSeconds } from './defaultTolerationSeconds.ts'
import { limitRanger } from './limitRanger.ts'
import { namespaceLifecycle } from './namespaceLifecycle.ts'
import { nodeRestriction } from './nodeRestriction.ts'
import { persistentVolumeClaimResize } from './persistentVolumeClaimResize.ts'
import { podResize } from './podResize.ts'
import { podSecurity } from './podSecurity/index.ts'
import { podTopologyLabels } from './podTopologyLabels.ts'
import { priority } from './priority.ts'
import { resourceQuota } from './resourceQuota.ts'
import { runtimeClass } from './runtimeClass.ts'
import { serviceAccount } from './serviceAccount.ts'
import { storageObjectInUseProtection } from './storageObjectInUseProtection.ts'
import { taintNodesByCondition } from './taintNodesByCondition.ts'

/** Default-on plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go), and NodeRestriction. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  podResize,
  // the admission policies and webhooks
  resourceQuota,
]
