import type { EndpointSlice, Node, Pod, Service } from '../../api/index.ts'
import { isOver, isReady } from '../pods.ts'

export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]
export type Ports = NonNullable<EndpointSlice['ports']>
export type AddressType = 'IPv4' | 'IPv6'

/** Whether a pod has an address that may be published. upstream: ShouldPodBeInEndpoints, with terminating pods */
export function hasPlace({ status }: Pod): boolean {
  return !isOver(status.phase) && Boolean(status.podIP || status.podIPs?.length)
}

/** What has to change in a pod for its endpoint to change. upstream: podEndpointsChanged */
export function isSameEndpoint(a: Pod, b: Pod): boolean {
  return (
    a.status.podIP === b.status.podIP &&
    isReady(a) === isReady(b) &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    isOver(a.status.phase) === isOver(b.status.phase) &&
    a.spec.nodeName === b.spec.nodeName &&
    a.spec.hostname === b.spec.hostname &&
    a.spec.subdomain === b.spec.subdomain
  )
}

/** A pod as an endpoint of a Service; undefined without an address of that type. upstream: podToEndpoint */
export function endpointOf(
  pod: Pod,
  service: Service,
  node: Node | undefined,
  type: AddressType,
): Endpoint | undefined {
  const address = addressOf(pod, type)
  if (address === undefined) return undefined
  const { name, namespace, uid, deletionTimestamp } = pod.metadata
  const serving = isReady(pod)
  const terminating = deletionTimestamp !== undefined
  const ready = Boolean(service.spec.publishNotReadyAddresses) || (serving && !terminating)
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone']
  const hasHostname = pod.spec.hostname && pod.spec.subdomain === service.metadata.name
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hasHostname && { hostname: pod.spec.hostname! }),
    targetRef: { kind: 'Pod', ...(namespace !== undefined && { namespace }), name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  }
}

function addressOf({ status }: Pod, type: AddressType): string | undefined {
  const all = status.podIPs?.length ? status.podIPs.map(({ ip }) => ip) : [status.podIP]
  return all.find((ip) => ip && ip.includes(':') === (type === 'IPv6'))
}

/** A Service's ports as numbers of one pod; a named port that the pod does not have is left out. upstream: getEndpointPorts */
export function portsOf(service: Service, pod: Pod): Ports {
  const ports = (service.spec.ports ?? []).flatMap((each) => {
    const { name = '', protocol = 'TCP', appProtocol } = each
    const port = numberOf(each, pod)
    return port === undefined ? [] : [{ name, protocol, port, ...(appProtocol !== undefined && { appProtocol }) }]
  })
  return ports as Ports
}

function numberOf(
  { targetPort, port, protocol = 'TCP' }: NonNullable<Service['spec']['ports']>[number],
  { spec }: Pod,
): number | undefined {
  const target = targetPort as unknown as number | string | undefined
  if (target === undefined || target === 0 || target === '') return port
  if (typeof target === 'number') return target
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const { ports } of [...spec.containers, ...sidecars])
    for (const each of ports ?? [])
      if (each.name === target && (each.protocol ?? 'TCP') === protocol) return each.containerPort
  return undefined
}

/** Ports as text: slices hold endpoints of equal ports only. */
export function keyOfPorts(ports: Ports | undefined): string {
  return (ports ?? [])
    .map(({ name, protocol, port, appProtocol }) => `${name}/${protocol}/${port}/${appProtocol ?? ''}`)
    .sort()
    .join(' ')
}
