import {
  isEqual,
  requirementsOf,
  type ControllerRevision,
  type PersistentVolumeClaim,
  type Pod,
  type StatefulSet,
} from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim } from '../claim.ts'
import {
  create,
  defineController,
  event,
  nothing,
  patch,
  remove,
  updateStatus,
  type Plan,
  type View,
  type Write,
} from '../controller.ts'
import { placeIn, revisionLabelOf, truncated } from '../history.ts'
import { controllerIndex, orphansIndex } from '../indexes.ts'
import { forgive } from '../perform.ts'
import { isNamespaceTerminating } from '../podControl.ts'
import { concernedOwners } from '../podOwners.ts'
import { claimOwner, claimsFor, missingLabels, ordinalOf, ownersFor } from './identity.ts'
import { revisionHash } from './revisionHash.ts'
import { countsOf, newPod, nextAvailableAt, standOf, stepsOf, type Stand, type Step } from './rollout.ts'

type Sight = View<StatefulSet>

/**
 * Keeps numbered pods with claims of their own, one after the other unless the set says otherwise.
 * upstream: pkg/controller/statefulset
 */
export const statefulSetController = defineController<StatefulSet>({
  name: 'statefulset-controller',
  for: 'StatefulSet',
  owns: ['Pod'],
  watches: {
    Pod: {
      indexes: orphansIndex,
      owner: 'StatefulSet',
      concerns: (change: Change<Pod>, see) =>
        concernedOwners<StatefulSet>('StatefulSet', change, see, ({ spec }) => spec.selector),
    },
    ControllerRevision: { indexes: controllerIndex },
    PersistentVolumeClaim: {},
  },
  reconcile(view) {
    return requirementsOf(view.object.spec.selector) === undefined ? nothing : reconcile(view)
  },
})

function reconcile(view: Sight): Plan {
  const { object: set, lister, now } = view
  const orphans = lister<Pod>('Pod').by('orphans', set.metadata.namespace ?? '')
  const claimed = claim(
    view,
    view.owned<Pod>('Pod'),
    orphans.filter((pod) => ordinalOf(set, pod) >= 0),
  )
  const known = lister<ControllerRevision>('ControllerRevision').by('controller', set.metadata.uid)
  const place = placeIn(known, {
    owner: set,
    template: set.spec.template,
    collisionCount: set.status.collisionCount ?? 0,
    hashLabel: 'controller.kubernetes.io/hash',
    limit: set.spec.revisionHistoryLimit ?? 10,
    hash: revisionHash,
  })
  const update = place.revision
  const current = known.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update
  const stand = standOf(set, claimed.mine, current, update, now)
  const steps = set.metadata.deletionTimestamp === undefined ? stepsOf(stand) : []
  const at = nextAvailableAt(stand)
  return {
    writes: [...claimed.writes, ...place.writes, ...steps.flatMap((step) => writesFor(view, stand, step))],
    then: () => [
      ...statusWrites(stand, claimed.mine, steps, place.collisionCount),
      ...tidy(stand, claimed.mine, known),
    ],
    ...(at !== undefined && { requeueAfterMs: at - now }),
  }
}

/** Revisions that no pod is made from any more, beyond those that are kept. */
function tidy({ set, current, update }: Stand, pods: readonly Pod[], known: readonly ControllerRevision[]) {
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionLabelOf)])
  return truncated(known, ({ metadata }) => live.has(metadata.name), set.spec.revisionHistoryLimit ?? 10)
}

function writesFor(view: Sight, stand: Stand, step: Step): readonly Write[] {
  if (step.do === 'create') return [...missingClaims(view, step.ordinal), birth(view, stand, step.ordinal)]
  const isCondemned = stand.condemned.includes(step.pod)
  const owners = claimOwners(view, step.pod, isCondemned)
  if (step.do === 'delete') return [...owners, death(view.object, step.pod)]
  const claims = step.pod.status.phase === 'Pending' ? missingClaims(view, ordinalOf(view.object, step.pod)) : []
  const labels = missingLabels(view.object, step.pod)
  return [...claims, ...owners, ...(labels ? [patch(step.pod, { metadata: { labels } })] : [])]
}

function birth(view: Sight, stand: Stand, ordinal: number): Write {
  const { set } = stand
  const name = `${set.metadata.name}-${ordinal}`
  const about = `Create Pod ${name} in StatefulSet ${set.metadata.name}`
  return create('Pod', newPod(stand, ordinal), {
    namespace: set.metadata.namespace,
    done: (pod) => [
      event(set, 'Normal', 'SuccessfulCreate', `${about} successful`),
      ...claimOwners(view, pod as Pod, false),
    ],
    refused: (error) => {
      if (isNamespaceTerminating(error)) return forgive
      return error.code === 409
        ? []
        : [event(set, 'Warning', 'FailedCreate', `${about} failed error: ${error.message}`)]
    },
  })
}

function death(set: StatefulSet, pod: Pod): Write {
  const about = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  return remove(pod, undefined, {
    done: () => [event(set, 'Normal', 'SuccessfulDelete', `${about} successful`)],
    refused: ({ code, message }) =>
      code === 404 ? forgive : [event(set, 'Warning', 'FailedDelete', `${about} failed error: ${message}`)],
  })
}

/** Claims are made before the pod that needs them; without them there is no pod. */
function missingClaims({ object: set, lister }: Sight, ordinal: number): readonly Write[] {
  const known = lister<PersistentVolumeClaim>('PersistentVolumeClaim')
  return claimsFor(set, ordinal).flatMap((object) => {
    const { name, namespace } = (object as PersistentVolumeClaim).metadata
    if (known.get(`${namespace}/${name}`) !== undefined) return []
    const about = `Create Claim ${name} Pod ${set.metadata.name}-${ordinal} in StatefulSet ${set.metadata.name}`
    return create('PersistentVolumeClaim', object, {
      namespace,
      done: () => [event(set, 'Normal', 'SuccessfulCreate', `${about} success`)],
      refused: ({ code }) => (code === 409 ? forgive : undefined),
      lastWords: ({ message }) => [event(set, 'Warning', 'FailedCreate', `${about} failed error: ${message}`)],
    })
  })
}

function claimOwners({ object: set, lister, find }: Sight, pod: Pod, isCondemned: boolean): readonly Write[] {
  if (!set.spec.volumeClaimTemplates?.length) return []
  const known = lister<PersistentVolumeClaim>('PersistentVolumeClaim')
  const owner = claimOwner(set, pod, isCondemned)
  return claimsFor(set, ordinalOf(set, pod)).flatMap((object) => {
    const { name, namespace } = (object as PersistentVolumeClaim).metadata
    const found =
      known.get(`${namespace}/${name}`) ?? find<PersistentVolumeClaim>('PersistentVolumeClaim', name, namespace)
    const ownerReferences = found && ownersFor(found, set, pod, owner)
    return found && ownerReferences ? [patch(found, { metadata: { ownerReferences } })] : []
  })
}

/** The status tells of what was seen before anything was done. upstream: completeRollingUpdate, inconsistentStatus */
function statusWrites(
  stand: Stand,
  pods: readonly Pod[],
  steps: readonly Step[],
  collisionCount: number,
): readonly Write[] {
  const { set, current, update, slots } = stand
  const counts = countsOf(stand, pods)
  const isReplaced = steps.some(
    (step) => step.do === 'delete' && slots.some(({ pod }) => pod === step.pod) && isOld(stand, step.pod),
  )
  const { replicas, readyReplicas, updatedReplicas } = counts
  const wanted = set.spec.replicas ?? 1
  const isDone =
    (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate' &&
    updatedReplicas === replicas &&
    readyReplicas === replicas &&
    replicas === wanted
  const currentReplicas = isDone ? updatedReplicas : counts.currentReplicas - Number(isReplaced)
  const next = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas,
    ...(readyReplicas > 0 && { readyReplicas }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updatedReplicas > 0 && { updatedReplicas }),
    currentRevision: isDone ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
    availableReplicas: counts.availableReplicas,
  }
  return isEqual(next, set.status) ? [] : [updateStatus({ ...set, status: next } as unknown as StatefulSet)]
}

/** A pod that goes because its set's template has changed. */
function isOld({ current, update }: Stand, pod: Pod): boolean {
  const revision = revisionLabelOf(pod)
  return revision === current.metadata.name && revision !== update.metadata.name
}
