import { ApiError, controllerOf, type ApiDoor, type KubeObject, type Node, type Pod } from '../../api/index.ts'
import { hash32, must, type Sim } from '../../sim/index.ts'
import { createProxies, type Endpoint, type PortRule, type ProxyView } from '../proxy/index.ts'
import { deliver, endOf, routeOf, type Route, type Wires } from './dial.ts'
import { isAddress, lookUp } from './dns.ts'
import type { Connection, Listener, Network, Origin, Resolution, ServedPort } from './network.ts'
import { beyondContainers, outsideAddress } from './outside.ts'
import {
  addStation,
  berthNamed,
  clearStation,
  closePorts,
  listenerAt,
  openPort,
  rangeOfCidr,
  rangeOfIndex,
  registryOf,
  releaseBerth,
  removeStation,
  takeBerth,
} from './registry.ts'
import { createTraffic, statusOf, type Traffic } from './traffic.ts'
import { parseTarget } from './url.ts'

/** The sandbox's error once a node's range is used up. upstream: containernetworking/plugins host-local */
export function noAddressLeft(range: string): string {
  return `failed to allocate for range 0: no IP addresses available in range set: ${range}.1-${range}.254`
}

/** A machine that joins the network. */
export interface NetworkNode {
  readonly name: string
  readonly address: string
  readonly zone?: string
}

/** The network with the handles of those who run the cluster; the runtime only knows `Network`. */
export interface ClusterNetwork extends Network {
  readonly addNode: (node: NetworkNode) => void
  readonly removeNode: (node: string) => void
  /** Without power all pods, processes and rules of a node are gone. */
  readonly setPower: (node: string, hasPower: boolean) => void
  /** A cut node reaches only itself. */
  readonly setConnected: (node: string, isConnected: boolean) => void
  /** Stops or starts kube-proxy on a node; the rules it wrote stay. */
  readonly setProxy: (node: string, isRunning: boolean) => void
  readonly proxy: (node: string) => ProxyView | undefined
  /** Says who knows how a container's process answers. Until then nobody answers any HTTP request. */
  readonly answeredBy: (runtime: Answering) => void
  readonly traffic: Traffic
  /**
   * One request made now and not recorded: `ok`, `refused`, `timeout`, `nxdomain`, `http-404`, …, or `invalid-url`. From a pod
   * (`namespace/name`, or a name in `default`), a node, or `quay`, the world outside; `unknown-origin` while there is none of them.
   */
  readonly reach: (from: string, url: string) => string
  /** The workload that answers such a request (its topmost owner's name, or the pod's); undefined when nobody does. */
  readonly served: (from: string, url: string) => string | undefined
}

/** What the network asks of the runtime and tells it. */
export interface Answering {
  readonly serviceOf: (containerId: string, port: number) => ServedPort | undefined
  /** How many requests a second a container begins; a runtime that shows them in its usage has this. */
  readonly setRate?: (containerId: string, rps: number) => void
}

interface Affinity {
  readonly address: string
  readonly until: number
}

/** Makes a cluster's network. Its state is in the slices `network`, `network-affinity`, `kube-proxy` and `traffic`. */
export function createNetwork(sim: Sim, server: ApiDoor): ClusterNetwork {
  const registry = registryOf(sim)
  const affinities = sim.slice('network-affinity', () => new Map<string, Affinity>())
  const proxies = createProxies(sim, server)
  const wires: Wires = { registry, proxies, isApiServerUp: () => server.state.isRunning }
  let runtime: Answering = { serviceOf: () => undefined }
  const serviceOf: Answering['serviceOf'] = (containerId, port) =>
    beyondContainers(containerId) ?? runtime.serviceOf(containerId, port)

  const traffic = createTraffic(sim, {
    wires,
    serviceOf,
    setRate: (containerId, rps) => runtime.setRate?.(containerId, rps),
    originOf,
    resolve: (from, name) => (from.node === undefined ? publicName(name) : resolve(from, name)),
    pick: (below) => sim.int('network', below),
  })
  proxies.onSync(traffic.touch)
  proxies.onChange(traffic.touch)

  function rangeOf(node: string): string {
    const cidr = find<Node>('Node', node)?.spec.podCIDR
    if (cidr !== undefined) return rangeOfCidr(cidr)
    let { index } = must(registry.stations.get(node), `the network has no node ${node}`)
    while (registry.ranges.has(rangeOfIndex(index))) index++
    return rangeOfIndex(index)
  }

  /** A read past the caches; nothing while there is no API server. */
  function find<T extends KubeObject>(kind: string, name: string, namespace?: string): T | undefined {
    try {
      return proxies.client.find<T>(kind, name, namespace)
    } catch (error) {
      if (error instanceof ApiError) return undefined
      throw error
    }
  }

  function resolve(from: Origin, name: string): Resolution {
    if (isAddress(name)) return { addresses: [name], name }
    if (name === 'localhost' || name === 'localhost.') return { addresses: ['127.0.0.1'], name: 'localhost' }
    const station = from.namespace === undefined ? registry.stations.get(name) : undefined
    if (station !== undefined) return { addresses: [station.address], name }
    if (from.namespace === undefined) return nodesResolver(name)
    if (!hasDns(from)) return { error: 'timeout' }
    return lookUp(proxies, name, from.namespace)
  }

  /** Nodes, and pods that use their node's resolver, do not ask cluster DNS. */
  function nodesResolver(name: string): Resolution {
    const address = outsideAddress(name.toLowerCase().replace(/\.$/, ''))
    return address === undefined ? { error: 'NXDOMAIN' } : { addresses: [address], name }
  }

  /** Whether some server of cluster DNS answers where a pod's packets to it end. */
  function hasDns(from: Origin): boolean {
    const address = proxies.services.get('kube-system/kube-dns')?.spec.clusterIP
    if (address === undefined) return false
    return (['UDP', 'TCP'] as const).some((protocol) => {
      const route = routeOf(wires, from, address, 53, protocol)
      if (route.kind !== 'spread') return false
      return route.endpoints.some(
        (one) => deliver(wires, route.node, one.address, one.port, protocol).outcome === 'connected',
      )
    })
  }

  /** What users outside know a Service by: they are told its address and do not ask cluster DNS. */
  function publicName(name: string): Resolution {
    const station = registry.stations.get(name)
    return station === undefined ? lookUp(proxies, name, 'default') : { addresses: [station.address], name }
  }

  function dial(from: Origin, host: string, port: number, protocol: string, pick: Pick): Connection {
    const found = resolve(from, host)
    if ('error' in found) return { outcome: 'nxdomain' }
    const address = found.addresses[pick(found.addresses.length)]!
    const route = routeOf(wires, from, address, port, protocol)
    return endOf(wires, route, port, protocol, (endpoints, rule) => choose(from, route, rule, endpoints, pick))
  }

  /** Session affinity is kept per client by the node whose rule decides. */
  function choose(from: Origin, route: Route, rule: PortRule, endpoints: readonly Endpoint[], pick: Pick): Endpoint {
    if (rule.affinityMs === 0 || route.kind !== 'spread') return endpoints[pick(endpoints.length)]!
    const key = `${route.node}|${from.podUid ?? from.node ?? ''}|${rule.service}:${rule.portName}`
    const known = affinities.get(key)
    const same =
      known !== undefined && known.until >= sim.now()
        ? endpoints.find(({ address }) => address === known.address)
        : undefined
    const chosen = same ?? endpoints[pick(endpoints.length)]!
    if (pick !== guess)
      affinities.set(key, Object.freeze({ address: chosen.address, until: sim.now() + rule.affinityMs }))
    return chosen
  }

  const draw: Pick = (below) => (below > 1 ? sim.int('network', below) : 0)
  /** for requests that must leave no mark: as even, but not from the seeded streams */
  const guess: Pick = (below) => hash32(`${sim.now()}`) % below

  /** A pod by `namespace/name` (or a name in `default`), a node by its name, or the world outside. */
  function originOf(from: string): Origin | undefined {
    if (outside.has(from)) return {}
    if (registry.stations.has(from)) return { node: from }
    const [namespace, name] = from.includes('/') ? (from.split('/') as [string, string]) : ['default', from]
    const berth = berthNamed(registry, `${namespace}/${name}`)
    if (berth !== undefined)
      return { node: berth.node, podUid: berth.podUid, ...(!berth.isHostNetwork && { namespace }) }
    const pod = find<Pod>('Pod', name, namespace)
    if (pod?.spec.nodeName === undefined || !registry.berths.has(pod.metadata.uid)) return undefined
    const isClusterDns = pod.spec.dnsPolicy !== 'Default' && pod.spec.hostNetwork !== true
    return { node: pod.spec.nodeName, podUid: pod.metadata.uid, ...(isClusterDns && { namespace }) }
  }

  function attempt(from: string, url: string): { readonly outcome: string; readonly connection?: Connection } {
    const target = parseTarget(url)
    if (target === undefined) return { outcome: 'invalid-url' }
    const origin = originOf(from)
    if (origin === undefined) return { outcome: 'unknown-origin' }
    const connection = dial(origin, target.host, target.port, 'TCP', guess)
    if (connection.outcome === 'silent') return { outcome: 'timeout' }
    if (connection.outcome !== 'connected') return { outcome: connection.outcome }
    const { containerId, port } = connection.listener
    const status = statusOf(serviceOf(containerId, port), target)
    if (status === undefined) return { outcome: 'timeout' }
    return { outcome: status < 400 ? 'ok' : `http-${status}`, connection }
  }

  function workloadOf(podUid: string): string | undefined {
    const name = registry.berths.get(podUid)?.name
    if (name === undefined) return undefined
    const [namespace, podName] = name.split('/') as [string, string]
    let top: KubeObject | undefined = find<Pod>('Pod', podName, namespace)
    for (let owner = top && controllerOf(top); owner !== undefined; owner = top && controllerOf(top)) {
      const above: KubeObject | undefined = isKnown(owner.kind) ? find(owner.kind, owner.name, namespace) : undefined
      if (above === undefined) return owner.name
      top = above
    }
    return top?.metadata.name ?? podName
  }

  function touchListener({ address, hostPort }: Listener): void {
    if (hostPort === undefined) traffic.touchAt(address)
    else traffic.touch()
  }

  const isKnown = (kind: string): boolean => server.registry.findByKind(kind) !== undefined

  return {
    traffic,
    assignAddress(node, podUid, pod = {}) {
      const known = registry.berths.get(podUid)
      if (known !== undefined) return known.address
      const address = takeBerth(registry, node, podUid, pod, rangeOf)
      traffic.touchAt(address)
      return address
    },
    releaseAddress(podUid) {
      const berth = releaseBerth(registry, podUid)
      if (berth !== undefined) traffic.touchAt(berth.address)
    },
    listen(listener) {
      if (!openPort(registry, listener)) return false
      touchListener(listener)
      return true
    },
    unlisten(podUid, containerId, port) {
      for (const listener of closePorts(registry, podUid, containerId, port)) touchListener(listener)
      if (port === undefined) traffic.processGone(containerId)
    },
    listenerAt: (address, port, protocol) => listenerAt(registry, address, port, protocol),
    answersChanged: traffic.touch,
    loadOf: traffic.loadOf,
    connect: (from, host, port, protocol = 'TCP') => dial(from, host, port, protocol, draw),
    resolve,
    addNode({ name, address, zone }) {
      if (registry.stations.has(name)) return
      addStation(registry, name, address)
      proxies.add(name, zone)
      traffic.touch()
    },
    removeNode(node) {
      if (!registry.stations.has(node)) return
      for (const container of clearStation(registry, node)) traffic.processGone(container)
      removeStation(registry, node)
      proxies.remove(node)
      traffic.touch()
    },
    setPower(node, hasPower) {
      const station = registry.stations.get(node)
      if (station === undefined || station.hasPower === hasPower) return
      station.hasPower = hasPower
      if (!hasPower) for (const container of clearStation(registry, node)) traffic.processGone(container)
      proxies.setPower(node, hasPower)
      traffic.touch()
    },
    setConnected(node, isConnected) {
      const station = registry.stations.get(node)
      if (station === undefined || station.isConnected === isConnected) return
      station.isConnected = isConnected
      proxies.setConnected(node, isConnected)
      traffic.touch()
    },
    setProxy: (node, isRunning) => {
      if (registry.stations.has(node)) proxies.setRunning(node, isRunning)
    },
    proxy: proxies.view,
    answeredBy(answering) {
      runtime = answering
    },
    reach: (from, url) => attempt(from, url).outcome,
    served(from, url) {
      const { connection } = attempt(from, url)
      return connection?.outcome === 'connected' ? workloadOf(connection.listener.podUid) : undefined
    },
  }
}

/** What lessons call the world outside. */
const outside: ReadonlySet<string> = new Set(['', 'quay', 'users'])

/** A number below another one. */
type Pick = (below: number) => number
