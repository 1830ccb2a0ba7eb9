import type { Endpoint, PortRule } from './portRule.ts'

/** The node whose rules are read. */
export interface Place {
  readonly node: string
  readonly zone?: string | undefined
}

/** Among which endpoints a node spreads connections; what happens to them where there are none. */
export interface Choice {
  readonly endpoints: readonly Endpoint[]
  readonly otherwise: 'refused' | 'silent'
}

/**
 * The endpoints a node uses for one port. `internal` traffic comes from the cluster to the Service's own address, `external` traffic
 * from outside to a node port or load balancer address.
 * upstream: pkg/proxy/topology.go CategorizeEndpoints; the iptables proxier rejects without endpoints and drops without local ones
 */
export function endpointsFor(rule: PortRule, place: Place, way: 'internal' | 'external'): Choice {
  const isLocal = (way === 'internal' ? rule.internalTrafficPolicy : rule.externalTrafficPolicy) === 'Local'
  const { endpoints } = rule
  if (!isLocal) return sameEverywhere(rule) ?? { endpoints: clusterWide(endpoints, place), otherwise: 'refused' }
  const local = usable(endpoints.filter(({ node }) => node === place.node))
  return { endpoints: local, otherwise: usable(endpoints).length > 0 ? 'silent' : 'refused' }
}

const choices = new WeakMap<PortRule, Choice>()

/** Without hints all nodes choose alike: reckoned once per rule, and the same object for all of them. */
function sameEverywhere(rule: PortRule): Choice | undefined {
  const known = choices.get(rule)
  if (known !== undefined) return known
  if (rule.endpoints.some(({ zones, nodes }) => zones !== undefined || nodes !== undefined)) return undefined
  const choice = Object.freeze({ endpoints: clusterWide(rule.endpoints, nowhere), otherwise: 'refused' as const })
  choices.set(rule, choice)
  return choice
}

const nowhere: Place = Object.freeze({ node: '' })

function clusterWide(endpoints: readonly Endpoint[], place: Place): readonly Endpoint[] {
  const ready = endpoints.every(({ isReady }) => isReady) ? endpoints : endpoints.filter(({ isReady }) => isReady)
  return ready.length > 0 ? hinted(ready, place) : lastResort(endpoints)
}

function usable(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const ready = endpoints.filter(({ isReady }) => isReady)
  return ready.length > 0 ? ready : lastResort(endpoints)
}

/** Endpoints on their way out that still answer are better than none. */
function lastResort(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return endpoints.filter(({ isServing, isTerminating }) => isServing && isTerminating)
}

/** Hints count only when every ready endpoint has one and one of them is for this node, or else this zone. */
function hinted(ready: readonly Endpoint[], { node, zone }: Place): readonly Endpoint[] {
  if (ready.every(({ nodes }) => nodes !== undefined && nodes.length > 0)) {
    const here = ready.filter(({ nodes }) => nodes!.includes(node))
    if (here.length > 0) return here
  }
  if (zone === undefined || !ready.every(({ zones }) => zones !== undefined && zones.length > 0)) return ready
  const here = ready.filter(({ zones }) => zones!.includes(zone))
  return here.length > 0 ? here : ready
}
