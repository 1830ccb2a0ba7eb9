import {
  invalidValue,
  ipToNumber,
  numberToIp,
  ipFamily,
  type Draft,
  type FieldError,
  type Service,
} from '../../../api/index.ts'
import type { StrategyContext } from '../../defineKind.ts'
import { isHeadless, needsHealthCheck, needsNodePort } from './facts.ts'
import { settleFamilies } from './families.ts'

// upstream: pkg/registry/core/service/{ipallocator,portallocator,storage/alloc.go}

const range = { first: ipToNumber('10.96.0.0'), size: 65_536 } // upstream: --service-cluster-ip-range 10.96.0.0/16
const staticAddresses = 256 // the lower band is kept for addresses chosen by hand: size/16, between 16 and 256
const nodePorts = { first: 30_000, last: 32_767 }
const staticPorts = 86
const triesMax = 64

/** Hands out addresses and ports, or says why not; the first complaint ends it. */
export function allocate(
  draft: Draft<Service>,
  old: Service | undefined,
  context: StrategyContext,
): readonly FieldError[] {
  const spec = draft.spec
  const families = settleFamilies(draft, old)
  if (families.length > 0) return families
  const keepsAddress = old !== undefined && old.spec.clusterIP === spec.clusterIP && spec.clusterIP
  const keepsPorts = old !== undefined && samePorts(draft, old)
  const needsAddress = spec.type !== 'ExternalName' && !isHeadless(spec as Service['spec']) && !keepsAddress
  if (!needsAddress && (keepsPorts || !needsPorts(draft))) return []
  const taken = takenBy(context.list<Service>('Service'), draft)
  const errors = needsAddress && !(old && old.spec.type !== 'ExternalName') ? takeAddress(draft, taken, context) : []
  if (errors.length > 0) return errors
  return takePorts(draft, taken, context)
}

function needsPorts({ spec }: Draft<Service>): boolean {
  return (
    needsNodePort(spec as Service['spec']) ||
    needsHealthCheck(spec as Service['spec']) ||
    (spec.ports ?? []).some(({ nodePort }) => nodePort)
  )
}

function samePorts({ spec }: Draft<Service>, old: Service): boolean {
  const text = (one: { ports?: { protocol?: string; nodePort?: number }[] }): string =>
    (one.ports ?? []).map(({ protocol, nodePort }) => `${protocol}/${nodePort ?? 0}`).join()
  return (
    text(spec) === text(old.spec as { ports?: { protocol?: string; nodePort?: number }[] }) &&
    spec.healthCheckNodePort === old.spec.healthCheckNodePort &&
    old.spec.type === spec.type
  )
}

interface Taken {
  readonly addresses: ReadonlySet<string>
  /** `TCP/30080` */
  readonly ports: Set<string>
}

function takenBy(services: readonly Service[], { metadata }: Draft<Service>): Taken {
  const addresses = new Set<string>()
  const ports = new Set<string>()
  for (const { metadata: other, spec } of services) {
    if (other.name === metadata.name && other.namespace === metadata.namespace) continue
    for (const address of spec.clusterIPs ?? []) addresses.add(address)
    for (const { protocol, nodePort } of spec.ports ?? []) if (nodePort) ports.add(`${protocol}/${nodePort}`)
    if (spec.healthCheckNodePort) ports.add(`TCP/${spec.healthCheckNodePort}`)
  }
  return { addresses, ports }
}

function takeAddress({ spec }: Draft<Service>, taken: Taken, context: StrategyContext): readonly FieldError[] {
  const asked = spec.clusterIPs?.[0]
  if (asked) {
    const why = refusalOf(asked, taken)
    return why === undefined
      ? []
      : [invalidValue('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${why}`)]
  }
  const address = freeAddress(taken, context)
  if (address === undefined)
    return [invalidValue('spec.clusterIPs', spec.clusterIPs ?? null, 'failed to allocate a serviceIP: range is full')]
  spec.clusterIP = address
  spec.clusterIPs = [address]
  return []
}

function refusalOf(address: string, { addresses }: Taken): string | undefined {
  const place = ipFamily(address) === 'IPv4' ? ipToNumber(address) - range.first : -1
  if (place <= 0 || place >= range.size - 1) return 'the provided network does not match the current range'
  return addresses.has(address) ? 'provided IP is already allocated' : undefined
}

function freeAddress({ addresses }: Taken, { int }: StrategyContext): string | undefined {
  const at = (place: number): string => numberToIp(range.first + place)
  const upper = range.size - 1 - staticAddresses
  for (let tries = 0; tries < triesMax; tries++) {
    const address = at(staticAddresses + int(upper))
    if (!addresses.has(address)) return address
  }
  for (let place = staticAddresses; place < range.size - 1; place++) if (!addresses.has(at(place))) return at(place)
  for (let place = 1; place < staticAddresses; place++) if (!addresses.has(at(place))) return at(place)
  return undefined
}

function takePorts(draft: Draft<Service>, taken: Taken, context: StrategyContext): readonly FieldError[] {
  const { spec } = draft
  if (!needsNodePort(spec as Service['spec']) && spec.type !== 'LoadBalancer') return []
  const own = new Set<string>()
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (!port.nodePort) continue
    const path = `spec.ports[${index}].nodePort`
    if (port.nodePort < nodePorts.first || port.nodePort > nodePorts.last)
      return [invalidValue(path, port.nodePort, outOfRange)]
    const key = `${port.protocol}/${port.nodePort}`
    if (taken.ports.has(key) || own.has(key))
      return [invalidValue(path, port.nodePort, 'provided port is already allocated')]
    own.add(key)
  }
  for (const key of own) taken.ports.add(key)
  if (needsNodePort(spec as Service['spec']))
    for (const port of spec.ports ?? []) port.nodePort ||= freePort(port.protocol ?? 'TCP', taken, context)
  if (needsHealthCheck(spec as Service['spec'])) {
    const asked = spec.healthCheckNodePort
    if (asked && taken.ports.has(`TCP/${asked}`))
      return [
        invalidValue(
          'spec.healthCheckNodePort',
          asked,
          'failed to allocate requested HealthCheck NodePort: provided port is already allocated',
        ),
      ]
    spec.healthCheckNodePort ||= freePort('TCP', taken, context)
  }
  return []
}

const outOfRange = `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`

function freePort(protocol: string, { ports }: Taken, { int }: StrategyContext): number {
  const isFree = (port: number): boolean => !ports.has(`${protocol}/${port}`)
  const low = nodePorts.first + staticPorts
  let port = low + int(nodePorts.last - low + 1)
  for (let tries = 0; !isFree(port) && tries < triesMax; tries++) port = low + int(nodePorts.last - low + 1)
  for (let next = nodePorts.first; !isFree(port) && next <= nodePorts.last; next++) port = next
  ports.add(`${protocol}/${port}`)
  return port
}
