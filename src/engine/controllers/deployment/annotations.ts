import { ownAt, setOwn, type Deployment, type ReplicaSet } from '../../api/index.ts'
import { boundsOf, replicasOf } from './bounds.ts'

export const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
const maxAnnotation = 'deployment.kubernetes.io/max-replicas'
const historyLengthMax = 2000

const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
])

type Annotations = Readonly<Record<string, string>>

/** The revision of a ReplicaSet, 0 if it has none. */
export function revisionOf({ metadata }: { readonly metadata: { readonly annotations?: Annotations } }): number {
  return numberIn(metadata.annotations, revisionAnnotation) ?? 0
}

/** How many replicas the Deployment asked for when it last scaled this ReplicaSet. */
export function desiredIn({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations, desiredAnnotation)
}

/** How many pods the Deployment could have had when it last scaled this ReplicaSet. */
export function maxIn({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations, maxAnnotation)
}

/** The annotations of a scaled ReplicaSet. upstream: SetReplicasAnnotations */
export function withReplicas(annotations: Annotations | undefined, deployment: Deployment): Annotations {
  const desired = replicasOf(deployment.spec)
  const max = desired + boundsOf(deployment).surge
  return { ...annotations, [desiredAnnotation]: String(desired), [maxAnnotation]: String(max) }
}

/** The annotations of the new ReplicaSet: the Deployment's own, and the revision; `before` itself where it says all that. upstream: SetNewReplicaSetAnnotations */
export function annotationsForNew(
  deployment: Deployment,
  before: Annotations | undefined,
  revision: number,
): Annotations {
  const own = deployment.metadata.annotations
  if (before !== undefined && isUpToDate(own, before, revision)) return before
  const next: Record<string, string> = { ...before }
  for (const key in own) if (!notCopied.has(key)) setOwn(next, key, own[key])
  const old = before?.[revisionAnnotation]
  if ((numberIn(before, revisionAnnotation) ?? 0) >= revision) return next
  next[revisionAnnotation] = String(revision)
  if (old !== undefined) next[historyAnnotation] = withHistory(before?.[historyAnnotation], old)
  return next
}

function isUpToDate(own: Annotations | undefined, before: Annotations, revision: number): boolean {
  for (const key in own) if (!notCopied.has(key) && ownAt(before, key) !== own[key]) return false
  return (numberIn(before, revisionAnnotation) ?? 0) >= revision
}

function withHistory(history: string | undefined, revision: string): string {
  if (!history) return revision
  const list = [...history.split(','), revision]
  while (list.length > 1 && list.join(',').length > historyLengthMax) list.shift()
  return list.join(',')
}

function numberIn(annotations: Annotations | undefined, key: string): number | undefined {
  const text = annotations?.[key]
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}
