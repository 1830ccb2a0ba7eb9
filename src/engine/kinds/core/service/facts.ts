import type { Service } from '../../../api/index.ts'

/** What a Service asks for. */
export type ServiceSpec = Service['spec']
/** One port of a Service. */
export type ServicePort = NonNullable<ServiceSpec['ports']>[number]

type Spec = Pick<
  ServiceSpec,
  'type' | 'clusterIP' | 'clusterIPs' | 'externalIPs' | 'externalTrafficPolicy' | 'allocateLoadBalancerNodePorts'
>

/** Without an address of its own: the names of its pods are all it gives. */
export function isHeadless({ type, clusterIP, clusterIPs }: Spec): boolean {
  return type !== 'ExternalName' && (clusterIP === 'None' || clusterIPs?.[0] === 'None')
}

/** Whether it gets an address inside the cluster. */
export function needsClusterIP({ type }: Spec): boolean {
  return type !== 'ExternalName'
}

/** Whether its ports open on every node. */
export function needsNodePort({ type, allocateLoadBalancerNodePorts }: Spec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
}

/** Whether a load balancer asks the nodes if they have pods of it. */
export function needsHealthCheck({ type, externalTrafficPolicy }: Spec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local'
}

/** Whether it can be reached from outside. */
export function isExternal({ type, externalIPs }: Spec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0)
}
