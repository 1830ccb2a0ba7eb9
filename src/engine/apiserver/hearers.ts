import type { Change } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'

/** A part of the server that follows the writes to some kinds: of pods and events, which come by the thousand, nobody does. */
export interface Hearer {
  /** asked once for each kind */
  readonly hears: (kind: Kind) => boolean
  readonly onWrite: (kind: Kind, change: Change) => void
}
