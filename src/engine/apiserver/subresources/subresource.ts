import type { Draft, FieldError, KubeObject, Whole } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { Passage, Server } from '../passage.ts'

/** A door to one aspect of an object: `status`, `scale`, `binding`, … */
export interface Subresource {
  readonly name: string
  /** what GET answers; the object itself unless given */
  readonly read?: (object: KubeObject) => unknown
  /** Reads the body of an update, where it is no object of the kind itself. */
  readonly decode?: (passage: Passage) => Draft<KubeObject>
  /** Makes the whole object of what an update or patch sent here, given the stored one. */
  readonly merge?: (sent: Draft<KubeObject>, old: KubeObject, kind: Kind) => Draft<KubeObject>
  /** What an update here may not do; where it is absent, the kind's own rules for updates hold. */
  readonly validate?: (next: KubeObject, old: KubeObject) => readonly FieldError[]
  /** Carries out a POST (`binding`, `eviction`): returns the answer. */
  readonly create?: (passage: Passage, old: KubeObject, server: Server, store: StoreVerbs) => unknown
}

/** What a POST to a subresource may do to the stored object. */
export interface StoreVerbs {
  readonly put: (
    passage: Passage,
    next: KubeObject,
    what: string,
    server: Server,
    detail?: Readonly<Record<string, unknown>>,
  ) => KubeObject
  readonly remove: (passage: Passage, old: KubeObject, server: Server) => unknown
}

/** Types one subresource. They are listed in `subresources/index.ts`. */
export function defineSubresource(subresource: Subresource): Subresource {
  const { name, read, decode, merge, validate, create } = subresource
  const whole: Whole<Subresource> = { name, read, decode, merge, validate, create }
  return Object.freeze(whole)
}
