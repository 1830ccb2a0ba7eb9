import { formatTime, isEqual, keyOf, type Node, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import {
  defineController,
  event,
  nobody,
  nothing,
  remove,
  updateStatus,
  type Keys,
  type Plan,
  type See,
  type View,
} from './controller.ts'
import { forgive } from './perform.ts'
import { nodeIndex } from './indexes.ts'
import { noExecuteTaints, tolerationSecondsFor } from './taints.ts'

interface Memory {
  /** evictions that wait for their time, by pod */
  readonly planned: Map<string, Planned>
}

interface Planned {
  readonly since: number
  readonly at: number
}

type Sight = View<Pod, Memory>

/**
 * Evicts pods that do not tolerate a NoExecute taint of their node, or no longer.
 * upstream: pkg/controller/tainteviction/taint_eviction.go
 */
export const taintEvictionController = defineController<Pod, Memory>({
  name: 'taint-eviction-controller',
  for: 'Pod',
  createMemory: () => ({ planned: new Map() }),
  watches: {
    Pod: {
      indexes: nodeIndex,
      when: ['birth', 'death', 'spec'],
      observe: dropPlan,
      concerns: podInDanger,
    },
    Node: {
      concerns: ({ type, object, previous }: Change<Node>, { lister }) => {
        const before = previous ? noExecuteTaints(previous) : []
        if (type === 'DELETED' || isEqual(before, noExecuteTaints(object))) return []
        return lister<Pod>('Pod').by('node', object.metadata.name).map(keyOf)
      },
    },
  },
  reconcile(view) {
    const { object: pod, lister } = view
    const node = lister<Node>('Node').get(pod.spec.nodeName ?? '')
    const taints = node ? noExecuteTaints(node) : []
    if (taints.length === 0) return cancel(view)
    const seconds = tolerationSecondsFor(taints, pod.spec.tolerations ?? [])
    if (seconds === Infinity) return cancel(view)
    return evictAfter(view, seconds)
  },
})

function dropPlan({ type, key }: Change<Pod>, { memory }: See<Memory>): void {
  if (type === 'DELETED') memory.planned.delete(key)
}

/** A pod that has come to a node with taints, or that tolerates others than before. */
function podInDanger({ type, key, object, previous }: Change<Pod>, { lister }: See): Keys {
  if (type === 'DELETED' || !object.spec.nodeName) return nobody
  const isNews = !previous?.spec.nodeName || !isEqual(previous.spec.tolerations, object.spec.tolerations)
  const node = isNews ? lister<Node>('Node').get(object.spec.nodeName) : undefined
  return node && noExecuteTaints(node).length > 0 ? key : nobody
}

function cancel({ memory, key, object }: Sight): Plan {
  if (!memory.planned.delete(key)) return nothing
  return { writes: [event(object, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)] }
}

/** The time counts from the first of an unbroken series of taints. */
function evictAfter(view: Sight, seconds: number): Plan {
  const { memory, key, now } = view
  const known = memory.planned.get(key)
  const since = known?.since ?? now
  const at = since + seconds * 1000
  if (at > now) {
    memory.planned.set(key, { since, at })
    return { writes: [], requeueAfterMs: at - now }
  }
  memory.planned.delete(key)
  return evict(view)
}

function evict({ object, key, now, find }: Sight): Plan {
  const { name, namespace } = object.metadata
  // others may be deleting it, too: what is marked is the newest state of it
  const pod = find<Pod>('Pod', name, namespace)
  if (pod === undefined) return nothing
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget')
  const target = {
    type: 'DisruptionTarget',
    observedGeneration: pod.metadata.generation,
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastProbeTime: null,
    lastTransitionTime: formatTime(now),
  }
  const marked = { ...pod, status: { ...pod.status, conditions: [...others, target] } } as unknown as Pod
  return {
    writes: [
      event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`),
      updateStatus(marked, lenient),
      remove(pod, undefined, lenient),
    ],
  }
}

const lenient = Object.freeze({
  refused: ({ code }: { readonly code: number }) => (code === 404 ? forgive : undefined),
})
