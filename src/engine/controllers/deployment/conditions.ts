import { formatTime, parseTime, type Deployment, type ReplicaSet } from '../../api/index.ts'
import { actualOf, availableOf, boundsOf, readyOf, replicasOf, wantedOf } from './bounds.ts'

export type Status = Deployment['status']
export type Condition = NonNullable<Status['conditions']>[number]

/** A condition as it is now; times are filled in by `withCondition`. */
export interface Finding {
  readonly type: 'Progressing' | 'Available' | 'ReplicaFailure'
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

const noDeadline = 2147483647

const noConditions: readonly Condition[] = Object.freeze([])

/** The condition of that type, if there is one. */
export function conditionOf({ conditions }: Status, type: string): Condition | undefined {
  for (const condition of conditions ?? noConditions) if (condition.type === type) return condition
  return undefined
}

/** Whether somebody wants to know that a rollout is stuck. */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline
}

/** A status with a condition set. Same status and reason: nothing changes. upstream: SetDeploymentCondition */
export function withCondition(status: Status, finding: Finding, now: number): Status {
  const current = conditionOf(status, finding.type)
  if (current?.status === finding.status && current.reason === finding.reason) return status
  const isTurn = current?.status !== finding.status
  return withFinding(status, finding, now, isTurn ? formatTime(now) : current.lastTransitionTime)
}

/** The same for a step forward, which renews lastUpdateTime, from which the deadline counts. */
export function withRenewed(status: Status, finding: Finding, now: number): Status {
  const current = conditionOf(status, finding.type)
  const isTurn = current?.status !== finding.status
  return withFinding(status, finding, now, (isTurn ? undefined : current.lastTransitionTime) ?? formatTime(now))
}

function withFinding(status: Status, finding: Finding, now: number, lastTransitionTime: string | undefined): Status {
  const { type, status: is, reason, message } = finding
  const lastUpdateTime = formatTime(now)
  const conditions: unknown[] = []
  for (const each of status.conditions ?? noConditions) if (each.type !== type) conditions.push(each)
  conditions.push(
    lastTransitionTime
      ? { type, status: is, reason, message, lastUpdateTime, lastTransitionTime }
      : { type, status: is, reason, message, lastUpdateTime },
  )
  return { ...status, conditions: conditions as Condition[] }
}

/** A status without a condition. */
export function withoutCondition(status: Status, type: Finding['type']): Status {
  if (conditionOf(status, type) === undefined) return status
  return { ...status, conditions: status.conditions!.filter((each) => each.type !== type) }
}

/** Every pod there should be is there, new and available. upstream: DeploymentComplete */
export function isComplete({ spec, metadata }: Deployment, status: Status): boolean {
  const wanted = replicasOf(spec)
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  )
}

/** Whether the new status is nearer to the goal than the old one. upstream: DeploymentProgressing */
export function isProgress(before: Status, now: Status): boolean {
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    outdatedIn(now) < outdatedIn(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

function outdatedIn({ replicas = 0, updatedReplicas = 0 }: Status): number {
  return replicas - updatedReplicas
}

/** Whether nothing has come forward for longer than the deadline. upstream: DeploymentTimedOut */
export function isTimedOut(deployment: Deployment, status: Status, now: number): boolean {
  const condition = conditionOf(status, 'Progressing')
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return deadlineOf(deployment, condition) < now
}

/** When a rollout counts as stuck if nothing happens. */
export function deadlineOf({ spec }: Deployment, { lastUpdateTime }: Condition): number {
  return parseTime(lastUpdateTime ?? '') + (spec.progressDeadlineSeconds ?? 0) * 1000
}

/** The numbers of a status, and whether enough pods are available. upstream: calculateStatus */
export function statusFrom(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: number,
): Status {
  const available = availableOf(all)
  const status = nonZero({
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: actualOf(all),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: readyOf(all),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wantedOf(all) - available),
  })
  const { collisionCount, conditions } = deployment.status ?? {}
  const terminating = terminatingOf(all)
  if (terminating !== undefined) status['terminatingReplicas'] = terminating
  if (collisionCount !== undefined) status['collisionCount'] = collisionCount
  if (conditions) status['conditions'] = conditions
  const isEnough = available >= replicasOf(deployment.spec) - boundsOf(deployment).unavailable
  return withCondition(status as Status, isEnough ? enough : tooFew, now)
}

/** Counts that are zero are left out of the wire form. */
function nonZero(counts: Readonly<Record<string, number>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const name in counts) if (counts[name] !== 0) kept[name] = counts[name]!
  return kept
}

/** Unknown as long as one ReplicaSet has not said. upstream: GetTerminatingReplicaCountForReplicaSets */
function terminatingOf(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0
  for (const { status } of sets) {
    if (status?.terminatingReplicas === undefined) return undefined
    sum += status.terminatingReplicas
  }
  return sum
}

const enough: Finding = Object.freeze({
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
})

const tooFew: Finding = Object.freeze({
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
})
