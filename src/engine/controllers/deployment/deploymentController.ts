import {
  controllerOf,
  isEqual,
  keyOf,
  selects,
  type Deployment,
  type OwnerReference,
  type Pod,
  type ReplicaSet,
} from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim, ownerKeyOf } from '../claim.ts'
import {
  defineController,
  event,
  nobody,
  updateStatus,
  type Keys,
  type Plan,
  type See,
  type View,
  type Write,
} from '../controller.ts'
import { controllerIndex, orphansIndex } from '../indexes.ts'
import { isRolling, sumsOf } from './bounds.ts'
import {
  availability,
  conditionOf,
  conditionsRenewed,
  conditionsWith,
  conditionsWithout,
  countedStatus,
  deadlineOf,
  isComplete,
  isProgress,
  isTimedOut,
  withCondition,
  type Finding,
  type Status,
} from './conditions.ts'
import { named, rolloutOf, syncRevision, writeStatus, type Rollout } from './rollout.ts'
import { isScaled, share } from './scaling.ts'
import { cleanUp, recreate, roll } from './strategies.ts'

/** what the refused status write takes */
const lostStatusMs = 2

interface Memory {
  /** keys of Deployments whose ReplicaSet has just been made */
  readonly born: Set<string>
}

/**
 * Moves pods from one template to the next by scaling ReplicaSets, one step per reconciliation.
 * upstream: pkg/controller/deployment/deployment_controller.go syncDeployment
 */
export const deploymentController = defineController<Deployment, Memory>({
  name: 'deployment-controller',
  for: 'Deployment',
  owns: ['ReplicaSet'],
  retriesMax: 15,
  createMemory: () => ({ born: new Set() }),
  ignoresOwnStatus: true,
  watches: {
    ReplicaSet: { indexes: orphansIndex, concerns: ownersOf },
    Pod: {
      indexes: controllerIndex,
      when: ['death'],
      concerns: recreatedBy,
    },
  },
  reconcile(view) {
    const { object: deployment } = view
    if (isEqual(deployment.spec.selector, everything)) return selectsEverything(deployment)
    const orphans = view.lister<ReplicaSet>('ReplicaSet').by('orphans', deployment.metadata.namespace ?? '')
    const { mine, writes } = claim(view, view.owned<ReplicaSet>('ReplicaSet'), orphans)
    // what was adopted or released is seen, and reckoned with, the next time
    if (writes.length > 0) return { writes }
    return planWithBirth(view, rolloutOf(view, deployment, mine))
  },
})

const everything = Object.freeze({})

/**
 * What follows the making of a ReplicaSet comes one step later, and without the status: upstream does it in one go, and is then
 * refused for its own earlier write, so that the status is left to yet another look.
 */
function planWithBirth({ memory, key }: View<Deployment, Memory>, rollout: Rollout): Plan {
  const isFollowing = memory.born.delete(key)
  const next = plan(rollout, isFollowing)
  if (!rollout.isBorn) return next
  const then = (): readonly Write[] => {
    memory.born.add(key)
    return []
  }
  return { ...next, then, wake: [key] }
}

function plan(rollout: Rollout, isFollowing: boolean): Plan {
  const { deployment } = rollout
  if (deployment.metadata.deletionTimestamp !== undefined) return withStatus(rollout, false)
  notePause(rollout)
  if (deployment.spec.paused || isScaled(rollout)) {
    syncRevision(rollout, false)
    if (rollout.isOver) return { writes: rollout.writes }
    share(rollout)
    if (deployment.spec.paused) cleanUp(rollout)
    return withStatus(rollout, false)
  }
  if (isRolling(deployment.spec)) roll(rollout)
  else recreate(rollout)
  if (isFollowing && !rollout.isOver) return { writes: rollout.writes, wake: [keyOf(deployment)], moreMs: lostStatusMs }
  return rollout.isOver ? { writes: rollout.writes, isStale: rollout.isStale } : withStatus(rollout, true)
}

/** upstream: checkPausedConditions */
function notePause(rollout: Rollout): void {
  const { deployment, isTimed, see } = rollout
  if (!isTimed) return
  const known = conditionOf(deployment.status?.conditions, 'Progressing')
  if (known?.reason === 'ProgressDeadlineExceeded') return
  const isKnown = known?.reason === 'DeploymentPaused'
  if (Boolean(deployment.spec.paused) === isKnown) return
  const finding = deployment.spec.paused ? pausedFinding : resumedFinding
  writeStatus(rollout, {
    ...deployment,
    status: withCondition(deployment.status ?? {}, finding, see.now),
  } as Deployment)
}

const pausedFinding: Finding = Object.freeze({
  type: 'Progressing',
  status: 'Unknown',
  reason: 'DeploymentPaused',
  message: 'Deployment is paused',
})

const resumedFinding: Finding = Object.freeze({
  type: 'Progressing',
  status: 'Unknown',
  reason: 'DeploymentResumed',
  message: 'Deployment is resumed',
})

/** Ends a plan with the Deployment's status, if that is another. upstream: syncRolloutStatus, syncDeploymentStatus */
function withStatus(rollout: Rollout, isRollout: boolean): Plan {
  const { deployment, see, seen, freshName, writes } = rollout
  const sums = sumsOf(seen)
  const status = countedStatus(deployment, sums, named(freshName, seen))
  const isDone = isComplete(deployment, status)
  const enough = availability(deployment, sums.available)
  let conditions = conditionsWith(deployment.status?.conditions, enough, see.now)
  if (isRollout) conditions = withProgress(rollout, status, isDone, conditions)
  if (conditions !== undefined) status.conditions = conditions as NonNullable<Status['conditions']>
  const requeueAfterMs = isRollout && !isDone ? stuckCheck(rollout, conditions) : undefined
  if (isEqual(status, deployment.status)) return { writes, requeueAfterMs }
  // what is complete is cleaned up by the next look
  const isNews = isDone && !isComplete(deployment, deployment.status ?? {})
  const { apiVersion, kind, metadata, spec } = deployment
  writes.push(updateStatus({ apiVersion, kind, metadata, spec, status } as Deployment))
  return { writes, wake: isNews ? [keyOf(deployment)] : undefined, requeueAfterMs }
}

type Conditions = Status['conditions']

/** Says how far the rollout has come, and what is in its way. */
function withProgress(rollout: Rollout, counted: Status, isDone: boolean, before: Conditions): Conditions {
  const { isTimed, see } = rollout
  const known = conditionOf(before, 'Progressing')
  const isOld = known?.reason === 'NewReplicaSetAvailable' && counted.replicas === counted.updatedReplicas
  let conditions = before
  if (!isTimed) conditions = conditionsWithout(before, 'Progressing')
  else if (!isOld) conditions = progressOf(rollout, counted, isDone, before)
  const failure = failureOf(rollout)
  return failure ? conditionsWith(conditions, failure, see.now) : conditionsWithout(conditions, 'ReplicaFailure')
}

function progressOf(
  { deployment, see, freshName }: Rollout,
  counted: Status,
  isDone: boolean,
  before: Conditions,
): Conditions {
  const who = freshName === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${freshName}"`
  if (isDone)
    return conditionsWith(
      before,
      progress('True', 'NewReplicaSetAvailable', `${who} has successfully progressed.`),
      see.now,
    )
  if (isProgress(deployment.status ?? {}, counted))
    return conditionsRenewed(before, progress('True', 'ReplicaSetUpdated', `${who} is progressing.`), see.now)
  if (!isTimedOut(deployment, conditionOf(before, 'Progressing'), see.now)) return before
  return conditionsWith(
    before,
    progress('False', 'ProgressDeadlineExceeded', `${who} has timed out progressing.`),
    see.now,
  )
}

function progress(status: Finding['status'], reason: string, message: string): Finding {
  return { type: 'Progressing', status, reason, message }
}

/** What a ReplicaSet complains of; the new one's word counts first. upstream: getReplicaFailures */
function failureOf({ fresh, sets }: Rollout): Finding | undefined {
  const first = fresh && complaintOf(fresh)
  if (first !== undefined) return first
  for (const set of sets) {
    const complaint = set === fresh ? undefined : complaintOf(set)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

function complaintOf({ status }: ReplicaSet): Finding | undefined {
  const complaint = status?.conditions?.find(({ type }) => type === 'ReplicaFailure')
  if (complaint === undefined) return undefined
  const { status: is, reason = '', message = '' } = complaint
  return { type: 'ReplicaFailure', status: is as Finding['status'], reason, message }
}

/** When to look again, to see whether the deadline is over. upstream: requeueStuckDeployment */
function stuckCheck({ deployment, isTimed, see }: Rollout, conditions: Conditions): number | undefined {
  const condition = conditionOf(conditions, 'Progressing')
  if (condition === undefined || !isTimed) return undefined
  if (condition.reason === 'ProgressDeadlineExceeded' || condition.reason === 'NewReplicaSetAvailable') return undefined
  return Math.max(1000, deadlineOf(deployment, condition) - see.now + 1000)
}

function selectsEverything(deployment: Deployment): Plan {
  const { metadata, status } = deployment
  const told = event(
    deployment,
    'Warning',
    'SelectingAll',
    'This deployment is selecting all pods. A non-empty selector is required.',
  )
  if ((status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)) return { writes: [told] }
  return {
    writes: [
      told,
      updateStatus({ ...deployment, status: { ...status, observedGeneration: metadata.generation } } as Deployment),
    ],
  }
}

/** The Deployments that a ReplicaSet's change concerns: mostly its owner, which is the one that it had before. */
function ownersOf(change: Change<ReplicaSet>, see: See): Keys {
  const { object, previous } = change
  const owner = controllerOf(object)
  if (owner === undefined || previous?.metadata.ownerReferences !== object.metadata.ownerReferences)
    return ownersByMove(change, see)
  const key = seenOwner(owner, object, see)
  return key ?? nobody
}

/** Its owners before and after, or, for an orphan, whoever could adopt it. */
function* ownersByMove({ type, object, previous }: Change<ReplicaSet>, see: See): Iterable<string> {
  const owner = controllerOf(object)
  const before = previous && controllerOf(previous)
  if (before?.kind === 'Deployment' && before.uid !== owner?.uid) yield `${object.metadata.namespace}/${before.name}`
  const key = owner && seenOwner(owner, object, see)
  if (key !== undefined) yield key
  if (owner !== undefined || type === 'DELETED') return
  for (const deployment of see.lister<Deployment>('Deployment').list())
    if (
      deployment.metadata.namespace === object.metadata.namespace &&
      selects(deployment.spec.selector, object.metadata.labels)
    )
      yield keyOf(deployment)
}

function seenOwner(owner: OwnerReference, { metadata }: ReplicaSet, see: See): string | undefined {
  if (owner.kind !== 'Deployment') return undefined
  const key = ownerKeyOf(owner, metadata.namespace)
  return see.own.get(key)?.metadata.uid === owner.uid ? key : undefined
}

/** A Deployment that recreates waits for its last old pod to be gone. */
function* recreatedBy({ object }: Change<Pod>, see: See): Iterable<string> {
  const owner = controllerOf(object)
  if (owner?.kind !== 'ReplicaSet') return
  const set = see.lister<ReplicaSet>('ReplicaSet').get(`${object.metadata.namespace}/${owner.name}`)
  const above = set && controllerOf(set)
  if (above?.kind !== 'Deployment') return
  const deployment = see.lister<Deployment>('Deployment').get(`${object.metadata.namespace}/${above.name}`)
  if (deployment !== undefined && !isRolling(deployment.spec)) yield keyOf(deployment)
}
