import { elementOf, isMap } from './element.ts'
import { insert, newSet, type FieldSet } from './fieldSet.ts'
import { resolved, type FieldType } from './fieldType.ts'

const unknownField: FieldType = { shape: 'untyped', isAtomic: true }

/** The fields that an object gives: its leaves, the items of its lists, and what is empty. This is what an applier owns. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/tofieldset.go
export function fieldsIn(type: FieldType, object: unknown): FieldSet {
  const set = newSet()
  collect(set, [], type, object)
  return set
}

function collect(set: FieldSet, path: string[], declared: FieldType, value: unknown): void {
  const type = resolved(declared, value)
  if (type.shape === 'scalar' || type.isAtomic === true) {
    if (path.length > 0) insert(set, path)
  } else if (type.shape === 'list') {
    if (Array.isArray(value)) collectItems(set, path, type, value as readonly unknown[])
  } else if (isMap(value)) collectFields(set, path, type, value)
}

function collectItems(set: FieldSet, path: string[], type: FieldType, list: readonly unknown[]): void {
  const count = new Map<string, number>()
  for (const item of list) {
    const { element } = elementOf(type, item)
    if (element !== undefined) count.set(element, (count.get(element) ?? 0) + 1)
  }
  for (const item of list) {
    const { element } = elementOf(type, item)
    if (element === undefined) continue
    path.push(element)
    if (count.get(element) === 1) collect(set, path, type.of?.() ?? unknownField, item)
    insert(set, path)
    path.pop()
  }
}

function collectFields(set: FieldSet, path: string[], type: FieldType, map: Readonly<Record<string, unknown>>): void {
  for (const key in map) {
    const value = map[key]
    if (value === undefined) continue
    const field = type.field?.(key)
    path.push(`f:${key}`)
    collect(set, path, field ?? type.of?.() ?? unknownField, value)
    if (value === null || field === undefined || (isMap(value) && isEmpty(value))) insert(set, path)
    path.pop()
  }
}

function isEmpty(map: object): boolean {
  for (const _ in map) return false
  return true
}

/** The same set with every declared field that has something below it in the set itself. */
// upstream: sigs.k8s.io/structured-merge-diff/fieldpath/set.go EnsureNamedFieldsAreMembers
export function withNamedFields(type: FieldType, set: FieldSet): FieldSet {
  const all: Record<string, FieldSet> = {}
  for (const element in set) {
    const node = set[element]!
    if (element === '.' || isEmpty(node)) {
      all[element] = node
      continue
    }
    const name = element.slice(2)
    const field = element.startsWith('f:') ? type.field?.(name) : undefined
    const inner = withNamedFields(field ?? type.of?.() ?? unknownField, node)
    all[element] = field === undefined ? inner : { '.': {}, ...inner }
  }
  return all
}
