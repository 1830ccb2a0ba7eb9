import type { Kind } from '../../kinds/defineKind.ts'
import { customScale } from '../customResources/scale.ts'
import { approval } from './approval.ts'
import { binding } from './binding.ts'
import { ephemeralContainers } from './ephemeralContainers.ts'
import { eviction } from './eviction.ts'
import { finalize } from './finalize.ts'
import { resize } from './resize.ts'
import { scale } from './scale.ts'
import { status } from './status.ts'
import { token } from './token.ts'
import type { Subresource } from './subresource.ts'

/** Every subresource the server knows; a kind names those it has. */
export const subresources: readonly Subresource[] = [
  status,
  scale,
  binding,
  eviction,
  finalize,
  approval,
  ephemeralContainers,
  resize,
  token,
]

const byName = new Map(subresources.map((subresource) => [subresource.name, subresource]))

/** The subresource of that name, if this kind has it. */
export function findSubresource(kind: Kind, name: string): Subresource | undefined {
  if (name === '' || !kind.subresources.includes(name)) return undefined
  return name === 'scale' && kind.custom?.scale !== undefined ? customScale(kind.custom.scale) : byName.get(name)
}
