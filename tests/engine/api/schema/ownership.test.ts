import { expect, test } from 'vitest'
import { findObjectType, mergeRule, typeOf } from './door.ts'
import type { TypeRef } from './door.ts'
import { isObject, splitApiVersion } from './json.ts'
import type { Json } from './json.ts'
import { recordingsOf } from './recordings.ts'

const recordings = recordingsOf('patch')

test.skipIf(recordings === undefined)('merges as the recorded field owners show', () => {
  const sets = [...(recordings ?? []).values()].flat().flatMap(({ before, after }) => [before, after].flatMap(ownedIn))
  const wrong = sets.flatMap(({ type, fields }) => complaintsAbout(type, fields))
  console.log(`ownership: ${sets.length} recorded sets, ${new Set(wrong).size} rules contradicted`)
  expect([...new Set(wrong)]).toEqual([])
})

function ownedIn(object: unknown): { type: string; fields: Json }[] {
  if (!isObject(object) || !isObject(object.metadata) || !Array.isArray(object.metadata.managedFields)) return []
  const kind = String(object.kind)
  return object.metadata.managedFields.filter(isObject).flatMap(({ apiVersion, fieldsV1 }) => {
    const { group, version } = splitApiVersion(String(apiVersion))
    const type = typeOf(group, version, kind)
    return type !== undefined && isObject(fieldsV1) ? [{ type, fields: fieldsV1 }] : []
  })
}

/** What a set of owned fields says of each field's merging, against what our rule says. */
function complaintsAbout(type: string, fields: Json): string[] {
  return Object.entries(fields).flatMap(([key, inner]) => {
    const field = findObjectType(type)?.fields.get(key.slice(2))
    if (key === '.' || !isObject(inner)) return []
    if (field === undefined) return [`${type} has no ${key}`]
    const apply = mergeRule(type, field.name).apply ?? (field.type.kind === 'array' ? 'atomic' : 'granular')
    const seen = shapeOf(inner)
    const fits = seen === 'leaf' ? fitsLeaf(apply) : apply === seen
    const place = `${type}.${field.name}: recorded as ${seen}, ours is ${apply}`
    return [...(fits ? [] : [place]), ...complaintsInside(field.type, inner, seen)]
  })
}

function shapeOf(inner: Json): 'leaf' | 'map' | 'set' | 'granular' {
  const keys = Object.keys(inner).filter((key) => key !== '.')
  if (keys.length === 0) return 'leaf'
  return keys.every((key) => key.startsWith('k:'))
    ? 'map'
    : keys.every((key) => key.startsWith('v:'))
      ? 'set'
      : 'granular'
}

/** A leaf is a scalar, an atomic value, or something empty: only a list merged by key never ends a path. */
const fitsLeaf = (apply: string): boolean => apply !== 'map' && apply !== 'set'

function complaintsInside(ref: TypeRef, inner: Json, seen: string): string[] {
  if (ref.kind === 'object') return complaintsAbout(ref.name, inner)
  if (ref.kind !== 'array' || ref.of.kind !== 'object' || seen !== 'map') return []
  const { name } = ref.of
  return Object.values(inner).flatMap((item) => (isObject(item) ? complaintsAbout(name, item) : []))
}
