import type { ApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { cpuMilli, parseQuantity, type Api, type Pod } from '../../../src/engine/api/index.ts'
import type { Sim } from '../../../src/engine/sim/index.ts'
import type { Step } from './recording.ts'

/** A metrics server outside the cluster that says what it is told to. */
export interface PlayedMetrics {
  /** From now on every container uses what a recording's step says. */
  readonly tell: (step: Step) => void
}

const name = 'v1beta1.metrics.k8s.io'

/** The stub of the recordings: behind an APIService whose Service is of type ExternalName; there once something is told. */
export function createPlayedMetrics(sim: Sim, server: ApiServer, api: Api): PlayedMetrics {
  let told: { readonly cpuMilli: number; readonly memoryBytes: number } | undefined
  let windowMs = 0

  server.metricsFrom({
    serverAt: ({ externalName }) =>
      externalName === undefined || told === undefined
        ? undefined
        : { ofPod: (pod) => sampleOf(pod), ofNode: () => undefined },
  })

  /** Pods that run have been measured just now. */
  function sampleOf({ spec, status }: Pod) {
    if (status.phase !== 'Running') return undefined
    return {
      at: sim.now(),
      windowMs,
      containers: spec.containers.map((container) => ({ name: container.name, usage: told! })),
    }
  }

  function install(): void {
    const service = { name: 'metrics', namespace: 'default' }
    const spec = { type: 'ExternalName', externalName: 'metrics.example.com' }
    api.create({ apiVersion: 'v1', kind: 'Service', metadata: service, spec })
    api.create({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name },
      spec: { group: 'metrics.k8s.io', version: 'v1beta1', service, groupPriorityMinimum: 100, versionPriority: 100 },
    })
  }

  return {
    tell({ usage = '', window = '' }) {
      const [, cpu = '0'] = /every pod (\d+m)/.exec(usage) ?? []
      const [, memory = '0'] = /(\d+Mi) memory/.exec(usage) ?? []
      told = { cpuMilli: cpuMilli(cpu), memoryBytes: parseQuantity(memory) }
      windowMs = 1000 * parseInt(window, 10)
      if (api.find('APIService', name) === undefined) install()
    },
  }
}
