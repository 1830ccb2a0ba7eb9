import type { Draft, Service } from '../../../api/index.ts'
import { isEqual } from '../../../api/index.ts'
import { needsClusterIP, needsHealthCheck, needsNodePort } from './facts.ts'

type Next = Draft<Service>

/** Keeps `clusterIP` and `clusterIPs` telling the same. */
// upstream: pkg/registry/core/service/storage/storage.go normalizeClusterIPs
export function normalizeAddresses({ spec }: Next, old: Service | undefined): void {
  if (old === undefined) {
    if (spec.clusterIP && spec.clusterIPs === undefined) spec.clusterIPs = [spec.clusterIP]
    return
  }
  const { clusterIP, clusterIPs } = old.spec
  if (clusterIP && !spec.clusterIP && isEqual(spec.clusterIPs, clusterIPs)) delete spec.clusterIPs
  if (spec.clusterIP === clusterIP) return
  if (!spec.clusterIP) return
  if (isEqual(spec.clusterIPs, clusterIPs) || spec.clusterIPs === undefined) spec.clusterIPs = [spec.clusterIP]
}

/** What the server once handed out stays, even when an update does not repeat it. */
// upstream: pkg/registry/core/service/strategy.go PatchAllocatedValues
export function carryOver({ spec }: Next, old: Service): void {
  const next = spec as Service['spec']
  if (needsClusterIP(old.spec) && needsClusterIP(next)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP
    if (spec.clusterIPs === undefined && spec.clusterIP === old.spec.clusterIP && old.spec.clusterIPs)
      spec.clusterIPs = [...old.spec.clusterIPs]
    if (spec.ipFamilies === undefined && old.spec.ipFamilies) spec.ipFamilies = [...old.spec.ipFamilies]
    if (spec.ipFamilyPolicy === undefined && old.spec.ipFamilyPolicy) spec.ipFamilyPolicy = old.spec.ipFamilyPolicy
  }
  if (needsNodePort(old.spec) && needsNodePort(next)) carryNodePorts(spec, old)
  if (needsHealthCheck(old.spec) && needsHealthCheck(next) && !spec.healthCheckNodePort && old.spec.healthCheckNodePort)
    spec.healthCheckNodePort = old.spec.healthCheckNodePort
}

/** Ports keep theirs by name, unless another port has taken it. */
function carryNodePorts(spec: Next['spec'], old: Service): void {
  const before = new Map((old.spec.ports ?? []).map(({ name = '', nodePort }) => [name, nodePort ?? 0]))
  const known = new Set(before.values())
  const taken = new Set(
    (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort && known.has(nodePort) ? [nodePort] : [])),
  )
  for (const port of spec.ports ?? []) {
    const own = before.get(port.name ?? '') ?? 0
    if (port.nodePort || own === 0 || taken.has(own)) continue
    port.nodePort = own
    taken.add(own)
  }
}

/** After a change of type, values that only made sense before are dropped if nobody touched them. */
// upstream: pkg/registry/core/service/strategy.go dropTypeDependentFields
export function dropWhatTheTypeLacks({ spec }: Next, old: Service): void {
  const next = spec as Service['spec']
  if (needsClusterIP(old.spec) && !needsClusterIP(next)) {
    if (isEqual(spec.clusterIPs ?? old.spec.clusterIPs, old.spec.clusterIPs)) {
      delete spec.clusterIP
      delete spec.clusterIPs
    }
    if (isEqual(spec.ipFamilies, old.spec.ipFamilies)) delete spec.ipFamilies
    if (spec.ipFamilyPolicy === old.spec.ipFamilyPolicy) delete spec.ipFamilyPolicy
  }
  if (needsNodePort(old.spec) && !needsNodePort(next) && hasNoNewNodePort(spec, old))
    for (const port of spec.ports ?? []) delete port.nodePort
  if (
    needsHealthCheck(old.spec) &&
    !needsHealthCheck(next) &&
    spec.healthCheckNodePort === old.spec.healthCheckNodePort
  )
    delete spec.healthCheckNodePort
  const lost = (field: 'allocateLoadBalancerNodePorts' | 'loadBalancerClass' | 'externalTrafficPolicy'): boolean =>
    spec[field] === old.spec[field]
  if (old.spec.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (lost('allocateLoadBalancerNodePorts')) delete spec.allocateLoadBalancerNodePorts
    if (lost('loadBalancerClass')) delete spec.loadBalancerClass
  }
  const wasExternal = old.spec.externalTrafficPolicy !== undefined
  const isOutside =
    spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.type === 'ClusterIP' && spec.externalIPs?.length)
  if (wasExternal && !isOutside && lost('externalTrafficPolicy')) delete spec.externalTrafficPolicy
}

/** All or none: one node port that is new keeps the others, and validation will say no. */
function hasNoNewNodePort({ ports }: Next['spec'], old: Service): boolean {
  const known = new Set((old.spec.ports ?? []).map(({ nodePort }) => nodePort))
  return (ports ?? []).every(({ nodePort }) => !nodePort || known.has(nodePort))
}
