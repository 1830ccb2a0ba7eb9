import type { CustomResourceDefinition } from '../api/index.ts'
import { freeze } from '../sim/index.ts'

/** Something optional that a new cluster may come with. */
export interface AddOn {
  readonly name: string
  /** kinds that it brings; they are served from the first moment on */
  readonly definitions: readonly CustomResourceDefinition[]
}

/** Declares one add-on. */
export function defineAddOn(addOn: AddOn): AddOn {
  return freeze(addOn)
}
