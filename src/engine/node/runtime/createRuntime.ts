import type { Sim } from '../../sim/index.ts'
import type { Network } from '../network/network.ts'
import { remembered } from '../remembered.ts'
import { createContainerLives } from './containerLives.ts'
import { createContainers, proceed, type ContainerAddress } from './containers.ts'
import { createExecs } from './execs.ts'
import { createFaults } from './faults.ts'
import { createImageStore, type PullEnded } from './imageService.ts'
import { createCatalogue } from './images/catalogue.ts'
import { parseReference } from './images/reference.ts'
import type { Tool } from './kernel/tool.ts'
import { filesChanged } from './kernel/waits.ts'
import { createLoad } from './load.ts'
import type { NodeRuntime, RuntimeOptions } from './nodeRuntime.ts'
import { measuredBy } from './programs/metricsServer.ts'
import { createProbes } from './probes.ts'
import { createRuntimeState } from './runtimeState.ts'
import { specOf } from './surroundings.ts'
import { findTool as findKnownTool } from './tools/index.ts'

/** Finds the host's own tools before those that are known everywhere. */
function finderOf(own: readonly Tool[]): typeof findKnownTool {
  const byName = new Map(own.flatMap((tool) => tool.names.map((name) => [name, tool] as const)))
  return (name) => byName.get(name) ?? findKnownTool(name)
}

const sandboxMs = 60
const noAddress =
  'rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set'

/** Runs containers: image behaviours and interpreted commands, in virtual time. */
export function createRuntime(sim: Sim, network: Network, options: RuntimeOptions = {}): NodeRuntime {
  const state = sim.slice('runtime', createRuntimeState)
  const catalogue = createCatalogue(options.images)
  const findTool = options.tools === undefined ? findKnownTool : finderOf(options.tools)
  const images = createImageStore(sim, state, catalogue)
  const containers = createContainers(sim, network, state, catalogue, findTool, {
    exited: (found, code) => lives.finish(found, code),
    execEnded: (found, group, code) => execs.ended(found, group, code),
    scraped: () => load.scraped(answeringNodes()),
  })
  let answeringNodes = (): readonly string[] => []
  const execs = createExecs(sim, state, containers)
  const lives = createContainerLives(sim, network, state, catalogue, containers, execs)
  const probes = createProbes(sim, network, containers)
  const load = createLoad(state, containers)
  const faults = createFaults(sim, network, state, containers, lives)

  sim.handle('runtime', (_, event, address) => {
    if (address === undefined) images.pullEnded(event as PullEnded)
    else lives.react((address as ContainerAddress).id, event)
  })

  /** Each node's sandboxes have a stream of chance of their own. */
  const jitterOn = remembered((node) => sim.intsOf(`sandbox/${node}`))

  function removeSandbox(_: string, podUid: string): void {
    for (const found of state.containers.values())
      if (found.config.pod.metadata.uid === podUid) lives.finish(found, 137)
    network.releaseAddress(podUid)
  }

  return {
    images,
    runSandbox(node, pod, reply) {
      const podUid = pod.metadata.uid
      const { namespace, name } = pod.metadata
      const about = { name: `${namespace}/${name}`, isHostNetwork: pod.spec.hostNetwork === true }
      const ip = network.assignAddress(node, podUid, about)
      if (ip === '')
        return void sim.schedule(sandboxMs, reply.to, {
          type: 'sandbox.failed',
          token: reply.token,
          message: noAddress,
        })
      sim.schedule(sandboxMs + jitterOn(node)(40), reply.to, {
        type: 'sandbox.ready',
        token: reply.token,
        ip,
      })
    },
    removeSandbox,
    createContainer: lives.createContainer,
    startContainer: lives.startContainer,
    stopContainer: lives.stopContainer,
    updateContainer: lives.updateContainer,
    removeContainer: lives.removeContainer,
    exec: execs.exec,
    probe: probes.probe,
    logs: (id) => state.containers.get(id)?.logs ?? [],
    unfinished(id) {
      const { stdout = '', stderr = '' } = state.containers.get(id)?.unfinished ?? {}
      return stdout + stderr
    },
    terminationMessage(id) {
      const container = containers.get(id)
      if (!container) return undefined
      const path = specOf(container.state.config)?.terminationMessagePath ?? '/dev/termination-log'
      const { kernel } = container
      const text = kernel.host.files(kernel).read(path)
      return typeof text === 'string' && text !== '' ? text.slice(0, 4096) : undefined
    },
    usage: load.usage,
    usageByNode: load.usageByNode,
    scrapedAt: (nodes) => void (answeringNodes = nodes),
    measured(id) {
      const container = containers.running(id)
      return container && measuredBy(container.kernel)
    },
    powerOff: faults.powerOff,
    serviceOf: load.serviceOf,
    setRate: load.setRate,
    requestsServed: load.requestsServed,
    readFile(id, path) {
      const kernel = containers.get(id)?.kernel
      const text = kernel?.host.files(kernel).read(path)
      return typeof text === 'string' ? text : undefined
    },
    imageFile(image, path) {
      const reference = parseReference(image)
      const node = typeof reference === 'string' ? undefined : catalogue.build(reference).files.get(path)
      return node?.kind === 'file' ? node.text : undefined
    },
    environment(id) {
      const kernel = containers.get(id)?.kernel
      return kernel?.host.environment(kernel) ?? {}
    },
    diskBytes: (id) => sizes(state.containers.get(id)?.layer?.values()),
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
      const renewed = containers.running(id)
      if (!renewed) return
      filesChanged(renewed.kernel)
      proceed(renewed)
    },
    warehouse: () => state.warehouse,
    kill: faults.kill,
    crash: faults.crash,
    hang: faults.hang,
    leak: faults.leak,
    openExec: execs.openExec,
    writeExec: execs.writeExec,
    takeExec: execs.takeExec,
    signalExec: execs.signalExec,
    closeExec: execs.closeExec,
  }
}

function sizes(
  nodes: Iterable<{ readonly kind: string; readonly text?: string; readonly size?: number } | null> | undefined,
): number {
  let sum = 0
  for (const node of nodes ?? []) if (node?.kind === 'file') sum += node.size ?? node.text?.length ?? 0
  return sum
}
