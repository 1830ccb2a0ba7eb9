import type { ApiRequest, Draft, KubeObject, RequestOptions, User, Verb } from '../api/index.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Kind, StrategyContext } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'
import type { Gates } from './admission/admission.ts'
import type { Aggregation } from './aggregation/aggregation.ts'
import type { LeaseFor } from './lifetimes.ts'
import type { ManagedFields, Ownership } from './managedFields/index.ts'
import type { Registry } from './registry.ts'
import type { Subresource } from './subresources/subresource.ts'
import type { Watchers } from './watchers.ts'

/** One request in flight: what the stages hand to each other. */
export interface Passage {
  readonly request: ApiRequest
  /** who the trace names as the doer: a component, or `you` */
  readonly actor: string
  /** where it is: what a refusal says of itself */
  stage: string
  /** components' own requests skip authorization and decoding */
  readonly isTrusted: boolean
  /** who asks; after authentication, who is asked for */
  user: User
  readonly kind: Kind
  readonly subresource: string
  /** the subresource itself, where the kind has one that the server knows */
  readonly door: Subresource | undefined
  /** the empty string where the kind has none */
  readonly namespace: string
  readonly options: RequestOptions
  name: string
  old: KubeObject | undefined
  /** the private copy on its way into the store */
  draft: Draft<KubeObject> | undefined
  readonly warnings: string[]
  /** fields that the body's text named twice */
  readonly duplicates: readonly string[]
  /** who owns which field after a person's write; undefined for a component's */
  fields: Ownership | undefined
  code: number
  answer: unknown
}

/** What the stages hold of the server they run in. */
export interface Server {
  readonly sim: Sim
  readonly etcd: Etcd
  readonly registry: Registry
  readonly watchers: Watchers
  /** the admission plugins that a write passes */
  readonly gates: (kind: Kind, verb: Verb, subresource: string) => Gates
  /** whether somebody has policies or webhooks in force, which components' reports are held to as well */
  readonly hasPolicies: () => boolean
  readonly context: StrategyContext
  /** who owns which field */
  readonly fields: ManagedFields
  /** Writes an object's status in the server's own name, past the stages. */
  readonly putStatus: (object: KubeObject) => void
  /** the lease of etcd that a new object with a lifetime is written under */
  readonly leaseFor: LeaseFor
  /** the groups that other servers answer for */
  readonly aggregation: Aggregation
  /** The object as readers see it: a kept lease shows its last renewal. */
  readonly view: (kind: Kind, object: KubeObject) => KubeObject
}

/** Resource as errors name it. */
export function resourceOf(kind: Kind): { group: string; resource: string } {
  return { group: kind.group, resource: kind.plural }
}
