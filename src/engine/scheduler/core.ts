import { createCache, createCacheState, type Cache, type CacheState } from './cache.ts'
import { runCycle, type Attempt } from './cycle.ts'
import type { Objects } from './objects.ts'
import type { PodInfo } from './podInfo.ts'
import { createQueue, createQueueState, type Queue, type QueuedPod, type QueueState } from './queue.ts'
import { defaultProfile } from './profile.ts'
import { frameworkFor, gatingPlugin } from './responsibility.ts'
import { snapshotFrom, type Snapshot } from './snapshot.ts'

/** What the scheduler remembers about the cluster and its own work, as plain data. */
export interface CoreState {
  cache: CacheState
  queue: QueueState
  /** where the next search for nodes begins */
  start: number
  /** by volume: the claim it was promised to, until the API server knows */
  promisedVolumes: Map<string, string>
}

/** What the core needs of the world. */
export interface CoreHost {
  readonly now: () => number
  readonly random: (below: number) => number
  readonly objects: Objects
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
  return { cache: createCacheState(), queue: createQueueState(), start: 0, promisedVolumes: new Map() }
}

/** Builds the verbs over the state. */
export function createCore(state: CoreState, { now, random, objects }: CoreHost): Core {
  const cache = createCache(state.cache)
  const framework = frameworkFor(defaultProfile.schedulerName)!
  const plugins = new Map(framework.plugins.map((plugin) => [plugin.name, plugin]))
  const queue = createQueue(state.queue, {
    now,
    less: framework.less,
    gateOf: (pod) => (state.queue.preempting.has(pod.uid) ? 'DefaultPreemption' : (gatingPlugin(pod)?.plugin ?? '')),
    pluginOf: (name) => plugins.get(name),
  })
  const snapshot = snapshotFrom(cache, state.queue.nominated, objects, state.promisedVolumes)

  function attemptFor(pod: PodInfo): Attempt {
    const attempt = runCycle({ framework, pod, snapshot, random, start: state.start })
    const count = snapshot.nodes.length
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
        cache.addPod(queued.info, attempt.node.name, true)
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
