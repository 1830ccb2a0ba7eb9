import type { Draft, KubeObject, User, Verb } from '../../api/index.ts'
import type { Kind, StrategyContext } from '../../kinds/defineKind.ts'

/** What an admission plugin sees of a write. */
export interface AdmissionRequest {
  readonly verb: Verb
  readonly kind: Kind
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** the private copy that mutating plugins write to; absent in a delete */
  readonly draft: Draft<KubeObject> | undefined
  readonly old: KubeObject | undefined
  readonly user: User
  readonly dryRun: boolean
  readonly context: StrategyContext
  /** writes the status of another object, in the API server's own name */
  readonly putStatus: (object: KubeObject) => void
  /** adds the text of a Warning header */
  readonly warn: (text: string) => void
}

/** A gate between a request and the store. A refusal is a thrown ApiError. */
export interface AdmissionPlugin {
  readonly name: string
  /** the kinds it may have something to say of; any, unless said */
  readonly kinds?: readonly string[]
  readonly mutate?: (request: AdmissionRequest) => void
  readonly validate?: (request: AdmissionRequest) => void
}

/** Types one plugin. They run in the order of `admission/index.ts`, which is upstream's. */
export function defineAdmission(plugin: AdmissionPlugin): AdmissionPlugin {
  return Object.freeze(plugin)
}

/** What each kind's writes pass through. */
export interface Gates {
  readonly mutate: readonly NonNullable<AdmissionPlugin['mutate']>[]
  readonly validate: readonly NonNullable<AdmissionPlugin['validate']>[]
}

/** Finds the plugins of a kind; most kinds pass most of them unseen, and thousands of writes an instant need not ask each. */
export function createGates(plugins: readonly AdmissionPlugin[]): (kind: Kind) => Gates {
  const known = new Map<string, Gates>()
  return ({ kind }) => {
    let gates = known.get(kind)
    if (gates === undefined) {
      const mine = plugins.filter(({ kinds }) => kinds === undefined || kinds.includes(kind))
      gates = {
        mutate: mine.flatMap(({ mutate }) => mutate ?? []),
        validate: mine.flatMap(({ validate }) => validate ?? []),
      }
      known.set(kind, gates)
    }
    return gates
  }
}
