import type { AdmissionPlugin } from './admission.ts'
import { namespaceLifecycle } from './namespaceLifecycle.ts'

/** Default-on plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go). */
export const admissionPlugins: readonly AdmissionPlugin[] = [namespaceLifecycle]
