import { must, type PlainAddress, type Sim } from '../../sim/index.ts'
import type { Connection, Listener, Network, Origin } from '../network/network.ts'
import { kubeletOn, podRef } from '../traceNames.ts'
import type { Catalogue, ImageBuild } from './images/catalogue.ts'
import { parseReference } from './images/reference.ts'
import { createFiles, type FileNode, type Files, type MountView } from './kernel/files.ts'
import type { About, Host, Kernel, ServiceAnswer, ScrapeAnswer, ServiceRequest } from './kernel/host.ts'
import { run } from './kernel/kernel.ts'
import { processAt, type Process } from './kernel/kernelState.ts'
import { halt, memoryOf } from './kernel/processes.ts'
import type { Tool } from './kernel/tool.ts'
import { filesChanged } from './kernel/waits.ts'
import { projectedFiles } from './projected.ts'
import type { ContainerConfig } from './runtime.ts'
import { keepRest, workOf, type ContainerState, type RuntimeState, type Work } from './runtimeState.ts'
import {
  aboutOf,
  createWriteRule,
  environmentOf,
  hostsEntry,
  specOf,
  syntheticFile,
  variableOf,
} from './surroundings.ts'

const logLinesMax = 10_000
const logLineLengthMax = 16_384
const windowMs = 10_000
const bufferMax = 1_000_000
/** how many containers' views of their files are kept; others are worked out again when somebody looks */
const viewsMax = 2000

/** A container with what can be worked out from its state: made anew for each thing that happens to it. */
export interface LiveContainer {
  readonly state: ContainerState
  readonly kernel: Kernel
  readonly build: ImageBuild
}

/** A container's kernel, with what its host needs to answer it. */
interface ContainerKernel extends Kernel {
  readonly container: ContainerState
  readonly build: ImageBuild
  about: About | undefined
  files: Files | undefined
}

/** The containers of all nodes, alive over their state. */
export interface Containers {
  readonly get: (id: string) => LiveContainer | undefined
  /** The container, while it runs. */
  readonly running: (id: string) => LiveContainer | undefined
  readonly forget: (id: string) => void
  /** Asks whoever listens at a port of a container; undefined is silence. */
  readonly serve: (id: string, port: number, request: ServiceRequest) => ServiceAnswer | undefined
  /** The process behind a port. */
  readonly listenerAt: (id: string, port: number) => { readonly process: Process; readonly tool: Tool } | undefined
  readonly write: (state: ContainerState, group: number, stream: 'stdout' | 'stderr', text: string) => void
  readonly memoryBytes: (state: ContainerState) => number
  readonly cpuMilli: (state: ContainerState) => number
  /** Puts the moment on the clock at which a growing container will exceed its limit. */
  readonly watchMemory: (state: ContainerState) => void
  /** The kernel of a container is gone: its timers and ports with it. */
  readonly halt: (state: ContainerState) => void
}

/** What the containers report back. */
export interface ContainerEvents {
  readonly exited: (state: ContainerState, code: number) => void
  readonly execEnded: (state: ContainerState, group: number, code: number) => void
  /** somebody asks all kubelets what their containers use */
  readonly scraped: () => ScrapeAnswer
}

/** Where the timers of a container go. */
export interface ContainerAddress extends PlainAddress {
  readonly component: 'runtime'
  readonly id: string
}

/** The address of a container's timers. */
export function addressOf(id: string): ContainerAddress {
  return { component: 'runtime', id }
}

/** Brings containers to life over their state. */
export function createContainers(
  sim: Sim,
  network: Network,
  runtime: RuntimeState,
  catalogue: Catalogue,
  findTool: (name: string) => Tool | undefined,
  events: ContainerEvents,
): Containers {
  /** Most servers never look at a file: a view of the tree is made for the first process of a container that does. */
  const views = new Map<string, Files>()

  function get(id: string): LiveContainer | undefined {
    const state = runtime.containers.get(id)
    return state && enliven(state)
  }

  function running(id: string): LiveContainer | undefined {
    const state = runtime.containers.get(id)
    return state?.phase === 'running' ? enliven(state) : undefined
  }

  function enliven(state: ContainerState): LiveContainer {
    const { image, mounts } = state.config
    const reference = parseReference(image)
    const build = catalogue.build(must(typeof reference === 'string' ? undefined : reference, 'an image', image))
    const kernel: ContainerKernel = {
      state: state.kernel,
      host,
      mounts,
      container: state,
      build,
      about: undefined,
      files: undefined,
    }
    return { state, build, kernel }
  }

  function about(kernel: ContainerKernel): About {
    return (kernel.about ??= aboutOf(kernel.container.config, kernel.build))
  }

  const contained: Host<ContainerKernel> = {
    now: sim.now,
    wakeIn: ({ container }, delayMs, pid, isWork) =>
      (isWork ? sim.schedule : sim.schedulePeriodic)(delayMs, addressOf(container.id), { type: 'process.woke', pid }),
    cancelWake: (timer, isWork) => (isWork ? sim.cancel(timer) : sim.cancelPeriodic(timer)),
    write: ({ container }, group, stream, text) => write(container, group, stream, text),
    files: (kernel) => (kernel.files ??= filesOf(kernel)),
    about,
    environment: (kernel) => environmentOf(kernel.container.config, about(kernel), kernel.build),
    variable: (kernel, name) =>
      variableOf(kernel.container.config, kernel.build, name) ?? contained.environment(kernel)[name],
    tool: findTool,
    ended({ container }, process, code) {
      if (process.pid === 1) events.exited(container, code)
      else events.execEnded(container, process.group, code)
    },
    connect,
    resolve(kernel, name) {
      const known = hostsEntry(kernel.container.config, about(kernel), name)
      return known === undefined ? network.resolve(originOf(kernel, about(kernel)), name) : { addresses: [known], name }
    },
    listen: ({ container }, port, protocol) => network.listen(listenerOf(container, port, protocol)),
    unlisten({ container }, port) {
      network.unlisten(container.config.pod.metadata.uid, container.id, port)
    },
    ask({ container }, connection, port, request) {
      if (connection.outcome !== 'connected') return undefined
      const { listener } = connection
      if (!runtime.containers.has(listener.containerId))
        return listener.containerId.startsWith('external') ? { status: 200, body: '<html></html>\n' } : undefined
      return serve(listener.containerId, listener.port || port, { client: container.config.podIP, ...request })
    },
    answersChanged: ({ container }) => network.answersChanged?.(container.id),
    memoryChanged: ({ container }) => watchMemory(container),
    scrape: events.scraped,
    random: (below) => sim.int('runtime', below),
    upload: (url, text) => void runtime.warehouse.set(url, text),
    record({ container: { config } }, what, detail) {
      const volume = typeof detail.path === 'string' ? volumeOf(config, detail.path) : undefined
      if (what === 'file.read' && detail.writtenBy === config.name) return
      const { namespace, name } = config.pod.metadata
      sim.record(kubeletOn(config.node), what, podRef(config.pod), {
        from: `${name}/${config.name}`,
        ns: namespace,
        container: config.name,
        ...detail,
        ...(volume ? { volume } : {}),
      })
    },
  }
  // every kernel that it is told of is a container's
  const host = contained as Host

  function filesOf(kernel: ContainerKernel): Files {
    const { id } = kernel.container
    let files = views.get(id)
    if (files === undefined) views.set(id, (files = viewOf(kernel)))
    if (views.size > viewsMax) views.delete(views.keys().next().value!)
    return files
  }

  function viewOf(own: ContainerKernel): Files {
    const { container, build } = own
    const { config, kernel } = container
    return createFiles({
      image: build.files,
      layer: (container.layer ??= new Map()),
      mounts: mountViews(container),
      links: build.base.links,
      synthetic: (path) => syntheticFile(path, config, about(own), sim.now(), () => processAt(kernel, 1)?.argv ?? []),
      mayWrite: createWriteRule(config, about(own), build),
      now: sim.now,
      writer: config.name,
      changed: (storage) => storageChanged(container, storage),
    })
  }

  function mountViews(state: ContainerState): MountView[] {
    return state.config.mounts
      .map(({ path, subPath, isReadOnly, storage, files }): MountView => {
        const given = state.projected?.get(path) ?? files
        const key = `${storage}`
        return {
          path: path.replace(/(.)\/+$/, '$1'),
          subPath: subPath ?? '',
          isReadOnly: isReadOnly || given !== undefined,
          storage: key,
          files: given ? projectedFiles(given, state.config, path) : storageOf(key),
        }
      })
      .sort((a, b) => b.path.length - a.path.length)
  }

  function storageOf(key: string): Map<string, FileNode> {
    let files = runtime.storages.get(key)
    if (files === undefined) runtime.storages.set(key, (files = new Map()))
    return files
  }

  /** Shared storage changed: whoever follows a file in it, in any container, looks again. */
  function storageChanged(state: ContainerState, storage: string | undefined): void {
    const followers =
      storage === undefined
        ? [state]
        : [...runtime.containers.values()].filter(({ config }) =>
            config.mounts.some((mount) => mount.storage === storage),
          )
    for (const one of followers) {
      if (one.kernel.processes.some(({ ports }) => ports.length > 0)) network.answersChanged?.(one.id)
      if (one.phase !== 'running' || !one.kernel.processes.some(({ wait }) => wait?.for === 'change')) continue
      if (one === state) filesChanged(enliven(one).kernel)
      else sim.schedulePeriodic(0, addressOf(one.id), { type: 'files.changed' })
    }
  }

  function listenerOf({ id, config }: ContainerState, port: number, protocol: 'TCP' | 'UDP'): Listener {
    const { uid } = config.pod.metadata
    const hostPort = specOf(config)?.ports?.find(({ containerPort }) => containerPort === port)?.hostPort
    return { containerId: id, podUid: uid, node: config.node, address: config.podIP, port, protocol, hostPort }
  }

  function connect(kernel: ContainerKernel, name: string, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): Connection {
    const { config } = kernel.container
    const target = hostsEntry(config, about(kernel), name) ?? name
    if (!/^(127\.|::1$|\[::1\]$|0\.0\.0\.0$)/.test(target) && target !== config.podIP)
      return network.connect(originOf(kernel, about(kernel)), target, port, protocol)
    const listener = network.listenerAt(config.podIP, port, protocol)
    return listener === undefined ? { outcome: 'refused' } : { outcome: 'connected', listener }
  }

  function listenerAt(id: string, port: number): { process: Process; tool: Tool } | undefined {
    const found = runtime.containers.get(id)
    if (found?.phase !== 'running') return undefined
    for (const process of found.kernel.processes) {
      const tool = process.ports.includes(port) ? findTool(process.program) : undefined
      if (tool) return { process, tool }
    }
    return undefined
  }

  function serve(id: string, port: number, request: ServiceRequest): ServiceAnswer | undefined {
    const found = listenerAt(id, port)
    const container = found && get(id)
    if (!found || !container || container.state.kernel.isHung) return undefined
    const { process, tool } = found
    const { kernel, state } = container
    const answer = tool.answer?.({ kernel, process }, port, request)
    countWork(workOf(state), tool.service?.({ kernel, process }).cpuMs ?? 0.1)
    // A request may end the process (`/crash`); that happens after the answer is on its way.
    if (process.signals.length > 0) sim.schedule(1, addressOf(id), { type: 'process.signalled', pid: process.pid })
    return answer
  }

  function countWork(work: Work, cpuMs: number): void {
    work.requests++
    turnWindow(work)
    work.current += cpuMs
  }

  function turnWindow(work: Work): void {
    Object.assign(work, windowOf(work))
  }

  /** The window of this moment; whoever only looks must not turn it, or a run would depend on who looked when. */
  function windowOf({ windowAt, previous, current }: Work): Pick<Work, 'windowAt' | 'previous' | 'current'> {
    const now = sim.now()
    if (now < windowAt + windowMs) return { windowAt, previous, current }
    return { windowAt: now - (now % windowMs), previous: now < windowAt + 2 * windowMs ? current : 0, current: 0 }
  }

  function write(state: ContainerState, group: number, stream: 'stdout' | 'stderr', text: string): void {
    if (group !== 0) {
      const exec = state.execs?.get(group)
      if (exec && exec[stream].length < bufferMax) exec[stream] += text
      return
    }
    const whole = state.unfinished[stream] + text
    let begin = 0
    for (let end = whole.indexOf('\n'); end >= 0; end = whole.indexOf('\n', begin)) {
      addLine(state, stream, whole.slice(begin, end))
      begin = end + 1
    }
    keepRest(state, stream, whole.slice(begin))
    if (state.unfinished[stream].length > logLineLengthMax) flush(state, stream)
  }

  function addLine(state: ContainerState, stream: 'stdout' | 'stderr', text: string): void {
    state.logs.push(Object.freeze({ at: sim.now(), stream, text }))
    if (state.logs.length > logLinesMax * 1.2) state.logs.splice(0, state.logs.length - logLinesMax)
  }

  function flush(state: ContainerState, stream: 'stdout' | 'stderr'): void {
    if (state.unfinished[stream] === '') return
    addLine(state, stream, state.unfinished[stream])
    keepRest(state, stream, '')
  }

  function memoryBytes({ kernel }: ContainerState): number {
    let sum = 0
    for (const process of kernel.processes) sum += memoryOf(process, sim.now())
    return Math.round(sum)
  }

  function cpuMilli(state: ContainerState): number {
    const { work, kernel, config } = state
    let sum = work === undefined ? 0 : countedMilli(work)
    for (const process of kernel.processes) {
      sum += process.cpuMilli
      if (work !== undefined && work.requestsPerSecond > 0 && process.ports.length > 0) {
        const cost = findTool(process.program)?.service?.({ kernel: get(state.id)!.kernel, process }).cpuMs ?? 0
        sum += work.requestsPerSecond * cost
      }
    }
    if (kernel.isPaused) sum += 1000
    return Math.round(Math.min(sum, config.limits.cpuMilli ?? Infinity))
  }

  function countedMilli(work: Work): number {
    const { windowAt, previous, current } = windowOf(work)
    const elapsed = sim.now() - windowAt
    return (previous * (windowMs - elapsed) + current * windowMs) / windowMs / (windowMs / 1000)
  }

  function watchMemory(state: ContainerState): void {
    const limit = state.config.limits.memoryBytes
    if (limit === undefined || state.phase === 'exited') return
    if (state.memoryTimer !== 0) sim.cancel(state.memoryTimer)
    state.memoryTimer = 0
    let growth = 0
    for (const { memory } of state.kernel.processes) growth += memory.bytesPerSecond
    const left = limit - memoryBytes(state)
    if (left > 0 && growth === 0) return
    state.memoryTimer = sim.schedule(left <= 0 ? 0 : Math.ceil((left / growth) * 1000), addressOf(state.id), {
      type: 'memory.full',
    })
  }

  return {
    get,
    running,
    forget: (id) => void views.delete(id),
    serve,
    listenerAt,
    write,
    memoryBytes,
    cpuMilli,
    watchMemory,
    halt(state) {
      flush(state, 'stdout')
      flush(state, 'stderr')
      if (state.memoryTimer !== 0) sim.cancel(state.memoryTimer)
      state.memoryTimer = 0
      halt(enliven(state).kernel)
    },
  }
}

/** Who asks the network. A pod whose resolv.conf is its node's asks for no names of the cluster. */
function originOf({ container: { config } }: ContainerKernel, about: About): Origin {
  const { uid, namespace = 'default' } = config.pod.metadata
  return { node: config.node, podUid: uid, namespace: about.search.length > 0 ? namespace : undefined }
}

/** Lets a container's processes run. */
export function proceed(container: LiveContainer): void {
  run(container.kernel)
}

function volumeOf(config: ContainerConfig, path: string): string | undefined {
  const mount = config.mounts.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  return mount && mount.storage.slice(mount.storage.lastIndexOf('/') + 1)
}
