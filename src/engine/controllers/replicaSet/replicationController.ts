import { isEqual, type ApiError, type Pod, type ReplicaSet, type ReplicationController } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim } from '../claim.ts'
import { defineController, nothing, updateStatus, type Plan, type View, type Write } from '../controller.ts'
import { orphansIndex } from '../indexes.ts'
import { createPods, deletePods } from '../podControl.ts'
import { concernedOwners } from '../podOwners.ts'
import { isActive } from '../pods.ts'
import { doomedPods } from './deletionOrder.ts'
import { burstReplicas, conditionsOf, countedStatus, countPods, type Counts } from './replicaSetController.ts'

/**
 * Creates or deletes pods until as many exist as the ReplicationController asks for: the ReplicaSet's way, under its old name.
 * upstream: pkg/controller/replication/replication_controller.go, conversion.go
 */
export const replicationController = defineController<ReplicationController>({
  name: 'replication-controller',
  for: 'ReplicationController',
  owns: ['Pod'],
  ignoresOwnStatus: true,
  watches: {
    Pod: {
      indexes: orphansIndex,
      owner: 'ReplicationController',
      concerns: (change: Change<Pod>, see) =>
        concernedOwners<ReplicationController>('ReplicationController', change, see, selectorOf),
    },
  },
  reconcile(view) {
    if (selectorOf(view.object) === undefined) return nothing
    return reconcile({ ...view, object: asSet(view.object) }, view.object)
  },
})

function selectorOf({ spec }: ReplicationController) {
  return spec.selector && Object.keys(spec.selector).length > 0 ? { matchLabels: spec.selector } : undefined
}

/** The same wish in a ReplicaSet's words. */
function asSet(controller: ReplicationController): ReplicaSet {
  return {
    ...controller,
    spec: { ...controller.spec, selector: selectorOf(controller) },
  } as unknown as ReplicaSet
}

function reconcile(view: View<ReplicaSet>, controller: ReplicationController): Plan {
  const { object: set, now, lister } = view
  const active = view.owned<Pod>('Pod').filter(isActive)
  const orphans = lister<Pod>('Pod')
    .by('orphans', set.metadata.namespace ?? '')
    .filter(isActive)
  const { mine, writes } = claim(view, active, orphans)
  const { counts, nextAt } = countPods(set, mine, 0, now)
  const plan: Plan = {
    writes: [...writes, ...manage(set, mine, now)],
    then: (refusals) => statusWrites(controller, set, counts, refusals[0], now),
  }
  return nextAt === undefined ? plan : { ...plan, requeueAfterMs: nextAt - now }
}

function manage(set: ReplicaSet, pods: readonly Pod[], now: number): readonly Write[] {
  if (set.metadata.deletionTimestamp !== undefined) return []
  const missing = (set.spec.replicas ?? 1) - pods.length
  if (missing > 0) return createPods(set, set.spec.template, Math.min(missing, burstReplicas))
  const siblings = (node: string): number => pods.filter(({ spec }) => spec.nodeName === node).length
  return deletePods(set, doomedPods(pods, Math.min(-missing, burstReplicas), siblings, now))
}

function statusWrites(
  controller: ReplicationController,
  set: ReplicaSet,
  counts: Counts,
  failure: ApiError | undefined,
  now: number,
): readonly Write[] {
  const conditions = conditionsOf(set, counts, failure, now)
  const status = countedStatus(counts)
  status.observedGeneration = set.metadata.generation ?? 0
  if (conditions.length > 0) status.conditions = conditions as NonNullable<typeof status.conditions>
  return isEqual(status, set.status) ? [] : [updateStatus({ ...controller, status } as ReplicationController)]
}
