import type { Containers, LiveContainer } from './containers.ts'
import type { ScrapeAnswer, UsagePoint } from './kernel/host.ts'
import type { NodeRuntime } from './nodeRuntime.ts'
import { workOf, type RuntimeState } from './runtimeState.ts'

interface Scraped {
  /** What each running container uses, on nodes that answer. */
  readonly scraped: (nodes: readonly string[]) => ScrapeAnswer
}

/** What containers serve, for the arithmetic of traffic, and what they use. */
export function createLoad(
  state: RuntimeState,
  containers: Containers,
): Pick<NodeRuntime, 'serviceOf' | 'setRate' | 'requestsServed' | 'usage' | 'usageByNode'> & Scraped {
  function sample(container: LiveContainer, port: number, path: string, host: string): number | undefined {
    const { logs, unfinished } = container.state
    const count = logs.length
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
    container.state.unfinished = unfinished
    return answer?.status
  }

  return {
    serviceOf(id, port) {
      const found = containers.listenerAt(id, port)
      const container = found && containers.running(id)
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
      if (found) workOf(found).requestsPerSecond = requestsPerSecond
    },
    requestsServed: (id) => state.containers.get(id)?.work?.requests ?? 0,
    usage(id) {
      const found = state.containers.get(id)
      if (found?.phase !== 'running') return { cpuMilli: 0, memoryBytes: 0 }
      return { cpuMilli: containers.cpuMilli(found), memoryBytes: containers.memoryBytes(found) }
    },
    scraped(nodes) {
      const answering = new Set(nodes)
      const points: UsagePoint[] = []
      for (const found of state.containers.values()) {
        const { config, phase, startedAt } = found
        if (phase !== 'running' || !answering.has(config.node)) continue
        points.push(
          Object.freeze({
            node: config.node,
            podUid: config.pod.metadata.uid,
            container: config.name,
            startedAt,
            cpuMilli: containers.cpuMilli(found),
            memoryBytes: containers.memoryBytes(found),
          }),
        )
      }
      return { nodes, points }
    },
    usageByNode() {
      const sums = new Map<string, { cpuMilli: number; memoryBytes: number }>()
      for (const found of state.containers.values()) {
        const { config, phase } = found
        if (phase !== 'running') continue
        const sum = sums.get(config.node) ?? { cpuMilli: 0, memoryBytes: 0 }
        sum.cpuMilli += containers.cpuMilli(found)
        sum.memoryBytes += containers.memoryBytes(found)
        sums.set(config.node, sum)
      }
      return sums
    },
  }
}
