import type { TypeRef } from '../../../../src/engine/api/schema/index.ts'

export * from '../../../../src/engine/api/schema/index.ts'

/** A type in short, for tables: `[]Container`, `{}quantity`. */
export function explainedType(ref: TypeRef): string {
  if (ref.kind === 'array') return `[]${explainedType(ref.of)}`
  if (ref.kind === 'map') return `{}${explainedType(ref.of)}`
  return ref.kind === 'object' ? ref.name : ref.kind
}
