import { hash32, type Sim, type TimerEvent } from '../../sim/index.ts'
import type { Network } from '../network/network.ts'
import { createContainers, proceed, type LiveContainer } from './containers.ts'
import { createCatalogue } from './images/catalogue.ts'
import type { Image } from './images/defineImage.ts'
import { createImageStore, type ImageStore, type PullEnded } from './imageService.ts'
import { parseReference } from './images/reference.ts'
import type { ServiceRequest } from './kernel/host.ts'
import { end, feed, filesChanged, open, rouse, signal, startProcess, wake } from './kernel/kernel.ts'
import { createKernelState } from './kernel/kernelState.ts'
import { findProgram, type Found } from './kernel/programs.ts'
import type { Tool } from './kernel/tool.ts'
import type { ContainerConfig, ExitEvent, ProbeAnswer, ProbeTarget, Reply, Runtime } from './runtime.ts'
import { createRuntimeState, type ContainerState, type ExecState } from './runtimeState.ts'
import { environmentOf, specOf } from './surroundings.ts'
import { findTool as findKnownTool } from './tools/index.ts'

/** What a port serves, for the arithmetic of traffic. */
export interface ServiceInfo {
  /** how long one request takes when nothing else runs */
  readonly latencyMs: number
  /** thousandths of a CPU that one request a second costs */
  readonly cpuPerRequestMilli: number
  /** the container's CPU limit, where it has one */
  readonly cpuLimitMilli?: number
  /** it accepts connections and never answers */
  readonly isHung?: boolean
  /** what a request for a path gets now; undefined is silence */
  readonly statusFor: (path: string, host?: string) => number | undefined
}

/** A command that runs in a container with its input and output held by somebody outside: `kubectl exec -it`. */
export interface ExecHandle {
  readonly id: string
  readonly group: number
}

/** What an open exec wrote since it was asked last. */
export interface ExecOutput {
  readonly stdout: string
  readonly stderr: string
  /** its exit code, once it ended */
  readonly code: number | undefined
}

/** The container runtime of all nodes, with what traffic, lessons, faults and the page need beyond the kubelet's interface. */
export interface NodeRuntime extends Runtime {
  readonly images: ImageStore
  /** What listens at a port of a container: undefined when nobody does. */
  readonly serviceOf: (id: string, port: number) => ServiceInfo | undefined
  /** What runs on each node uses in all. */
  readonly usageByNode: () => ReadonlyMap<string, { readonly cpuMilli: number; readonly memoryBytes: number }>
  /** Requests a second that the traffic's arithmetic sends to a container; they show in its CPU. */
  readonly setRate: (id: string, requestsPerSecond: number) => void
  readonly requestsServed: (id: string) => number
  /** The text of a file as a container sees it. */
  readonly readFile: (id: string, path: string) => string | undefined
  /** The text of a file as an image has it. */
  readonly imageFile: (image: string, path: string) => string | undefined
  readonly environment: (id: string) => Readonly<Record<string, string>>
  /** Bytes in the container's own layer. */
  readonly diskBytes: (id: string) => number
  /** Bytes in a storage that mounts share. */
  readonly storageBytes: (storage: string) => number
  /** Frees shared storage whose key starts so: an emptyDir when its pod is gone. */
  readonly removeStorage: (prefix: string) => void
  /** New contents of a projected volume; running processes see them at once. */
  readonly updateMount: (id: string, path: string, files: Readonly<Record<string, string>>) => void
  /** What was put into the store outside the cluster. */
  readonly warehouse: () => ReadonlyMap<string, string>
  /** A fault: the main process dies by a signal. */
  readonly kill: (id: string, signalName?: string) => void
  /** A fault: the main process ends by its own mistake, with this code. */
  readonly crash: (id: string, code?: number) => void
  /** A fault: nothing in the container runs or answers while it is on. */
  readonly hang: (id: string, isOn: boolean) => void
  /** A fault: the main process takes so much more memory each second. */
  readonly leak: (id: string, bytesPerSecond: number) => void
  /** Starts a command whose input and output stay open; an error text when there is no such command. */
  readonly openExec: (
    id: string,
    command: readonly string[],
    options?: { readonly tty?: boolean; readonly stdin?: boolean },
  ) => ExecHandle | { readonly error: string }
  readonly writeExec: (handle: ExecHandle, text: string, isEnd?: boolean) => void
  readonly takeExec: (handle: ExecHandle) => ExecOutput
  readonly signalExec: (handle: ExecHandle, name: string) => void
  /** Ends it if it still runs, and forgets it. */
  readonly closeExec: (handle: ExecHandle) => void
}

/** What a host may add to the built-in catalogue: the same at every build of a world. */
export interface RuntimeOptions {
  readonly images?: readonly Image[]
  readonly tools?: readonly Tool[]
}

const sandboxMs = 60
const noAddress =
  'rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set'
const execMs = 5
const probeMs = 1
const execFailedCode = 127

/** mounts under which an image's executables would disappear */
const hidesPrograms = /^\/($|usr($|\/(local\/)?s?bin)|s?bin|app|opt|docker|[^/]+$)/

/** Runs containers: image behaviours and interpreted commands, in virtual time. */
export function createRuntime(sim: Sim, network: Network, options: RuntimeOptions = {}): NodeRuntime {
  const state = sim.slice('runtime', createRuntimeState)
  const catalogue = createCatalogue(options.images)
  const extraTools = new Map((options.tools ?? []).flatMap((tool) => tool.names.map((name) => [name, tool] as const)))
  const findTool = (name: string): Tool | undefined => extraTools.get(name) ?? findKnownTool(name)
  const images = createImageStore(sim, state, catalogue)
  const containers = createContainers(sim, network, state, catalogue, findTool, { exited, execEnded })

  sim.handle('runtime', (part, event) => {
    if (part === '') images.pullEnded(event as PullEnded)
    else react(part, event)
  })

  function react(id: string, event: TimerEvent): void {
    const found = state.containers.get(id)
    if (found?.phase !== 'running') return
    const container = containers.get(id)!
    switch (event.type) {
      case 'process.woke':
        return wake(container.kernel, event.pid as number)
      case 'process.signalled': {
        const process = found.kernel.processes.get(event.pid as number)
        if (process) rouse(container.kernel, process)
        return proceed(container)
      }
      case 'files.changed':
        filesChanged(container.kernel)
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

  function exited(found: ContainerState, code: number): void {
    finish(found, code)
  }

  /** The container is over: everything in it ends, and whoever waits is told. */
  function finish(found: ContainerState, code: number, isSilent = false): void {
    if (found.phase !== 'running') return
    found.phase = 'exited'
    if (found.killTimer !== 0) sim.cancel(found.killTimer)
    found.killTimer = 0
    for (const exec of found.execs?.values() ?? []) if (exec.code === undefined) endExec(found, exec, 137, isSilent)
    network.unlisten(found.id)
    containers.halt(found)
    const { reply, id, config } = found
    const reason = found.isOutOfMemory ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error'
    const object = `Pod/${config.pod.metadata.namespace}/${config.pod.metadata.name}`
    if (isSilent) return
    const cause = sim.record(`kubelet@${config.node}`, 'process.exited', object, {
      container: config.name,
      id,
      code,
      reason,
    })
    if (!reply) return
    const event: ExitEvent = { type: 'process.exited', token: reply.token, id, code, reason }
    sim.because(cause, () => sim.schedule(0, reply.to, event))
  }

  function execEnded(found: ContainerState, group: number, code: number): void {
    const exec = found.execs?.get(group)
    if (exec?.code === undefined && exec) endExec(found, exec, code)
  }

  function endExec(found: ContainerState, exec: ExecState, code: number, isSilent = false): void {
    exec.code = code
    for (const process of [...found.kernel.processes.values()]) {
      if (process.group === exec.group && process.pid !== exec.pid) end(containers.get(found.id)!.kernel, process, 129)
    }
    found.kernel.inputs?.delete(exec.group)
    const { reply, stdout, stderr, group } = exec
    if (!reply) return
    found.execs?.delete(group)
    if (!isSilent) sim.schedule(execMs, reply.to, { type: 'exec.done', token: reply.token, code, stdout, stderr })
  }

  function createContainer(config: ContainerConfig): { id: string } | { error: string } {
    const reference = parseReference(config.image)
    if (typeof reference === 'string') return { error: `failed to resolve image "${config.image}": ${reference}` }
    const build = catalogue.build(reference)
    const id = containerId(config, state.nextId++, build.digest)
    if (build.image.isOpen !== true && commandOf(config, build.image).length === 0)
      return { error: `failed to generate container "${id}" spec: failed to generate spec: no command specified` }
    state.containers.set(id, {
      id,
      config: Object.freeze(config),
      phase: 'created',
      kernel: createKernelState(),
      layer: new Map(),
      projected: undefined,
      logs: [],
      unfinished: { stdout: '', stderr: '' },
      reply: undefined,
      killTimer: 0,
      memoryTimer: 0,
      isOutOfMemory: false,
      startedAt: 0,
      execs: undefined,
      nextGroup: 1,
      work: { windowAt: 0, current: 0, previous: 0, requestsPerSecond: 0, requests: 0 },
    })
    return { id }
  }

  function startContainer(id: string, reply: Reply): string | undefined {
    const container = containers.get(id)
    if (!container) return `container "${id}" not found`
    const { state: found, build, about, kernel } = container
    const { config } = found
    const argv = unwrapped(commandOf(config, build.image), build.image)
    const environment = environmentOf(config, about, build)
    const cwd = config.workingDir || build.image.workingDir || '/'
    const target = programFor(container, argv, cwd, environment)
    if ('error' in target)
      return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${target.error}`
    found.phase = 'running'
    found.reply = Object.freeze(reply)
    found.startedAt = sim.now()
    found.work.windowAt = sim.now()
    sim.record(
      `kubelet@${config.node}`,
      'process.started',
      `Pod/${config.pod.metadata.namespace}/${config.pod.metadata.name}`,
      { container: config.name, id, attempt: config.attempt },
    )
    startProcess(kernel, {
      parent: 0,
      group: 0,
      argv: Object.freeze(target.argv),
      program: target.program,
      cwd,
      environment,
      fds: standardDescriptors(container, 0, config.tty),
    })
    proceed(container)
    return undefined
  }

  function standardDescriptors({ kernel }: LiveContainer, group: number, hasInput: boolean): Map<number, number> {
    if (hasInput) {
      kernel.state.inputs ??= new Map()
      kernel.state.inputs.set(group, { text: '', isEnded: false })
    }
    return new Map([
      [0, open(kernel.state, hasInput ? { kind: 'input', group, refs: 1 } : { kind: 'null', refs: 1 })],
      [1, open(kernel.state, { kind: 'stream', stream: 'stdout', group, refs: 1 })],
      [2, open(kernel.state, { kind: 'stream', stream: 'stderr', group, refs: 1 })],
    ])
  }

  function startExec(
    id: string,
    command: readonly string[],
    reply: Reply | undefined,
    hasInput: boolean,
    isTty: boolean,
  ): ExecState | { error: string } {
    const container = containers.get(id)
    if (container?.state.phase !== 'running') return { error: `container not running (${id})` }
    const { state: found, build, about, kernel } = container
    const cwd = found.config.workingDir || build.image.workingDir || '/'
    const environment = environmentOf(found.config, about, build)
    const target = programFor(container, command, cwd, environment, true)
    if ('error' in target)
      return { error: `OCI runtime exec failed: exec failed: unable to start container process: ${target.error}` }
    const group = found.nextGroup++
    const fds = standardDescriptors(container, group, hasInput)
    const argv =
      isTty && /^(sh|bash|ash|dash)$/.test(command[0]!.split('/').pop()!) && command.length === 1
        ? [...target.argv, '-i']
        : target.argv
    const process = startProcess(kernel, {
      parent: 0,
      group,
      argv: Object.freeze([...argv]),
      program: target.program,
      cwd,
      environment,
      fds,
    })
    const exec: ExecState = { group, pid: process.pid, reply, stdout: '', stderr: '', code: undefined }
    found.execs ??= new Map()
    found.execs.set(group, exec)
    proceed(container)
    return exec
  }

  /** The program behind a command line, or runc's complaint. */
  function programFor(
    container: LiveContainer,
    argv: readonly string[],
    cwd: string,
    environment: Readonly<Record<string, string>>,
    isExec = false,
  ): { program: string; argv: readonly string[] } | { error: string } {
    const { kernel, about, state: found } = container
    const [name] = argv
    if (name === undefined) return { program: 'unknown', argv: [found.config.name] }
    const target = findCommand(container, name, cwd, environment.PATH)
    if (target.outcome === 'program') return { program: target.program, argv }
    if (target.outcome === 'script') {
      const interpreter = findProgram(kernel, target.interpreter[0]!, cwd, environment.PATH)
      if (interpreter.outcome === 'program')
        return { program: interpreter.program, argv: [...target.interpreter, target.path, ...argv.slice(1)] }
    }
    if (about.isOpen && target.outcome === 'missing') return { program: isExec ? 'unknown-tool' : 'unknown', argv }
    if (target.outcome === 'denied' || target.outcome === 'directory')
      return { error: `exec: "${name}": ${target.outcome === 'directory' ? 'is a directory' : 'permission denied'}` }
    return {
      error: name.includes('/')
        ? `exec: "${name}": stat ${name}: no such file or directory`
        : `exec: "${name}": executable file not found in $PATH`,
    }
  }

  /** Finds a command; in an untouched image the answer is always the same. */
  function findCommand(
    { kernel, build, state: found }: LiveContainer,
    name: string,
    cwd: string,
    path: string | undefined,
  ): Found {
    const isPlain =
      found.layer.size === 0 &&
      path === build.environment.PATH &&
      (name.startsWith('/') || !name.includes('/')) &&
      !found.config.mounts.some((mount) => hidesPrograms.test(mount.path))
    if (!isPlain) return findProgram(kernel, name, cwd, path)
    let command = build.commands.get(name)
    if (command === undefined) build.commands.set(name, (command = findProgram(kernel, name, cwd, path)))
    return command
  }

  function stopContainer(id: string, graceMs: number): void {
    const container = containers.get(id)
    if (container?.state.phase !== 'running') return
    const { state: found, build, kernel } = container
    if (graceMs <= 0) return finish(found, 137)
    if (found.killTimer === 0) found.killTimer = sim.schedule(graceMs, `runtime/${id}`, { type: 'kill.due' })
    const main = found.kernel.processes.get(1)
    if (main)
      signal(
        kernel,
        main,
        specOf(found.config)?.lifecycle?.stopSignal?.replace(/^SIG/, '') ?? build.image.stopSignal ?? 'TERM',
      )
    proceed(container)
  }

  function probe(node: string, target: ProbeTarget, reply: Reply): void {
    const own = state.ports.get(`${target.host}:${target.port}/TCP`)
    const connection = own === undefined ? network.connect({ node }, target.host, target.port) : undefined
    if (connection && connection.outcome !== 'connected') {
      if (connection.outcome !== 'silent') answerProbe(reply, { kind: 'refused' }, probeMs)
      return
    }
    const id = own ?? (connection?.outcome === 'connected' ? connection.listener.containerId : '')
    const port = connection?.outcome === 'connected' ? connection.listener.port : target.port
    if (target.kind === 'tcp') return answerProbe(reply, { kind: 'tcp' }, probeMs)
    const answer = containers.serve(id, port, requestOf(target))
    if (!answer) return
    const delay = probeMs + (answer.delayMs ?? 0)
    if (target.kind === 'grpc')
      return answerProbe(reply, { kind: 'grpc', status: answer.status === 200 ? 'SERVING' : 'NOT_SERVING' }, delay)
    const location = answer.headers?.Location
    answerProbe(
      reply,
      { kind: 'http', status: answer.status, body: answer.body, ...(location === undefined ? {} : { location }) },
      delay,
    )
  }

  function answerProbe(reply: Reply, result: ProbeAnswer['result'], delayMs: number): void {
    const event: ProbeAnswer = { type: 'probe.answered', token: reply.token, result }
    // Probes go on for ever: they keep no cluster from having settled.
    sim.schedulePeriodic(delayMs, reply.to, event)
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

  function removeSandbox(_: string, podUid: string): void {
    for (const found of state.containers.values()) if (found.config.pod.metadata.uid === podUid) finish(found, 137)
    if (!state.sandboxes.delete(podUid)) return
    network.releaseAddress(podUid)
  }

  const running = (id: string): LiveContainer | undefined => {
    const container = containers.get(id)
    return container?.state.phase === 'running' ? container : undefined
  }

  const execOf = ({ id, group }: ExecHandle): ExecState | undefined => state.containers.get(id)?.execs?.get(group)

  return {
    images,
    runSandbox(node, pod, reply) {
      const podUid = pod.metadata.uid
      const old = state.sandboxes.get(podUid)
      const { namespace, name } = pod.metadata
      const about = { name: `${namespace}/${name}`, isHostNetwork: pod.spec.hostNetwork === true }
      const ip = old?.ip ?? network.assignAddress(node, podUid, about)
      if (ip === '')
        return void sim.schedule(sandboxMs, reply.to, {
          type: 'sandbox.failed',
          token: reply.token,
          message: noAddress,
        })
      state.sandboxes.set(podUid, Object.freeze({ podUid, node, ip }))
      sim.schedule(sandboxMs + sim.int(`sandbox/${node}`, 40), reply.to, {
        type: 'sandbox.ready',
        token: reply.token,
        ip,
      })
    },
    removeSandbox,
    createContainer,
    startContainer,
    stopContainer,
    updateContainer,
    removeContainer,
    exec(id, command, reply) {
      const exec = startExec(id, command, reply, false, false)
      if ('error' in exec)
        sim.schedule(execMs, reply.to, {
          type: 'exec.done',
          token: reply.token,
          code: execFailedCode,
          stdout: '',
          stderr: exec.error,
          error: exec.error,
        })
    },
    probe,
    logs: (id) => state.containers.get(id)?.logs ?? [],
    terminationMessage(id) {
      const container = containers.get(id)
      if (!container) return undefined
      const path = specOf(container.state.config)?.terminationMessagePath ?? '/dev/termination-log'
      const text = container.kernel.host.files.read(path)
      return typeof text === 'string' && text !== '' ? text.slice(0, 4096) : undefined
    },
    usage(id) {
      const container = running(id)
      if (!container) return { cpuMilli: 0, memoryBytes: 0 }
      return { cpuMilli: containers.cpuMilli(container.state), memoryBytes: containers.memoryBytes(container.state) }
    },
    usageByNode() {
      const sums = new Map<string, { cpuMilli: number; memoryBytes: number }>()
      for (const [id, { config }] of state.containers) {
        const container = running(id)
        if (!container) continue
        const sum = sums.get(config.node) ?? { cpuMilli: 0, memoryBytes: 0 }
        sum.cpuMilli += containers.cpuMilli(container.state)
        sum.memoryBytes += containers.memoryBytes(container.state)
        sums.set(config.node, sum)
      }
      return sums
    },
    powerOff(node) {
      for (const [id, found] of [...state.containers]) if (found.config.node === node) removeContainer(id)
      for (const [podUid, sandbox] of [...state.sandboxes]) {
        if (sandbox.node !== node) continue
        state.sandboxes.delete(podUid)
        network.releaseAddress(podUid)
      }
    },
    serviceOf(id, port) {
      const found = containers.listenerAt(id, port)
      const container = found && running(id)
      if (!container) return undefined
      const { cpuMs, latencyMs } = found.tool.service?.({ kernel: container.kernel, process: found.process }) ?? {
        cpuMs: 0.1,
        latencyMs: 1,
      }
      const limit = container.state.config.limits.cpuMilli
      return {
        latencyMs,
        cpuPerRequestMilli: cpuMs,
        ...(limit === undefined ? {} : { cpuLimitMilli: limit }),
        ...(container.state.kernel.isHung ? { isHung: true } : {}),
        statusFor: (path, host = 'localhost') => sample(container, port, path, host),
      }
    },
    setRate(id, requestsPerSecond) {
      const found = state.containers.get(id)
      if (found) found.work.requestsPerSecond = requestsPerSecond
    },
    requestsServed: (id) => state.containers.get(id)?.work.requests ?? 0,
    readFile(id, path) {
      const text = containers.get(id)?.kernel.host.files.read(path)
      return typeof text === 'string' ? text : undefined
    },
    imageFile(image, path) {
      const reference = parseReference(image)
      const node = typeof reference === 'string' ? undefined : catalogue.build(reference).files.get(path)
      return node?.kind === 'file' ? node.text : undefined
    },
    environment(id) {
      const container = containers.get(id)
      return container ? environmentOf(container.state.config, container.about, container.build) : {}
    },
    diskBytes: (id) => sizes(state.containers.get(id)?.layer.values()),
    storageBytes: (storage) => sizes(state.storages.get(storage)?.values()),
    removeStorage(prefix) {
      for (const key of [...state.storages.keys()]) if (key.startsWith(prefix)) state.storages.delete(key)
    },
    updateMount(id, path, files) {
      const container = containers.get(id)
      if (!container) return
      container.state.projected ??= new Map()
      container.state.projected.set(path, Object.freeze({ ...files }))
      containers.forget(id)
      const renewed = running(id)
      if (!renewed) return
      filesChanged(renewed.kernel)
      proceed(renewed)
    },
    warehouse: () => state.warehouse,
    kill(id, signalName = 'KILL') {
      const container = running(id)
      const main = container?.state.kernel.processes.get(1)
      if (!container || !main) return
      if (signalName === 'KILL') return finish(container.state, 137)
      signal(container.kernel, main, signalName)
      proceed(container)
    },
    crash(id, code = 1) {
      const container = running(id)
      if (container) finish(container.state, code)
    },
    hang(id, isOn) {
      const container = running(id)
      if (!container) return
      container.state.kernel.isHung = isOn
      network.answersChanged?.(id)
      if (!isOn) proceed(container)
    },
    leak(id, bytesPerSecond) {
      const container = running(id)
      const main = container?.state.kernel.processes.get(1)
      if (!container || !main) return
      main.memory = Object.freeze({
        bytes: containers.memoryBytes(container.state),
        bytesPerSecond,
        since: sim.now(),
        bytesMax: 0,
      })
      containers.watchMemory(container.state)
    },
    openExec(id, command, { tty = false, stdin = tty } = {}) {
      const exec = startExec(id, command, undefined, stdin, tty)
      return 'error' in exec ? exec : { id, group: exec.group }
    },
    writeExec({ id, group }, text, isEnd = false) {
      const container = running(id)
      if (!container) return
      feed(container.kernel, group, text, isEnd)
      proceed(container)
    },
    takeExec(handle) {
      const exec = execOf(handle)
      if (!exec) return { stdout: '', stderr: '', code: 137 }
      const { stdout, stderr, code } = exec
      exec.stdout = ''
      exec.stderr = ''
      return { stdout, stderr, code }
    },
    signalExec({ id, group }, name) {
      const container = running(id)
      if (!container) return
      for (const process of [...container.state.kernel.processes.values()])
        if (process.group === group) signal(container.kernel, process, name)
      proceed(container)
    },
    closeExec(handle) {
      const container = running(handle.id)
      const exec = execOf(handle)
      if (container && exec?.code === undefined) {
        for (const process of [...container.state.kernel.processes.values()])
          if (process.group === handle.group) end(container.kernel, process, 129)
        proceed(container)
      }
      state.containers.get(handle.id)?.execs?.delete(handle.group)
    },
  }

  function sample(container: LiveContainer, port: number, path: string, host: string): number | undefined {
    const { logs, unfinished } = container.state
    const [count, out] = [logs.length, unfinished.stdout]
    const answer = containers.serve(container.state.id, port, {
      protocol: 'http',
      method: 'GET',
      path,
      host,
      headers: {},
      body: '',
    })
    // A sample stands for a flow: it leaves no line in the log.
    if (logs.length > count) logs.length = count
    unfinished.stdout = out
    return answer?.status
  }
}

function requestOf(target: Exclude<ProbeTarget, { kind: 'tcp' }>): ServiceRequest {
  if (target.kind === 'grpc')
    return {
      protocol: 'grpc',
      method: 'POST',
      path: `/grpc.health.v1.Health/Check/${target.service}`,
      host: target.host,
      headers: {},
      body: '',
    }
  const headers = Object.fromEntries([
    ['User-Agent', 'kube-probe/1.36'],
    ...target.headers.map(({ name, value }) => [name, value]),
  ]) as Record<string, string>
  return {
    protocol: 'http',
    method: 'GET',
    path: target.path,
    host: headers.Host ?? target.host,
    headers,
    body: '',
    isTls: target.scheme === 'HTTPS',
  }
}

/** The command line by the rules of images: `command` replaces the entry point and its words, `args` the words alone. */
function commandOf({ command, args }: ContainerConfig, image: Image): readonly string[] {
  if (command !== undefined && command.length > 0) return [...command, ...(args ?? [])]
  return [...(image.entrypoint ?? []), ...(args !== undefined && args.length > 0 ? args : (image.cmd ?? []))]
}

/** Entry point scripts run the words they get; words that start with a dash are for their server. */
function unwrapped(argv: readonly string[], { wrapper }: Image): readonly string[] {
  if (!wrapper || (argv[0] !== wrapper.path && argv[0] !== wrapper.path.split('/').pop())) return argv
  const rest = argv.slice(1)
  return rest.length === 0 || rest[0]!.startsWith('-') ? [wrapper.server, ...rest] : rest
}

/** 64 hexadecimal digits, different for every container and the same in every run. */
function containerId({ pod, name, attempt }: ContainerConfig, number: number, digest: string): string {
  let hash = hash32(`${pod.metadata.uid}/${name}/${attempt}`) ^ Math.imul(number, 0x9e3779b1)
  let id = ''
  for (let part = 0; part < 3; part++) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + part
    hash ^= hash >>> 12
    id += hexOf[hash >>> 24]! + hexOf[(hash >>> 16) & 255]! + hexOf[(hash >>> 8) & 255]! + hexOf[hash & 255]!
  }
  return id + digest.slice(-40)
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function sizes(
  nodes: Iterable<{ readonly kind: string; readonly text?: string; readonly size?: number } | null> | undefined,
): number {
  let sum = 0
  for (const node of nodes ?? []) if (node?.kind === 'file') sum += node.size ?? node.text?.length ?? 0
  return sum
}
