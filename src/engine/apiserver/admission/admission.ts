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
  /** adds the text of a Warning header */
  readonly warn: (text: string) => void
}

/** A gate between a request and the store. A refusal is a thrown ApiError. */
export interface AdmissionPlugin {
  readonly name: string
  readonly mutate?: (request: AdmissionRequest) => void
  readonly validate?: (request: AdmissionRequest) => void
}

/** Types one plugin. They run in the order of `admission/index.ts`, which is upstream's. */
export function defineAdmission(plugin: AdmissionPlugin): AdmissionPlugin {
  return Object.freeze(plugin)
}
