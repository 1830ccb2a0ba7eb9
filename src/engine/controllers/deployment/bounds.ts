import type { Deployment, ReplicaSet } from '../../api/index.ts'

/** How many pods a rolling update may have above and below the wanted number. Both 0 for Recreate. */
export interface Bounds {
  readonly surge: number
  readonly unavailable: number
}

type IntOrPercent = number | string

// Specs are frozen and stay the same objects through status writes, so what follows from them can be remembered.
const known = new WeakMap<Deployment['spec'], Bounds>()

/** upstream: ResolveFenceposts, MaxSurge and MaxUnavailable in pkg/controller/deployment/util/deployment_util.go */
export function boundsOf({ spec }: Deployment): Bounds {
  let bounds = known.get(spec)
  if (bounds === undefined) known.set(spec, (bounds = boundsIn(spec)))
  return bounds
}

function boundsIn(spec: Deployment['spec']): Bounds {
  if (!isRolling(spec)) return { surge: 0, unavailable: 0 }
  const replicas = replicasOf(spec)
  const { maxSurge = '25%', maxUnavailable = '25%' } = (spec.strategy?.rollingUpdate ?? {}) as Partial<
    Record<string, IntOrPercent>
  >
  const surge = scaled(maxSurge, replicas, Math.ceil)
  const unavailable = scaled(maxUnavailable, replicas, Math.floor)
  // both 0 would let nothing happen at all
  const atLeast = surge === 0 && unavailable === 0 ? 1 : unavailable
  return { surge, unavailable: replicas === 0 ? 0 : Math.min(atLeast, replicas) }
}

/** Whether pods are replaced step by step. */
export function isRolling({ strategy }: Pick<Deployment['spec'], 'strategy'>): boolean {
  return (strategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
}

/** What a spec asks for; 1 unless said. */
export function replicasOf({ replicas }: { readonly replicas?: number }): number {
  return replicas ?? 1
}

/** Sum of what ReplicaSets ask for. */
export function wantedOf(sets: readonly ReplicaSet[]): number {
  let sum = 0
  for (const { spec } of sets) sum += replicasOf(spec)
  return sum
}

/** Sum of the pods of ReplicaSets that are available. */
export function availableOf(sets: readonly ReplicaSet[]): number {
  let sum = 0
  for (const { status } of sets) sum += status?.availableReplicas ?? 0
  return sum
}

/** Sum of the pods that ReplicaSets have. */
export function actualOf(sets: readonly ReplicaSet[]): number {
  let sum = 0
  for (const { status } of sets) sum += status?.replicas ?? 0
  return sum
}

/** All sums of ReplicaSets. */
export interface Sums {
  readonly wanted: number
  readonly actual: number
  readonly ready: number
  readonly available: number
  /** unknown as long as one ReplicaSet has not said. upstream: GetTerminatingReplicaCountForReplicaSets */
  readonly terminating: number | undefined
}

/** Adds up what ReplicaSets ask for and have. */
export function sumsOf(sets: readonly ReplicaSet[]): Sums {
  let wanted = 0
  let actual = 0
  let ready = 0
  let available = 0
  let terminating: number | undefined = 0
  for (const { spec, status } of sets) {
    wanted += replicasOf(spec)
    actual += status?.replicas ?? 0
    ready += status?.readyReplicas ?? 0
    available += status?.availableReplicas ?? 0
    const going: number | undefined = status?.terminatingReplicas
    terminating = terminating === undefined || going === undefined ? undefined : terminating + going
  }
  return { wanted, actual, ready, available, terminating }
}

/** How many replicas the new ReplicaSet may have now. upstream: NewRSNewReplicas */
export function newReplicasFor(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const wanted = replicasOf(deployment.spec)
  if (!isRolling(deployment.spec)) return wanted
  const room = wanted + boundsOf(deployment).surge - wantedOf(all)
  return room <= 0 ? current : current + Math.min(room, wanted - current)
}

function scaled(value: IntOrPercent, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value
  return round((Number(value.replace('%', '')) * total) / 100)
}
