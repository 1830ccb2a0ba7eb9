import { typeOf } from '../../api/schema/schema.ts'
import { toWireForm } from '../../api/schema/goForm.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { customType } from './customType.ts'
import { builtInType, type FieldType } from './fieldType.ts'

/** What a kind is to the arithmetic of fields. */
export interface TypedKind {
  readonly type: FieldType
  /** an object of the kind before anything is set */
  readonly empty: object
  /** an object as the API writes it, so that two of them can be compared */
  readonly written: <T extends object>(object: T) => T
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const known = new Map<string, TypedKind | undefined>()
const asItIs = <T extends object>(object: T): T => object

/** The type of a kind; undefined for one that nothing is known of. */
export function typedOf(kind: Kind): TypedKind | undefined {
  if (kind.custom !== undefined) return typedBySchema(kind.custom.schema)
  const name = typeOf(kind.group, kind.version, kind.kind)
  if (name === undefined) return undefined
  return typedByName(name)
}

// A memo by a definition's schema, which is as frozen as all that is stored.
const custom = new WeakMap<object, TypedKind>()

function typedBySchema(schema: Readonly<Record<string, unknown>>): TypedKind {
  let typed = custom.get(schema)
  if (typed === undefined) custom.set(schema, (typed = { type: customType(schema), empty: {}, written: asItIs }))
  return typed
}

/** The same by the name of a type in the schema. */
export function typedByName(name: string): TypedKind {
  let typed = known.get(name)
  if (typed === undefined) {
    const written = <T extends object>(object: T): T => toWireForm(name, object)
    typed = { type: builtInType(name), empty: written({}), written }
    known.set(name, typed)
  }
  return typed
}
