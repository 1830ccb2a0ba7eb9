type Fields = Readonly<Record<string, unknown>>

/** Whether two pieces of plain data say the same; shared parts cost nothing. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && areEqualLists(a, b)
  if (Array.isArray(b)) return false
  let count = 0
  for (const key in a) {
    const part = (a as Fields)[key]
    if (part === undefined) continue
    count++
    if (part !== (b as Fields)[key] && !isEqual(part, (b as Fields)[key])) return false
  }
  for (const key in b) if ((b as Fields)[key] !== undefined) count--
  return count === 0
}

function areEqualLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index] && !isEqual(a[index], b[index])) return false
  return true
}

/**
 * A private copy of a record's first level. Where what is copied is then given another field or frozen, a spread would cost ten times
 * as much: V8 makes a hidden class for each such object, and everything that reads one pays for it.
 */
export function shallowCopy<T extends object>(record: T): { -readonly [Key in keyof T]: T[Key] } {
  const copy: Record<string, unknown> = {}
  for (const key in record)
    if (key === proto) setOwn(copy, key, record[key])
    else copy[key] = record[key]
  return copy as { -readonly [Key in keyof T]: T[Key] }
}

/** A private, mutable copy of plain data. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  return (Array.isArray(value) ? copyList(value) : copyRecord(value)) as T
}

// scalars are handled in place: most of an object's parts are scalars, and a call for each would double the cost

function copyList(list: readonly unknown[]): unknown[] {
  const copy = list.slice() // a list that is pushed to has room for sixteen more
  for (let index = 0; index < copy.length; index++) {
    const part = copy[index]
    if (typeof part === 'object' && part !== null) copy[index] = Array.isArray(part) ? copyList(part) : copyRecord(part)
  }
  return copy
}

function copyRecord(record: object): object {
  const copy: Record<string, unknown> = {}
  for (const key in record) {
    const part = (record as Fields)[key]
    const isScalar = typeof part !== 'object' || part === null
    const own = isScalar ? part : Array.isArray(part) ? copyList(part) : copyRecord(part)
    if (key === proto) setOwn(copy, key, own)
    else copy[key] = own
  }
  return copy
}

/** A legal key of data: it must not change what an object inherits from. */
const proto = '__proto__'

/** Sets a field of an object's own, whatever its name. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === proto) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** The text of that name in a map of texts: what every object inherits, such as `constructor`, is none. */
export function textAt(texts: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  const text: unknown = texts?.[name]
  return typeof text === 'string' ? text : undefined
}

/** The field of that name, if a record has one of its own. */
export function ownAt<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
