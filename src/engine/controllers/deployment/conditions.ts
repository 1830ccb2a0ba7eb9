import { formatTime, parseTime, type Deployment, type ReplicaSet } from '../../api/index.ts'
import { boundsOf, replicasOf, type Sums } from './bounds.ts'

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

type Conditions = readonly Condition[] | undefined

/** The condition of that type, if there is one. */
export function conditionOf(conditions: Conditions, type: Finding['type']): Condition | undefined {
  if (conditions !== undefined) for (const condition of conditions) if (condition.type === type) return condition
  return undefined
}

/** Whether somebody wants to know that a rollout is stuck. */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline
}

/** A status with a condition set. */
export function withCondition(status: Status, finding: Finding, now: number): Status {
  const conditions = conditionsWith(status.conditions, finding, now)
  return conditions === status.conditions ? status : ({ ...status, conditions } as Status)
}

/** Conditions with one of them set. Same status and reason: nothing changes. upstream: SetDeploymentCondition */
export function conditionsWith(conditions: Conditions, finding: Finding, now: number): Conditions {
  const current = conditionOf(conditions, finding.type)
  if (current?.status === finding.status && current.reason === finding.reason) return conditions
  const isTurn = current?.status !== finding.status
  return withFinding(conditions, finding, now, isTurn ? formatTime(now) : current.lastTransitionTime)
}

/** The same for a step forward, which renews lastUpdateTime, from which the deadline counts. */
export function conditionsRenewed(conditions: Conditions, finding: Finding, now: number): Conditions {
  const current = conditionOf(conditions, finding.type)
  const isTurn = current?.status !== finding.status
  return withFinding(conditions, finding, now, (isTurn ? undefined : current.lastTransitionTime) ?? formatTime(now))
}

function withFinding(conditions: Conditions, finding: Finding, now: number, turnedAt: string | undefined): Conditions {
  const { type, status, reason, message } = finding
  const lastUpdateTime = formatTime(now)
  // many pods become ready within a second, and what is said of them is the same
  if (conditions !== undefined && isLast(conditions, finding, lastUpdateTime, turnedAt)) return conditions
  const condition = turnedAt
    ? { type, status, reason, message, lastUpdateTime, lastTransitionTime: turnedAt }
    : { type, status, reason, message, lastUpdateTime }
  const next: unknown[] = []
  if (conditions !== undefined) for (const each of conditions) if (each.type !== type) next.push(each)
  next.push(condition)
  return next as Condition[]
}

function isLast(
  conditions: readonly Condition[],
  { type, status, reason, message }: Finding,
  updatedAt: string,
  turnedAt: string | undefined,
): boolean {
  const last = conditions[conditions.length - 1]
  return (
    last?.type === type &&
    last.lastUpdateTime === updatedAt &&
    last.lastTransitionTime === turnedAt &&
    last.status === status &&
    last.reason === reason &&
    last.message === message
  )
}

/** Conditions without one of them. */
export function conditionsWithout(conditions: Conditions, type: Finding['type']): Conditions {
  return conditionOf(conditions, type) === undefined ? conditions : conditions!.filter((each) => each.type !== type)
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
export function isTimedOut(deployment: Deployment, progressing: Condition | undefined, now: number): boolean {
  if (progressing === undefined || progressing.reason === 'NewReplicaSetAvailable') return false
  if (progressing.reason === 'ProgressDeadlineExceeded') return true
  return deadlineOf(deployment, progressing) < now
}

/** When a rollout counts as stuck if nothing happens. */
export function deadlineOf({ spec }: Deployment, { lastUpdateTime }: Condition): number {
  return parseTime(lastUpdateTime ?? '') + (spec.progressDeadlineSeconds ?? 0) * 1000
}

/** A status's numbers; its conditions are still to come. Those that are zero are left out of the wire form. upstream: calculateStatus */
export function countedStatus(
  { metadata, status }: Deployment,
  { wanted, actual, ready, available, terminating }: Sums,
  fresh: ReplicaSet | undefined,
): { -readonly [Key in keyof Status]: Status[Key] } {
  const next: { -readonly [Key in keyof Status]: Status[Key] } = {}
  const updated = fresh?.status?.replicas
  if (metadata.generation) next.observedGeneration = metadata.generation
  if (actual > 0) next.replicas = actual
  if (updated) next.updatedReplicas = updated
  if (ready > 0) next.readyReplicas = ready
  if (available > 0) next.availableReplicas = available
  if (wanted > available) next.unavailableReplicas = wanted - available
  if (terminating !== undefined) next.terminatingReplicas = terminating
  if (status?.collisionCount !== undefined) next.collisionCount = status.collisionCount
  return next
}

/** Whether enough pods are available. */
export function availability(deployment: Deployment, available: number): Finding {
  return available >= replicasOf(deployment.spec) - boundsOf(deployment).unavailable ? enough : tooFew
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
