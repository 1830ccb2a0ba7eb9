import type { Change } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'

/** A part of the server that follows the writes to some kinds. */
export interface Hearer {
  readonly hears: (kind: Kind) => boolean
  readonly onWrite: (kind: Kind, change: Change) => void
}

/** Tells of a write those who hear of its kind: of pods and events, which come by the thousand, that is nobody. */
export function tellingOf(hearers: readonly Hearer[]): (kind: Kind, change: Change) => void {
  const known = new WeakMap<Kind, readonly Hearer[]>()

  return (kind, change) => {
    let concerned = known.get(kind)
    if (concerned === undefined) known.set(kind, (concerned = hearers.filter(({ hears }) => hears(kind))))
    if (concerned.length > 0) for (const { onWrite } of concerned) onWrite(kind, change)
  }
}
