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
  /** its own writes of the kind that it waits for news of */
  readonly awaited: readonly unknown[]
}

/** The loops of one process, by the kinds they hear of. */
export interface Audience<H extends Hearer> {
  /** Adds a loop to those who hear of a kind. They are told in the order in which they came. */
  readonly join: (kind: string, informer: Informer<KubeObject>, hearer: H) => void
  /** Tells one alone of a change, if it is one that concerns it. */
  readonly tellOne: (hearer: H, change: Change<KubeObject>) => void
}

/** What hearers do: the same for all. */
interface Manners<H extends Hearer> {
  readonly hear: (hearer: H, change: Change<KubeObject>) => void
  readonly settleWrites: (hearer: H) => void
}

/** Nobody yet. What a change is about is found out once for all who hear of it. */
export function createAudience<H extends Hearer>(manners: Manners<H>): Audience<H> {
  const rows = new Map<string, H[]>()
  return {
    join(kind, informer, hearer) {
      const row = rows.get(kind)
      if (row) return void row.push(hearer)
      const first = [hearer]
      rows.set(kind, first)
      informer.listen((change) => tell(manners, first, change))
    },
    tellOne: (hearer, change) => tell(manners, [hearer], change),
  }
}

function tell<H extends Hearer>(manners: Manners<H>, row: readonly H[], change: Change<KubeObject>): void {
  const { object, previous } = change
  const aspects = aspectsOf(change)
  const owner = controllerOf(object)?.kind
  const isMoved = previous !== undefined && previous.metadata.ownerReferences !== object.metadata.ownerReferences
  const before = isMoved ? controllerOf(previous)?.kind : owner
  for (const hearer of row) {
    const { owner: own, whileAny } = hearer
    const isAboutIt = (hearer.aspects & aspects) !== 0
    const isItsOwn = own === undefined || owner === undefined || own === owner || own === before
    if (isAboutIt && isItsOwn && (whileAny === undefined || whileAny.size() > 0)) manners.hear(hearer, change)
    if (hearer.awaited.length > 0) manners.settleWrites(hearer)
  }
}
