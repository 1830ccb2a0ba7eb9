import type { Draft, Service } from '../../../api/index.ts'
import { isExternal } from './facts.ts'

/** Fills in what a Service's manifest left out. */
// upstream: pkg/apis/core/v1/defaults.go SetDefaults_Service
export function defaultService(draft: Draft<Service>): void {
  const spec = (draft.spec ??= {})
  draft.status ??= {}
  draft.status.loadBalancer ??= {}
  spec.sessionAffinity ||= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP') {
    const config = (spec.sessionAffinityConfig ??= {})
    config.clientIP ??= {}
    config.clientIP.timeoutSeconds ??= 10_800
  }
  spec.type ||= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP'
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
  }
  const view = spec as Service['spec']
  if (isExternal(view)) spec.externalTrafficPolicy ||= 'Cluster'
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer')
    spec.internalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
}
