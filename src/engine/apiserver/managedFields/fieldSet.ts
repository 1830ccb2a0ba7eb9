/**
 * A set of fields as `managedFields` writes it down (`FieldsV1`): `{ 'f:data': { '.': {}, 'f:a': {} } }`. A node without children is in
 * the set, one with children is if it has a `.`; the root never is.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet
}

type Building = { [element: string]: Building }

/** What is in no set. */
export const noFields: FieldSet = Object.freeze({})

/** Whether a set holds nothing. */
export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** A set that can be added to. */
export function newSet(): FieldSet {
  return {}
}

/** A field with nothing below it, in a set that is being made. That it is told by itself spares looking into each node on the way. */
const leaf: Building = Object.freeze({})

/** Puts the field at a path into a set made by `newSet`. */
export function insert(set: FieldSet, path: readonly string[]): void {
  let at = set as Building
  const last = path.length - 1
  for (let index = 0; index < last; index++) {
    const element = path[index]!
    const known = at[element]
    at = known === undefined ? (at[element] = {}) : known === leaf ? (at[element] = { '.': {} }) : known
  }
  if (last < 0) return
  const known = at[path[last]!]
  if (known === undefined) at[path[last]!] = leaf
  else if (known !== leaf) known['.'] = {}
}

const isMember = (node: FieldSet): boolean => node['.'] !== undefined || isEmptySet(node)

/** A node of a set, if there is anything in it. */
function nodeOf(isIn: boolean, children: Building): Building | undefined {
  if (isEmptySet(children)) return isIn ? children : undefined
  return isIn ? { '.': {}, ...children } : children
}

/** The fields of either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b
  return isEmptySet(b) ? a : unite(a, b)
}

function unite(a: FieldSet, b: FieldSet): Building {
  const all: Building = {}
  for (const element in a) {
    if (element === '.') continue
    const one = a[element]!
    const other = b[element]
    all[element] =
      other === undefined ? (one as Building) : nodeOf(isMember(one) || isMember(other), unite(one, other))!
  }
  for (const element in b) if (element !== '.' && !(element in a)) all[element] = b[element] as Building
  return all
}

/** The fields of the first set that are not in the second. What lies below a field of the second stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const rest: Building = {}
  for (const element in a) {
    if (element === '.') continue
    const one = a[element]!
    const other = b[element]
    const left =
      other === undefined
        ? (one as Building)
        : nodeOf(isMember(one) && !isMember(other), difference(one, other) as Building)
    if (left !== undefined) rest[element] = left
  }
  return rest
}

/** The fields of both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const shared: Building = {}
  for (const element in a) {
    const one = a[element]!
    const other = b[element]
    if (element === '.' || other === undefined) continue
    const both = nodeOf(isMember(one) && isMember(other), intersection(one, other) as Building)
    if (both !== undefined) shared[element] = both
  }
  return shared
}

/** The first set without the fields of the second and all that lies below them. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  const rest: Building = {}
  for (const element in a) {
    if (element === '.') continue
    const one = a[element]!
    const other = b[element]
    if (other !== undefined && isMember(other)) continue
    const left = other === undefined ? (one as Building) : nodeOf(isMember(one), without(one, other) as Building)
    if (left !== undefined) rest[element] = left
  }
  return rest
}

/** What a set holds below one of its elements; undefined for nothing. */
export function below(set: FieldSet, element: string): FieldSet | undefined {
  const node = set[element]
  if (node === undefined) return undefined
  for (const inner in node) if (inner !== '.') return node
  return undefined
}

/** Whether a set holds a field right below its root. */
export function holds(set: FieldSet, element: string): boolean {
  const node = set[element]
  return node !== undefined && isMember(node)
}

/** Whether a set holds the field at a path. */
export function holdsPath(set: FieldSet, path: readonly string[]): boolean {
  let at: FieldSet | undefined = set
  for (const element of path) at = at?.[element]
  return at !== undefined && isMember(at)
}

/** A set of a few fields, each by its path: `setOf('f:metadata f:labels')`. */
export function setOf(...paths: readonly string[]): FieldSet {
  const set = newSet()
  for (const path of paths) insert(set, path.split(' '))
  return set
}

/** Every field of a set, as upstream walks it: what is right here first, then what lies deeper. */
// upstream: sigs.k8s.io/structured-merge-diff/fieldpath/set.go Iterate
export function pathsOf(set: FieldSet): readonly (readonly string[])[] {
  const elements = Object.keys(set)
    .filter((element) => element !== '.')
    .sort(byElement)
  const here = elements.filter((element) => isMember(set[element]!)).map((element) => [element])
  const deeper = elements.flatMap((element) => pathsOf(set[element]!).map((path) => [element, ...path]))
  return [...here, ...deeper]
}

const ranks = 'fkvi'

// upstream: sigs.k8s.io/structured-merge-diff/fieldpath/element.go Less
function byElement(a: string, b: string): number {
  if (a[0] !== b[0]) return ranks.indexOf(a[0]!) - ranks.indexOf(b[0]!)
  if (a[0] === 'f') return byText(a, b)
  const [one, other] = [JSON.parse(a.slice(2)) as unknown, JSON.parse(b.slice(2)) as unknown]
  if (a[0] !== 'k') return byValue(one, other)
  const [left, right] = [Object.entries(one as object), Object.entries(other as object)]
  for (let index = 0; index < left.length && index < right.length; index++) {
    const order = byText(left[index]![0], right[index]![0]) || byValue(left[index]![1], right[index]![1])
    if (order !== 0) return order
  }
  return left.length - right.length
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const typeRanks = ['number', 'string', 'boolean', 'object']

function byValue(a: unknown, b: unknown): number {
  if (typeof a !== typeof b) return typeRanks.indexOf(typeof a) - typeRanks.indexOf(typeof b)
  if (typeof a === 'number') return a - (b as number)
  return byText(String(a), String(b))
}

/** The same set as it is written: what is meant itself first, then by name, key or value. */
export function ordered(set: FieldSet): FieldSet {
  const elements = Object.keys(set).filter((element) => element !== '.')
  if (elements.length > 1) elements.sort(byElement)
  const result: Building = {}
  if (set['.'] !== undefined) result['.'] = {}
  for (const element of elements) result[element] = ordered(set[element]!) as Building
  return result
}

/** Whether two sets hold the same. */
export function isSameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  let count = 0
  for (const element in a) {
    const other = b[element]
    if (other === undefined || !isSameSet(a[element]!, other)) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}
