import type { Kind } from '../../kinds/defineKind.ts'
import { binding } from './binding.ts'
import { eviction } from './eviction.ts'
import { finalize } from './finalize.ts'
import { scale } from './scale.ts'
import { status } from './status.ts'
import type { Subresource } from './subresource.ts'

/** Every subresource the server knows; a kind names those it has. */
export const subresources: readonly Subresource[] = [status, scale, binding, eviction, finalize]

const byName = new Map(subresources.map((subresource) => [subresource.name, subresource]))

/** The subresource of that name, if this kind has it. */
export function findSubresource(kind: Kind, name: string): Subresource | undefined {
  return kind.subresources.includes(name) ? byName.get(name) : undefined
}
