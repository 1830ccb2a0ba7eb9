import { must } from '../sim/index.ts'
import { createCache, createCacheState, type Cache, type CacheState } from './cache.ts'
import type { Allocation } from './devices/types.ts'
import { runCycle, type Attempt } from './cycle.ts'
import type { Objects } from './objects.ts'
import type { PodInfo } from './podInfo.ts'
import { createQueue, type Queue } from './queue.ts'
import { createQueueState, type QueuedPod, type QueueState } from './queueState.ts'
import { defaultFrameworks, type Frameworks } from './profile.ts'
import { frameworkOf, gatingPlugin } from './responsibility.ts'
import { snapshotFrom, type Snapshot } from './snapshot.ts'

/** What the scheduler remembers about the cluster and its own work, as plain data. */
export interface CoreState {
  cache: CacheState
  queue: QueueState
  /** where the next search for nodes begins */
  start: number
  /** by volume: the claim it was promised to, until the API server knows */
  promisedVolumes: Map<string, string>
  /** by device claim: what it was given, until the API server knows */
  promisedDevices: Map<string, Allocation>
}

/** What the core needs of the world. */
export interface CoreHost {
  readonly now: () => number
  readonly random: (below: number) => number
  readonly objects: Objects
  readonly frameworks?: Frameworks
  readonly initialBackoffMs?: number
  readonly maxBackoffMs?: number
}

/** Queue, cache and cycle, without a cluster around them: what a benchmark or a test can drive alone. */
export interface Core {
  readonly cache: Cache
  readonly queue: Queue
  readonly snapshot: Snapshot
  /** Tries the next pod. Where it fits, the node counts it from now on; where not, it is back in the queue. */
  readonly scheduleNext: () => Tried | undefined
}

/** One attempt and the pod it was about. */
export interface Tried {
  readonly queued: QueuedPod
  readonly attempt: Attempt
}

/** A scheduler that has seen nothing yet. */
export function createCoreState(): CoreState {
  return {
    cache: createCacheState(),
    queue: createQueueState(),
    start: 0,
    promisedVolumes: new Map(),
    promisedDevices: new Map(),
  }
}

/** Builds the verbs over the state. */
export function createCore(state: CoreState, host: CoreHost): Core {
  const { now, random, objects, frameworks = defaultFrameworks, ...backoff } = host
  const cache = createCache(state.cache)
  const [first] = frameworks.values()
  const framework = must(first, 'a profile')
  // which events concern whom does not depend on a plugin's arguments; what its hints say does
  const plugins = new Map([...frameworks.values()].flatMap(({ plugins: all }) => all.map((one) => [one.name, one])))
  const queue = createQueue(state.queue, {
    now,
    less: framework.less,
    gateOf: (pod) =>
      state.queue.preempting.size > 0 && state.queue.preempting.has(pod.uid)
        ? 'DefaultPreemption'
        : (gatingPlugin(pod, frameworks)?.plugin ?? ''),
    pluginOf: (name, pod) =>
      pod === undefined || frameworks.size === 1
        ? plugins.get(name)
        : frameworkOf(pod.pod, frameworks)?.plugins.find((plugin) => plugin.name === name),
    ...backoff,
  })
  const snapshot = snapshotFrom(cache, state.queue.nominated, objects, state.promisedVolumes, state.promisedDevices)

  function attemptFor(pod: PodInfo): Attempt {
    const chosen = frameworks.size === 1 ? framework : (frameworkOf(pod.pod, frameworks) ?? framework)
    const attempt = runCycle({ framework: chosen, pod, snapshot, random, start: state.start })
    const count = attempt.nodes.length
    state.start = count === 0 ? 0 : (state.start + attempt.processed) % count
    return attempt
  }

  return {
    cache,
    queue,
    snapshot,
    scheduleNext() {
      const queued = queue.pop()
      if (queued === undefined) return undefined
      const attempt = attemptFor(queued.info)
      if (attempt.node !== undefined) {
        cache.assumePod(queued.info, attempt.node.name)
        queue.dropNomination(queued.info.uid)
      } else queue.putBack(queued, rejectorsOf(attempt), queued.cause)
      return { queued, attempt }
    },
  }
}

/** The plugins that said no; none when there was nothing to say no to. */
function rejectorsOf({ refusal, rejections, narrowed }: Attempt): readonly string[] {
  if (refusal !== undefined) return [refusal.plugin]
  const names = new Set(narrowed?.by)
  for (const { plugin } of rejections) names.add(plugin)
  return [...names]
}
