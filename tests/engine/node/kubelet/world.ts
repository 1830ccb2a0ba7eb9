import type { Api, Event, Pod } from '../../../../src/engine/api/index.ts'
import { createApi } from '../../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../../src/engine/apiserver/apiServer.ts'
import { createClient, createProcess, type Client } from '../../../../src/engine/client/index.ts'
import { createEtcd } from '../../../../src/engine/etcd/store.ts'
import { kinds } from '../../../../src/engine/kinds/index.ts'
import { createNodes, type Nodes, type NodeSpec } from '../../../../src/engine/node/index.ts'
import type { Reply, Runtime } from '../../../../src/engine/node/runtime/runtime.ts'
import { createSim, createWorld, type Sim, type World } from '../../../../src/engine/sim/index.ts'

/** A small cluster: API server, a node, and a runtime whose containers run until they are stopped. */
export interface SmallWorld {
  readonly sim: Sim
  readonly api: Api
  readonly nodes: Nodes
  readonly client: Client
  /** everything the runtime was asked to do, in order */
  readonly asked: string[]
  readonly run: (seconds: number) => void
  readonly pod: (name: string) => Pod | undefined
  /** reasons of a pod's events, in order */
  readonly reasons: (name: string) => readonly string[]
  /** Ends a container of a pod. */
  readonly exit: (pod: string, container: string, code: number) => void
}

interface RuntimeState {
  count: number
  containers: Map<string, { pod: string; name: string; reply: Reply | undefined; isRunning: boolean }>
}

/** Stands up a world, or continues a saved one: all its state is data. */
export function smallWorld(world: World = createWorld(5), spec: Partial<NodeSpec> = {}): SmallWorld {
  const sim = createSim(world)
  const isNew = world.slices.size === 0
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  const asked: string[] = []
  const state = sim.slice<RuntimeState>('testRuntime', () => ({ count: 0, containers: new Map() }))
  if (isNew) {
    for (const name of ['default', 'kube-node-lease'])
      api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, { namespace: 'default' })
    api.create(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'x' } },
      { namespace: 'default' },
    )
  }
  const nodes = createNodes(sim, server, obedient(sim, state, asked))
  if (isNew) nodes.add({ name: 'node-1', isBooted: true, ...spec })
  const end = (id: string, code: number): void => {
    const container = state.containers.get(id)!
    if (!container.isRunning || container.reply === undefined) return
    container.isRunning = false
    const reason = code === 0 ? 'Completed' : 'Error'
    sim.schedule(0, container.reply.to, { type: 'process.exited', token: container.reply.token, id, code, reason })
  }
  return {
    sim,
    api,
    nodes,
    client: createClient(createProcess(sim, server, 'test')),
    asked,
    run: (seconds) => sim.advanceTo(sim.now() + seconds * 1000),
    pod: (name) => api.find<Pod>('pods', name, { namespace: 'default' }),
    reasons: (name) =>
      api
        .list<Event>('events', { namespace: 'default' })
        .filter((event) => event.involvedObject.name === name)
        .map(({ reason }) => reason ?? ''),
    exit(pod, name, code) {
      for (const [id, one] of state.containers) if (one.pod === pod && one.name === name) end(id, code)
    },
  }
}

function obedient(sim: Sim, state: RuntimeState, asked: string[]): Runtime {
  return {
    images: {
      has: () => true,
      describe: (_node, image) => ({
        reference: `docker.io/library/${image}`,
        digest: `docker.io/library/${image}@sha256:0`,
        sizeBytes: 1,
      }),
      pull: () => undefined,
      parseError: () => undefined,
    },
    runSandbox: (_node, pod, { to, token }) =>
      void sim.schedule(5, to, {
        type: 'sandbox.ready',
        token,
        ip: `10.244.1.${++state.count}`,
        pod: pod.metadata.name,
      }),
    removeSandbox: () => void asked.push('removeSandbox'),
    createContainer({ pod, name }) {
      const id = `c${++state.count}`
      state.containers.set(id, { pod: pod.metadata.name, name, reply: undefined, isRunning: false })
      return { id }
    },
    startContainer(id, reply) {
      const container = state.containers.get(id)!
      container.reply = reply
      container.isRunning = true
      asked.push(`start ${container.pod}/${container.name}`)
      return undefined
    },
    stopContainer(id, graceMs) {
      const container = state.containers.get(id)!
      asked.push(`stop ${container.pod}/${container.name} ${graceMs}`)
      if (!container.isRunning) return
      container.isRunning = false
      const { to, token } = container.reply!
      sim.schedule(100, to, { type: 'process.exited', token, id, code: 0, reason: 'Completed' })
    },
    removeContainer: (id) => void state.containers.delete(id),
    exec: (_id, _command, { to, token }) =>
      void sim.schedule(1, to, { type: 'exec.done', token, code: 0, stdout: '', stderr: '' }),
    probe: (_node, _target, { to, token }) =>
      void sim.schedule(1, to, { type: 'probe.answered', token, result: { kind: 'http', status: 200, body: '' } }),
    logs: () => [],
    terminationMessage: () => undefined,
    usage: () => ({ cpuMilli: 0, memoryBytes: 0 }),
    powerOff() {
      for (const container of state.containers.values()) container.isRunning = false
    },
  }
}

/** A pod on the node, with one container `main`. */
export function podOn(name: string, spec: object = {}, container: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'nginx:1.27', ...container }], ...spec },
  }
}
