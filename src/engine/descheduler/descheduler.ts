import { ApiError, controllerOf, type Node, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import { observe } from '../scheduler/observe.ts'
import { createSimulation, isOverPod, unplaced, type PodInfo } from '../scheduler/simulation.ts'
import type { TimerEvent } from '../sim/index.ts'
import { obstacleTo } from './evictable.ts'
import { checkOptions, DeschedulerOptionsError, intervalMsDefault, type DeschedulerOptions } from './options.ts'
import type { Round } from './round.ts'
import { strategies } from './strategies/index.ts'

/** What the descheduler signs its events with. */
const reporter = 'sigs.k8s.io/descheduler'

/** The descheduler: evicts pods that would be placed elsewhere today. */
export interface Descheduler {
  /** how many pods it has evicted so far */
  readonly evictions: () => number
}

interface State {
  isTicking: boolean
  evictions: number
}

/** Starts the descheduler of a process, or finds it again after a restore. */
export function createDescheduler(client: Client, options: DeschedulerOptions): Descheduler {
  checkOptions(options)
  for (const { name } of options.strategies)
    if (!Object.hasOwn(strategies, name)) throw new DeschedulerOptionsError(`there is no strategy ${name}`)
  const { process } = client
  const { sim, name } = process
  const { nodes, pods, objects } = observe(client)
  const recorder = client.as(reporter)
  const state = sim.slice<State>(`descheduler/${name}`, () => ({ isTicking: false, evictions: 0 }))
  const { evictor = {}, maxNoOfPodsToEvictPerNode = Infinity, maxNoOfPodsToEvictPerNamespace = Infinity } = options

  function runRound(): void {
    const round = createRound()
    const wanted = new Map(options.strategies.map((strategy) => [strategy.name, strategy.args ?? {}]))
    for (const [strategy, run] of Object.entries(strategies)) {
      const args = wanted.get(strategy as keyof typeof strategies)
      if (args !== undefined) run(round, args)
    }
  }

  function createRound(): Round {
    const ready = [...nodes.list()].filter(isReady)
    const running = [...pods.list()].filter((pod) => pod.spec.nodeName && !isOverPod(pod))
    const simulation = createSimulation({ nodes: ready, pods: running, objects })
    const evicted = new Set<string>()
    const byNode = new Map<string, number>()
    const byNamespace = new Map<string, number>()
    const replicas = new Map<string, number>()
    for (const pod of running) {
      const owner = controllerOf(pod)?.uid ?? ''
      replicas.set(owner, (replicas.get(owner) ?? 0) + 1)
    }
    const replicasOf = ({ pod }: PodInfo): number => replicas.get(controllerOf(pod)?.uid ?? '') ?? 1
    const nodeOf = ({ pod }: PodInfo): string => pod.spec.nodeName ?? ''
    const fitsElsewhere = (pod: PodInfo): boolean => {
      const others = ready.map(({ metadata }) => metadata.name).filter((other) => other !== nodeOf(pod))
      return simulation.placeFor(unplaced(pod), others) !== undefined
    }
    return {
      nodes: ready,
      podsOn: (node) => simulation.podsOn(node).filter((pod) => !evicted.has(pod.uid) && !pod.isTerminating),
      isEvictable: (pod) => obstacleTo(pod, evictor, replicasOf) === undefined,
      evict(pod, strategy) {
        const [node, { namespace }] = [nodeOf(pod), pod]
        if (evicted.has(pod.uid) || (evictor.nodeFit === true && !fitsElsewhere(pod))) return false
        if ((byNode.get(node) ?? 0) >= maxNoOfPodsToEvictPerNode) return false
        if ((byNamespace.get(namespace) ?? 0) >= maxNoOfPodsToEvictPerNamespace) return false
        if (!ask(pod.pod, strategy)) return false
        evicted.add(pod.uid)
        byNode.set(node, (byNode.get(node) ?? 0) + 1)
        byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + 1)
        return true
      },
      simulation,
      evicted,
    }
  }

  /** Evicts a pod by the API, which asks the disruption budgets. */
  // upstream: pkg/descheduler/evictions/evictions.go
  function ask(pod: Pod, strategy: string): boolean {
    const { name: podName, namespace } = pod.metadata
    const record = sim.record(name, 'pod.descheduled', `Pod/${namespace}/${podName}`, { strategy })
    return sim.because(record, () => {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: podName, namespace } }
      try {
        client.post({ kind: 'Pod', name: podName, namespace }, 'eviction', body)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return false
      }
      state.evictions++
      const message = `pod evicted from ${pod.spec.nodeName} node by ${reporter}`
      recorder.event(pod, { type: 'Normal', reason: strategy, message, action: 'Descheduled' })
      return true
    })
  }

  function tick(): void {
    sim.schedulePeriodic(options.intervalMs ?? intervalMsDefault, `${name}/round`, due)
  }

  sim.handle(name, () => {
    tick()
    if (process.isUp()) runRound()
  })
  if (!state.isTicking) {
    state.isTicking = true
    tick()
  }
  return { evictions: () => state.evictions }
}

const due: TimerEvent = Object.freeze({ type: 'due' })

function isReady({ status }: Node): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
}
