import { hash32, type Sim, type TimerEvent } from '../../sim/index.ts'
import type { Network } from '../network/network.ts'
import { kubeletOn, podRef } from '../traceNames.ts'
import { addressOf, proceed, type Containers } from './containers.ts'
import type { Execs } from './execs.ts'
import type { Catalogue } from './images/catalogue.ts'
import { parseReference } from './images/reference.ts'
import { wake } from './kernel/kernel.ts'
import { signal, startProcess } from './kernel/processes.ts'
import { filesChanged, rouse } from './kernel/waits.ts'
import { argvOf, programFor, standardDescriptors } from './launch.ts'
import type { NodeRuntime } from './nodeRuntime.ts'
import type { ContainerConfig, ExitEvent, Reply } from './runtime.ts'
import { createContainerState, type ContainerState, type RuntimeState } from './runtimeState.ts'
import { specOf } from './surroundings.ts'
import { processAt } from './kernel/kernelState.ts'

/** The lives of containers, from the kubelet's first word to their removal. */
export interface ContainerLives extends Pick<
  NodeRuntime,
  'createContainer' | 'startContainer' | 'stopContainer' | 'updateContainer' | 'removeContainer'
> {
  /** A timer of a running container fired. */
  readonly react: (id: string, event: TimerEvent) => void
  /** Ends everything in a running container and tells who waits, unless that is to be silent. */
  readonly finish: (found: ContainerState, code: number, isSilent?: boolean) => void
}

/** Creates, starts, stops and removes containers, and minds their timers. */
export function createContainerLives(
  sim: Sim,
  network: Network,
  state: RuntimeState,
  catalogue: Catalogue,
  containers: Containers,
  execs: Execs,
): ContainerLives {
  function createContainer(config: ContainerConfig): { id: string } | { error: string } {
    const reference = parseReference(config.image)
    if (typeof reference === 'string') return { error: `failed to resolve image "${config.image}": ${reference}` }
    const build = catalogue.build(reference)
    const id = containerId(config, state.nextId++, build.digest)
    if (build.image.isOpen !== true && argvOf(config, build).length === 0)
      return { error: `failed to generate container "${id}" spec: failed to generate spec: no command specified` }
    state.containers.set(id, createContainerState(id, Object.freeze(config)))
    return { id }
  }

  function startContainer(id: string, reply: Reply): string | undefined {
    const container = containers.get(id)
    if (!container) return `container "${id}" not found`
    const { state: found, build, kernel } = container
    const { config } = found
    const argv = argvOf(config, build)
    const cwd = config.workingDir || build.image.workingDir || '/'
    const target = programFor(container, argv, cwd)
    if ('error' in target)
      return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${target.error}`
    found.phase = 'running'
    found.reply = Object.freeze(reply)
    found.startedAt = sim.now()
    const detail = { container: config.name, id, attempt: config.attempt }
    sim.record(kubeletOn(config.node), 'process.started', podRef(config.pod), detail)
    startProcess(kernel, {
      parent: 0,
      group: 0,
      argv: Object.freeze(target.argv),
      program: target.program,
      cwd,
      environment: undefined,
      fds: standardDescriptors(container, 0, config.tty || config.stdin, config.tty),
    })
    proceed(container)
    return undefined
  }

  function stopContainer(id: string, graceMs: number): void {
    const container = containers.get(id)
    if (container?.state.phase !== 'running') return
    const { state: found, build, kernel } = container
    if (graceMs <= 0) return finish(found, 137)
    if (found.killTimer === 0) found.killTimer = sim.schedule(graceMs, addressOf(id), { type: 'kill.due' })
    const main = processAt(found.kernel, 1)
    if (main)
      signal(
        kernel,
        main,
        specOf(found.config)?.lifecycle?.stopSignal?.replace(/^SIG/, '') ?? build.image.stopSignal ?? 'TERM',
      )
    proceed(container)
  }

  function updateContainer(id: string, limits: ContainerConfig['limits']): string | undefined {
    const found = state.containers.get(id)
    if (found?.phase !== 'running') return `container "${id}" is not running`
    found.config = Object.freeze({ ...found.config, limits: Object.freeze(limits) })
    // what is alive over the old configuration is worked out again
    containers.forget(id)
    containers.watchMemory(found)
    return undefined
  }

  function removeContainer(id: string): void {
    const found = state.containers.get(id)
    if (!found) return
    finish(found, 137, true)
    state.containers.delete(id)
    containers.forget(id)
  }

  function react(id: string, event: TimerEvent): void {
    const container = containers.running(id)
    if (container === undefined) return
    const { state: found, kernel } = container
    switch (event.type) {
      case 'process.woke':
        return wake(kernel, event.pid as number)
      case 'process.signalled': {
        const process = processAt(found.kernel, event.pid as number)
        if (process) rouse(kernel, process)
        return proceed(container)
      }
      case 'files.changed':
        filesChanged(kernel)
        return proceed(container)
      case 'memory.full':
        found.memoryTimer = 0
        return checkMemory(found)
      case 'kill.due':
        found.killTimer = 0
        return finish(found, 137)
    }
  }

  function checkMemory(found: ContainerState): void {
    const limit = found.config.limits.memoryBytes
    if (limit === undefined || containers.memoryBytes(found) < limit) return containers.watchMemory(found)
    found.isOutOfMemory = true
    finish(found, 137)
  }

  /** The container is over: everything in it ends, and whoever waits is told. */
  function finish(found: ContainerState, code: number, isSilent = false): void {
    if (found.phase !== 'running') return
    found.phase = 'exited'
    if (found.killTimer !== 0) sim.cancel(found.killTimer)
    found.killTimer = 0
    execs.endAll(found, isSilent)
    network.unlisten(found.config.pod.metadata.uid, found.id)
    containers.halt(found)
    const { reply, id, config } = found
    const reason = found.isOutOfMemory ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error'
    if (isSilent) return
    const cause = sim.record(kubeletOn(config.node), 'process.exited', podRef(config.pod), {
      container: config.name,
      id,
      code,
      reason,
    })
    if (!reply) return
    const event: ExitEvent = { type: 'process.exited', token: reply.token, id, code, reason }
    sim.because(cause, () => sim.schedule(0, reply.to, event))
  }

  return { createContainer, startContainer, stopContainer, updateContainer, removeContainer, react, finish }
}

/** 64 hexadecimal digits, different for every container and the same in every run. */
function containerId({ pod, name, attempt }: ContainerConfig, number: number, digest: string): string {
  let hash = hash32(`/${name}/${attempt}`, hash32(pod.metadata.uid)) ^ Math.imul(number, 0x9e3779b1)
  for (let part = 0; part < 3; part++) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + part
    hash ^= hash >>> 12
    for (let digit = 0; digit < 8; digit++) own[8 * part + digit] = digits[(hash >>> (28 - 4 * digit)) & 15]!
  }
  return String.fromCharCode.apply(null, own) + digest.slice(-40)
}

// where a container's own digits are spelled: in one piece, a text costs less than put together
const own = new Array<number>(24).fill(0)
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
