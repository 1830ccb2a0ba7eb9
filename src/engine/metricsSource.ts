import type { Pod } from './api/index.ts'
import type { MetricsServer, MetricsSource } from './apiserver/aggregation/metricsSource.ts'
import type { Machines } from './machines.ts'
import { nodeUsage, podUsage, type Measurements } from './node/runtime/index.ts'

/** The metrics servers that run as containers, as the API server reaches them. */
export function metricsSourceOf({ nodes, runtime }: Machines): MetricsSource {
  function measuredIn(pod: Pod): Measurements | undefined {
    for (const { id, isRunning } of nodes.find(pod)) {
      const found = isRunning ? runtime.measured(id) : undefined
      if (found !== undefined) return found
    }
    return undefined
  }

  return {
    serverAt({ pods }) {
      for (const pod of pods) {
        const found = measuredIn(pod)
        if (found !== undefined) return metricsServerOf(found)
      }
      return undefined
    },
  }
}

function metricsServerOf(measured: Measurements): MetricsServer {
  return {
    ofPod({ metadata }) {
      const found = podUsage(measured, metadata.uid)
      if (found === undefined) return undefined
      const { at, windowMs, points } = found
      return { at, windowMs, containers: points.map((usage) => ({ name: usage.container, usage })) }
    },
    ofNode: ({ metadata }) => nodeUsage(measured, metadata.name),
  }
}
