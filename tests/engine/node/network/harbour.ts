import { createApi } from '../../../../src/engine/apiserver/api.ts'
import { createApiServer, type ApiServer } from '../../../../src/engine/apiserver/apiServer.ts'
import type { Api } from '../../../../src/engine/api/index.ts'
import { createEtcd } from '../../../../src/engine/etcd/store.ts'
import { kinds } from '../../../../src/engine/kinds/index.ts'
import { createNetwork, type ClusterNetwork, type ServedPort } from '../../../../src/engine/node/network/index.ts'
import {
  createSim,
  createWorld,
  freezeDeeply,
  recordsAfter,
  type Sim,
  type World,
} from '../../../../src/engine/sim/index.ts'

freezeDeeply(true)

/** What may be stored is not this test's matter. */
const lenient = kinds.map((kind) => ({ ...kind, validate: () => [], validateUpdate: () => [] }))

/** How one test process answers. */
export type Answers = Partial<ServedPort> & { readonly status?: number }

/** A cluster of wires only: API server, nodes, proxies. Pods are played by the test. */
export interface Harbour {
  readonly sim: Sim
  readonly api: Api
  readonly server: ApiServer
  readonly network: ClusterNetwork
  /** what processes answer, by container; the test changes it */
  readonly answers: Map<string, Answers>
  /** requests a second that the runtime was told of, by container */
  readonly rates: ReadonlyMap<string, number>
  /** A pod with an address, and a process on a port unless the port is 0. Returns the address. */
  readonly pod: (name: string, node: string, port?: number) => string
  readonly listen: (name: string, port: number) => void
  readonly records: (
    what: string,
  ) => readonly { readonly at: number; readonly detail: unknown; readonly actor: string }[]
}

/** Stands up `nodes` nodes named n1, n2, … and lets their proxies write their first rules. */
export function createHarbour(nodes = 2, world: World = createWorld(1)): Harbour {
  const isNew = world.slices.size === 0
  const sim = createSim(world)
  const server = createApiServer(sim, createEtcd(sim), lenient)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  if (isNew) for (const name of ['default', 'kube-system']) api.create(object('Namespace', name, {}))
  const network = createNetwork(sim, server)
  const answers = new Map<string, Answers>()
  const rates = new Map<string, number>()
  network.answeredBy({
    serviceOf(containerId) {
      const { status = 200, ...rest } = answers.get(containerId) ?? {}
      return { latencyMs: 0, cpuPerRequestMilli: 0, statusFor: () => status, ...rest }
    },
    setRate: (containerId, rps) => void rates.set(containerId, rps),
  })
  const addresses = new Map<string, { address: string; node: string }>()
  const listen = (name: string, port: number): void => {
    const { address, node } = addresses.get(name)!
    network.listen({ containerId: name, podUid: name, node, address, port, protocol: 'TCP' })
  }
  if (isNew)
    for (let index = 1; index <= nodes; index++)
      network.addNode({ name: `n${index}`, address: `192.168.10.${10 + index}` })
  if (isNew) sim.advanceTo(2000)
  return {
    sim,
    api,
    server,
    network,
    answers,
    rates,
    listen,
    pod(name, node, port = 8080) {
      const address = network.assignAddress(node, name, { name: `default/${name}` })
      addresses.set(name, { address, node })
      if (port > 0) listen(name, port)
      return address
    },
    records: (what) => [...recordsAfter(world.trace, 0)].filter((record) => record.what === what),
  }
}

/** A Service as it would be stored. */
export function service(name: string, clusterIP: string, spec: object = {}, namespace = 'default'): object {
  const ports = [{ name: '', port: 80, protocol: 'TCP', targetPort: 8080 }]
  const addressed = clusterIP === '' ? {} : { clusterIP, clusterIPs: [clusterIP] }
  return object('Service', name, { namespace, spec: { type: 'ClusterIP', ...addressed, ports, ...spec } })
}

/** An endpoint on its way in, in, or out. */
export interface EndpointInput {
  readonly address: string
  readonly node?: string
  readonly pod?: string
  readonly ready?: boolean
  readonly serving?: boolean
  readonly terminating?: boolean
  readonly hostname?: string
  readonly zones?: readonly string[]
}

/** An EndpointSlice of a Service. */
export function slice(
  serviceName: string,
  endpoints: readonly EndpointInput[],
  port = 8080,
  namespace = 'default',
): object {
  return {
    ...object('EndpointSlice', `${serviceName}-x`, {
      namespace,
      labels: { 'kubernetes.io/service-name': serviceName },
    }),
    apiVersion: 'discovery.k8s.io/v1',
    addressType: 'IPv4',
    ports: [{ name: '', port, protocol: 'TCP' }],
    endpoints: endpoints.map(
      ({ address, node, pod, hostname, zones, ready = true, serving = ready, terminating = false }) => ({
        addresses: [address],
        conditions: { ready, serving, terminating },
        ...(node !== undefined && { nodeName: node }),
        ...(hostname !== undefined && { hostname }),
        ...(pod !== undefined && { targetRef: { kind: 'Pod', namespace, name: pod } }),
        ...(zones !== undefined && { hints: { forZones: zones.map((zone) => ({ name: zone })) } }),
      }),
    ),
  }
}

function object(
  kind: string,
  name: string,
  { namespace, labels, ...rest }: { namespace?: string; labels?: object; spec?: object },
): object {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
    ...rest,
  }
}
