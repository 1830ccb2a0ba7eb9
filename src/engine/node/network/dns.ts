import type { Service } from '../../api/index.ts'
import { endpointsOf, isProxied, sorted, type Endpoint, type Proxies } from '../proxy/index.ts'
import type { Resolution } from './network.ts'
import { outsideAddress } from './outside.ts'

/** What cluster DNS reads: Services and their slices, as far as it has heard of them. */
export type Zone = Pick<Proxies, 'services' | 'slices'>

const domain = 'cluster.local'
/** upstream: the kubelet writes `options ndots:5`: names with fewer dots are tried with the search path first */
const ndots = 5
const aliasesMax = 8

const absent: Resolution = Object.freeze({ error: 'NXDOMAIN' })

/** The names a resolver asks for, in order, when a process of a namespace looks a name up. */
export function candidates(name: string, namespace: string | undefined): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  if (namespace === undefined) return [name]
  const search = [`${namespace}.svc.${domain}`, `svc.${domain}`, domain].map((suffix) => `${name}.${suffix}`)
  const dots = name.split('.').length - 1
  return dots >= ndots ? [name, ...search] : [...search, name]
}

/** What a pod of a namespace is told about a name, once cluster DNS has heard its question. */
export function lookUp(zone: Zone, name: string, namespace: string | undefined): Resolution {
  if (isAddress(name)) return { addresses: [name], name }
  for (const candidate of candidates(name.toLowerCase(), namespace)) {
    const addresses = addressesOf(zone, candidate)
    if (addresses.length > 0) return { addresses, name: candidate }
  }
  return absent
}

/**
 * The addresses of a full name; empty where there are none.
 * upstream: coredns plugin/kubernetes, forward. differs: of the world outside only a few names exist (`outside.ts`)
 */
export function addressesOf(zone: Zone, fullName: string, aliases = 0): readonly string[] {
  if (aliases > aliasesMax) return []
  if (!fullName.endsWith(`.${domain}`)) return beyond(fullName)
  const parts = fullName.slice(0, -domain.length - 1).split('.')
  const kind = parts.pop()
  const namespace = parts.pop()
  const name = parts.pop()
  if (namespace === undefined || name === undefined) return []
  if (kind === 'pod') return parts.length === 0 ? podAddress(name) : []
  if (kind !== 'svc' || parts.length > 1) return []
  const service = zone.services.get(`${namespace}/${name}`)
  if (service === undefined) return []
  if (service.spec.type === 'ExternalName') return parts.length === 0 ? alias(zone, service, aliases) : []
  if (parts.length === 1) return endpointsNamed(zone, service, parts[0]!)
  return isProxied(service) ? [service.spec.clusterIP!] : readyAddresses(endpointsBehind(zone, service))
}

function beyond(fullName: string): readonly string[] {
  const address = outsideAddress(fullName)
  return address === undefined ? [] : [address]
}

function alias(zone: Zone, { spec }: Service, aliases: number): readonly string[] {
  const target = (spec.externalName ?? '').replace(/\.$/, '')
  return isAddress(target) ? [target] : addressesOf(zone, target, aliases + 1)
}

/** All endpoints of a Service, whatever their port. */
export function endpointsBehind(zone: Zone, { metadata }: Service): readonly Endpoint[] {
  const slices = sorted(zone.slices.by('service', `${metadata.namespace}/${metadata.name}`))
  const ports = new Set(slices.flatMap((slice) => (slice.ports ?? []).map(({ name }) => name ?? '')))
  if (ports.size > 0) return endpointsOf(slices, [...ports].sort()[0]!)
  // a headless Service may do without ports
  const portless = slices.map((slice) => ({ ...slice, ports: [{ name: '', port: 0 }] }))
  return endpointsOf(portless, '')
}

function readyAddresses(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.filter(({ isReady }) => isReady).map(({ address }) => address)
}

/** `web-0.web…` by hostname, or `10-244-1-5.web…` for endpoints without one. */
function endpointsNamed(zone: Zone, service: Service, label: string): readonly string[] {
  const named = endpointsBehind(zone, service).filter(
    ({ hostname, address }) => (hostname ?? address.replaceAll('.', '-')) === label,
  )
  return readyAddresses(named)
}

/** `10-244-1-5.default.pod…`: answered without looking whether such a pod exists, as `pods insecure` says. */
function podAddress(label: string): readonly string[] {
  const address = label.replaceAll('-', '.')
  return isAddress(address) ? [address] : []
}

/** Whether a text is an IPv4 address. */
export function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)
}
