import {
  controllerOf,
  isEqual,
  keyOf,
  type ApiError,
  type DaemonSet,
  type KubeObject,
  type Node,
  type Pod,
} from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim } from '../claim.ts'
import {
  create,
  defineController,
  event,
  nobody,
  nothing,
  type Plan,
  type See,
  type View,
  type Write,
} from '../controller.ts'
import { revisionLabelOf } from '../history.ts'
import { orphansIndex } from '../indexes.ts'
import { forgive } from '../perform.ts'
import { deletePods, isNamespaceTerminating, podFrom } from '../podControl.ts'
import { concernedOwners } from '../podOwners.ts'
import { isRolling } from './bounds.ts'
import { cleanUp, historyOf, type History } from './history.ts'
import { manage } from './manage.ts'
import { judgeOf } from './placement.ts'
import { targetOf, templateFor, templateGenerationOf } from './podTemplate.ts'
import { rollingUpdate } from './rollingUpdate.ts'
import { byTarget, type Backoff, type Sight, type Work } from './sight.ts'
import { statusWrites, untilAvailable } from './status.ts'

interface Memory {
  /** by set, generation and node */
  readonly backoffs: Map<string, Backoff>
}

/** what one reconciliation creates or deletes at most. upstream: BurstReplicas */
const burstMax = 250

/**
 * Keeps one pod on each node that fits, and replaces them when the template changes.
 * upstream: pkg/controller/daemon/daemon_controller.go syncDaemonSet
 */
export const daemonSetController = defineController<DaemonSet, Memory>({
  name: 'daemonset-controller',
  for: 'DaemonSet',
  owns: ['Pod', 'ControllerRevision'],
  ignoresOwnStatus: true,
  createMemory: () => ({ backoffs: new Map() }),
  watches: {
    Pod: {
      indexes: { ...orphansIndex, daemonNode: { reads: ['owners', 'spec'], values: daemonNodeOf } },
      owner: 'DaemonSet',
      concerns: (change: Change<Pod>, see) =>
        concernedOwners<DaemonSet>('DaemonSet', change, see, ({ spec }) => spec.selector),
    },
    Node: { concerns: (change: Change<Node>, see) => concernedByNode(change, see) },
    ControllerRevision: { indexes: orphansIndex, concerns: () => nobody },
  },
  reconcile(view) {
    const { object: set } = view
    if (isEqual(set.spec.selector, {})) return selectsEverything(set)
    return set.metadata.deletionTimestamp === undefined ? plan(view) : nothing
  },
})

function selectsEverything(set: DaemonSet): Plan {
  const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
  return { writes: [event(set, 'Warning', 'SelectingAll', message)] }
}

function plan(view: View<DaemonSet, Memory>): Plan {
  const { object: set, now, memory, lister } = view
  const history = historyOf(view)
  const orphans = lister<Pod>('Pod').by('orphans', set.metadata.namespace ?? '')
  const { mine, writes } = claim(view, view.owned<Pod>('Pod'), orphans)
  const sight: Sight = {
    set,
    hash: history.hash,
    generation: templateGenerationOf(set),
    now,
    nodes: [...lister<Node>('Node').list()],
    judge: judgeOf(set),
    podsOn: byTarget(mine, false),
    backoffs: memory.backoffs,
  }
  const work = workFor(sight)
  const againMs = Math.min(work.againMs ?? Infinity, untilAvailable(sight, mine) ?? Infinity)
  const acts = [...history.writes, ...writes]
  return {
    ...performing(sight, history, mine, work, acts),
    ...(againMs < Infinity && { requeueAfterMs: againMs }),
  }
}

/** A rolling update goes on only when there is nothing else to do. */
function workFor(sight: Sight): Work {
  const work = manage(sight)
  if (work.births.length + work.deaths.length > 0 || !isRolling(sight.set)) return work
  const { births, deaths } = rollingUpdate(sight)
  return { ...work, births, deaths }
}

function performing(
  sight: Sight,
  { hash, old, collisionCount }: History,
  pods: readonly Pod[],
  work: Work,
  acts: Write[],
): Plan {
  const { set } = sight
  const made: string[] = []
  const doomed = work.deaths.slice(0, burstMax)
  for (const { type, reason, message } of work.events) acts.push(event(set, type, reason, message))
  const births = work.births.slice(0, burstMax).map((node) => birth(set, hash, node, made))
  if (births.length > 0) acts.push({ do: 'slowly', writes: births })
  acts.push(...deletePods(set, doomed))
  const finish = (refusals: readonly ApiError[]): readonly Write[] => [
    ...(refusals.length === 0 ? cleanUp(set, old, new Set(pods.map(revisionLabelOf))) : []),
    ...statusWrites(sight, pods, made, doomed, collisionCount),
  ]
  return { writes: acts, then: finish }
}

/** Makes one node's pod, and notes that it was made. */
function birth(set: DaemonSet, hash: string, node: string, made: string[]): Write {
  return create('Pod', podFrom(set, templateFor(set, hash, node)), {
    namespace: set.metadata.namespace,
    done({ metadata }) {
      made.push(node)
      return [event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`)]
    },
    refused: (error) =>
      isNamespaceTerminating(error)
        ? forgive
        : [event(set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)],
  })
}

/** Daemon pods by set and node. */
function daemonNodeOf(pod: KubeObject): readonly string[] {
  const owner = controllerOf(pod)
  return owner?.kind === 'DaemonSet' ? [`${owner.uid}/${targetOf(pod as Pod) ?? ''}`] : nobody
}

/** The sets that lack a pod on a node, or have one there that may not stay. upstream: syncNodeUpdate; a node that goes wakes nobody */
function* concernedByNode({ type, object: node, previous }: Change<Node>, { lister }: See): Iterable<string> {
  if (type === 'DELETED') return
  const { labels } = node.metadata
  if (previous && previous.metadata.labels === labels && previous.spec.taints === node.spec.taints) return
  for (const set of lister<DaemonSet>('DaemonSet').list()) {
    const { shouldRun, mayStay } = judgeOf(set)(node)
    const pods = lister<Pod>('Pod').by('daemonNode', `${set.metadata.uid}/${node.metadata.name}`)
    const hasPod = !pods[Symbol.iterator]().next().done
    if (shouldRun ? !hasPod : !mayStay && hasPod) yield keyOf(set)
  }
}
