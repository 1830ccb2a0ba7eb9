import type { CustomResourceDefinition } from '../api/index.ts'
import { freeze } from '../sim/index.ts'

/** An object as a manifest has it. */
export interface AddOnObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** Something optional that a new cluster may come with. */
export interface AddOn {
  readonly name: string
  /** kinds that it brings; they are served from the first moment on */
  readonly definitions: readonly CustomResourceDefinition[]
  /** objects that are there from the first moment on, in the order of their creation */
  readonly objects: readonly AddOnObject[]
  /** the addresses at which the world has the manifest of these objects */
  readonly publishedAt?: RegExp
}

/** Declares one add-on. */
export function defineAddOn(addOn: AddOn): AddOn {
  return freeze(addOn)
}
