import type { Endpoints, Pod, Service } from '../../api/index.ts'
import { portsOf } from '../endpointSlice/endpoints.ts'
import { isOver, isReady } from '../pods.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]
export type Address = NonNullable<Subset['addresses']>[number]
type Port = NonNullable<Subset['ports']>[number]

/** what one object holds at most */
export const addressesMax = 1000

interface Group {
  readonly ports: readonly Port[]
  readonly ready: Address[]
  readonly notReady: Address[]
}

/** The pods of a Service, those with equal ports together. upstream: endpoints_controller.go syncService, RepackSubsets */
export function subsetsOf(service: Service, pods: Iterable<Pod>): readonly Subset[] {
  const groups = new Map<string, Group>()
  const isLenient = Boolean(service.spec.publishNotReadyAddresses)
  for (const pod of pods) {
    if (!hasPlace(pod, isLenient)) continue
    const address = addressOf(pod, service)
    const ports = portsFor(service, pod)
    if (address === undefined || ports === undefined) continue
    const key = JSON.stringify(ports)
    let group = groups.get(key)
    if (group === undefined) groups.set(key, (group = { ports, ready: [], notReady: [] }))
    if (isLenient || isReady(pod)) group.ready.push(address)
    else group.notReady.push(address)
  }
  // differs: upstream orders subsets and ports by a hash of theirs; here the ports' text decides
  return [...groups.keys()].sort().map((key) => subsetFrom(groups.get(key)!))
}

/** upstream: ShouldPodBeInEndpoints: terminating pods only where unready ones are welcome, too */
function hasPlace({ metadata, status }: Pod, isLenient: boolean): boolean {
  if (isOver(status.phase) || !(status.podIP || status.podIPs?.length)) return false
  return isLenient || metadata.deletionTimestamp === undefined
}

function addressOf({ metadata, spec, status }: Pod, service: Service): Address | undefined {
  const family = service.spec.ipFamilies?.[0] ?? (service.spec.clusterIP?.includes(':') ? 'IPv6' : 'IPv4')
  const all = status.podIPs?.length ? status.podIPs.map(({ ip }) => ip) : [status.podIP]
  const ip = all.find((each) => each !== undefined && each.includes(':') === (family === 'IPv6'))
  if (!ip) return undefined
  const { name, namespace, uid } = metadata
  const hasHostname = spec.hostname && spec.subdomain === service.metadata.name
  return {
    ip,
    ...(hasHostname && { hostname: spec.hostname! }),
    ...(spec.nodeName && { nodeName: spec.nodeName }),
    targetRef: { kind: 'Pod', ...(namespace !== undefined && { namespace }), name, uid },
  }
}

/** A headless Service may have no ports at all; a pod that has none of the named ports is left out. */
function portsFor(service: Service, pod: Pod): readonly Port[] | undefined {
  if (!service.spec.ports?.length) return service.spec.clusterIP === 'None' ? [] : undefined
  const ports = portsOf(service, pod).map(({ name, port, protocol, appProtocol }) => ({
    ...(name && { name }),
    port: port!,
    protocol: protocol!,
    ...(appProtocol !== undefined && { appProtocol }),
  }))
  return ports.length === 0 ? undefined : ports.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
}

function subsetFrom({ ports, ready, notReady }: Group): Subset {
  return {
    ...(ready.length > 0 && { addresses: ready.sort(byAddress) }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady.sort(byAddress) }),
    ...(ports.length > 0 && { ports: [...ports] }),
  }
}

/** upstream: addrsByIPAndUID: as texts, not as numbers */
function byAddress(a: Address, b: Address): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1
}

/** At most a thousand addresses, ready ones first; says whether any were left out. upstream: truncateEndpoints */
export function truncated(subsets: readonly Subset[]): {
  readonly subsets: readonly Subset[]
  readonly isOver: boolean
} {
  let ready = 0
  let all = 0
  for (const { addresses, notReadyAddresses } of subsets) {
    ready += addresses?.length ?? 0
    all += (addresses?.length ?? 0) + (notReadyAddresses?.length ?? 0)
  }
  if (all <= addressesMax) return { subsets, isOver: false }
  const readyMax = Math.min(ready, addressesMax)
  const restMax = addressesMax - readyMax
  const cut = subsets.map(({ addresses = [], notReadyAddresses = [], ports }) => ({
    addresses: addresses.slice(0, share(addresses.length, ready, readyMax)),
    notReadyAddresses: notReadyAddresses.slice(0, share(notReadyAddresses.length, all - ready, restMax)),
    ports,
  }))
  const kept = cut.filter(({ addresses, notReadyAddresses }) => addresses.length + notReadyAddresses.length > 0)
  return {
    subsets: kept.map(({ addresses, notReadyAddresses, ports }) => ({
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports && { ports }),
    })),
    isOver: true,
  }
}

const share = (count: number, total: number, most: number): number =>
  total === 0 ? 0 : Math.floor((count * most) / total)
