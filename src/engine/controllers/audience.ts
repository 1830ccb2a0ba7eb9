import { controllerOf, type KubeObject } from '../api/index.ts'
import { aspectsOf, type Change, type Informer } from '../client/index.ts'

/** One loop's ear for one kind. */
export interface Hearer {
  /** what of a change concerns it (see `aspectsIn`); 0 for a loop that only looks things up */
  readonly aspects: number
  /** only objects that are, or were, an object's of this kind, or nobody's */
  readonly owner: string | undefined
  /** only while there is one of these */
  readonly whileAny: Informer<KubeObject> | undefined
  readonly hear: (change: Change<KubeObject>) => void
  /** its own writes of the kind that it waits for news of */
  readonly awaited: readonly unknown[]
  readonly settleWrites: () => void
}

/** The loops of one process, by the kinds they hear of. */
export interface Audience {
  /** Adds a loop to those who hear of a kind. They are told in the order in which they came. */
  readonly join: (kind: string, informer: Informer<KubeObject>, hearer: Hearer) => void
}

/** Nobody yet. What a change is about is found out once for all who hear of it. */
export function createAudience(): Audience {
  const rows = new Map<string, Hearer[]>()
  return {
    join(kind, informer, hearer) {
      const row = rows.get(kind)
      if (row) return void row.push(hearer)
      const first = [hearer]
      rows.set(kind, first)
      informer.listen((change) => tell(first, change))
    },
  }
}

function tell(row: readonly Hearer[], change: Change<KubeObject>): void {
  const aspects = aspectsOf(change)
  const owner = controllerOf(change.object)?.kind
  const before = ownerBefore(change, owner)
  for (const hearer of row) {
    if ((hearer.aspects & aspects) !== 0 && isConcerned(hearer, owner, before)) hearer.hear(change)
    if (hearer.awaited.length > 0) hearer.settleWrites()
  }
}

/** Tells one of a change, if it is one that concerns it. */
export function tellOne(hearer: Hearer, change: Change<KubeObject>): void {
  if ((hearer.aspects & aspectsOf(change)) === 0) return
  const owner = controllerOf(change.object)?.kind
  if (isConcerned(hearer, owner, ownerBefore(change, owner))) hearer.hear(change)
}

function ownerBefore({ object, previous }: Change<KubeObject>, owner: string | undefined): string | undefined {
  if (previous === undefined) return undefined
  return previous.metadata.ownerReferences === object.metadata.ownerReferences ? owner : controllerOf(previous)?.kind
}

/** Whether the object's owners, and what else there is, leave the change its concern. */
function isConcerned(hearer: Hearer, owner: string | undefined, before: string | undefined): boolean {
  if (hearer.owner !== undefined && owner !== undefined && hearer.owner !== owner && hearer.owner !== before)
    return false
  return hearer.whileAny === undefined || hearer.whileAny.size() > 0
}
