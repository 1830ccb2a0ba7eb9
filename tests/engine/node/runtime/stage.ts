import type { Pod } from '../../../../src/engine/api/index.ts'
import type { Connection, Listener, Network, Origin, Resolution } from '../../../../src/engine/node/network/network.ts'
import { createRuntime } from '../../../../src/engine/node/runtime/createRuntime.ts'
import type { NodeRuntime, RuntimeOptions } from '../../../../src/engine/node/runtime/nodeRuntime.ts'
import type { ContainerConfig, ExitEvent } from '../../../../src/engine/node/runtime/runtime.ts'
import { createSim, createWorld, type Sim, type TimerEvent, type World } from '../../../../src/engine/sim/index.ts'

/** A runtime on its own: a flat network, one node, and whatever was answered to `test`. */
export interface Stage {
  readonly world: World
  readonly sim: Sim
  readonly runtime: NodeRuntime
  readonly answers: TimerEvent[]
}

/** A network of one flat space with a few names. */
interface NetworkState {
  next: number
  addresses: Map<string, string>
  listeners: Map<string, Listener>
  names: Map<string, string>
}

/** Stands a runtime up over a world: a new one, or one that was copied. */
export function stage(world: World = createWorld(7), options: RuntimeOptions = {}): Stage {
  const sim = createSim(world)
  const runtime = createRuntime(sim, flatNetwork(sim), options)
  const { answers } = sim.slice('answers', (): { answers: TimerEvent[] } => ({ answers: [] }))
  sim.handle('test', (_, event) => void answers.push(event))
  return { world, sim, runtime, answers }
}

function flatNetwork(sim: Sim): Network {
  const state = sim.slice('flatNetwork', (): NetworkState => ({
    next: 2,
    addresses: new Map(),
    listeners: new Map(),
    names: new Map(),
  }))
  return {
    assignAddress(_, podUid) {
      const address = state.addresses.get(podUid) ?? `10.244.1.${state.next++}`
      state.addresses.set(podUid, address)
      state.names.set(`${podUid}.test`, address)
      return address
    },
    releaseAddress: (podUid) => void state.addresses.delete(podUid),
    listen(listener) {
      const key = `${listener.address}:${listener.port}`
      if (state.listeners.has(key)) return false
      state.listeners.set(key, Object.freeze(listener))
      return true
    },
    unlisten(_, containerId, port) {
      for (const [key, one] of state.listeners)
        if (one.containerId === containerId && (port === undefined || one.port === port)) state.listeners.delete(key)
    },
    listenerAt: (address, port) => state.listeners.get(`${address}:${port}`),
    connect(_: Origin, host: string, port: number): Connection {
      const address = state.names.get(host) ?? host
      if (!/^[\d.]+$/.test(address)) return { outcome: 'nxdomain' }
      const listener = state.listeners.get(`${address}:${port}`)
      if (listener) return { outcome: 'connected', listener }
      return { outcome: [...state.addresses.values()].includes(address) ? 'refused' : 'silent' }
    },
    resolve(_: Origin, name: string): Resolution {
      const address = state.names.get(name)
      return address === undefined ? { error: 'NXDOMAIN' } : { addresses: [address], name }
    },
  }
}

/** A pod with one container of that name. */
export function podOf(name: string, spec: object = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '' },
    spec: { containers: [{ name: 'main', image: '' }], ...spec },
    status: {},
  } as unknown as Pod
}

/** Starts a container of a pod of its own. Its id, or the error of creating or starting it. */
export function start(on: Stage, image: string, config: Partial<ContainerConfig> = {}): string {
  const pod = config.pod ?? podOf('web')
  on.runtime.runSandbox('node-1', pod, { to: 'test', token: 'sandbox' })
  const ip = (on.world.slices.get('flatNetwork') as NetworkState).addresses.get(pod.metadata.uid)!
  const made = on.runtime.createContainer({
    node: 'node-1',
    pod,
    podIP: ip,
    name: 'main',
    attempt: 0,
    image,
    env: [],
    mounts: [],
    limits: {},
    stdin: false,
    tty: false,
    ...config,
  })
  if ('error' in made) throw new Error(made.error)
  const error = on.runtime.startContainer(made.id, { to: 'test', token: made.id })
  if (error) throw new Error(error)
  return made.id
}

/** The text that a container wrote, of both streams. */
export function textOf(on: Stage, id: string): string {
  return on.runtime
    .logs(id)
    .map(({ text }) => `${text}\n`)
    .join('')
}

/** How a container ended, if it did. */
export function exitOf(on: Stage, id: string): ExitEvent | undefined {
  return on.answers.find((event) => event.type === 'process.exited' && event.id === id) as ExitEvent | undefined
}

/** Runs a script as a container's only command: what it wrote and how it ended. */
export function runScript(
  script: string,
  image = 'busybox:1.36',
  shell = 'sh',
  forMs = 60_000,
): { out: string; code: number | undefined; tookMs: number } {
  const on = stage()
  const id = start(on, image, { command: [shell, '-c', script] })
  let at = 0
  while (exitOf(on, id) === undefined && at < forMs && on.sim.nextAt() !== undefined && on.sim.nextAt()! <= forMs) {
    on.sim.step(forMs)
    at = on.sim.now()
  }
  return { out: textOf(on, id), code: exitOf(on, id)?.code, tookMs: on.sim.now() }
}
