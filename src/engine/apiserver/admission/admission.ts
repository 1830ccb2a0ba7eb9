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
  /** the texts of the answer's Warning headers, to add to */
  readonly warnings: string[]
}

/** A gate between a request and the store. A refusal is a thrown ApiError. */
export interface AdmissionPlugin {
  readonly name: string
  /** the kinds it may have something to say of; any, unless said */
  readonly kinds?: readonly string[]
  /** the verbs that write them; any, unless said */
  readonly verbs?: readonly Verb[]
  /** the subresources at which they are written, the empty string for the objects themselves; any, unless said */
  readonly subresources?: readonly string[]
  readonly mutate?: (request: AdmissionRequest) => void
  readonly validate?: (request: AdmissionRequest) => void
}

/** Types one plugin. They run in the order of `admission/index.ts`, which is upstream's. */
export function defineAdmission(plugin: AdmissionPlugin): AdmissionPlugin {
  return Object.freeze(plugin)
}

/** What the writes of a kind pass through, by verb and subresource. */
export interface Gates {
  readonly verb: Verb
  readonly subresource: string
  readonly mutate: readonly NonNullable<AdmissionPlugin['mutate']>[]
  readonly validate: readonly NonNullable<AdmissionPlugin['validate']>[]
}

/** Finds the plugins of a write; most writes pass most of them unseen, and thousands of writes an instant need not ask each. */
export function createGates(
  plugins: readonly AdmissionPlugin[],
): (kind: Kind, verb: Verb, subresource: string) => Gates {
  const known = new Map<string, Gates[]>()
  return ({ kind }, verb, subresource) => {
    let ways = known.get(kind)
    if (ways === undefined) known.set(kind, (ways = []))
    for (const gates of ways) if (gates.verb === verb && gates.subresource === subresource) return gates
    const mine = plugins.filter(
      ({ kinds, verbs, subresources }) => has(kinds, kind) && has<Verb>(verbs, verb) && has(subresources, subresource),
    )
    const gates = {
      verb,
      subresource,
      mutate: mine.flatMap(({ mutate }) => mutate ?? []),
      validate: mine.flatMap(({ validate }) => validate ?? []),
    }
    ways.push(gates)
    return gates
  }
}

/** Whether a list that says "any" by being absent has it. */
const has = <T>(list: readonly T[] | undefined, one: T): boolean => list === undefined || list.includes(one)
