import { isEqual, parseTime } from '../../api/index.ts'
import { isMap } from './element.ts'
import { isEmptySet, isSameSet, ordered, type FieldSet } from './fieldSet.ts'

/** One manager's fields, as `metadata.managedFields` shows them. */
export interface ManagedEntry {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time?: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: FieldSet
  readonly subresource?: string
}

/** Nobody owns anything. */
export const noEntries: readonly ManagedEntry[] = Object.freeze([])

/** Who writes, and how. */
export type Manager = Pick<ManagedEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>

/** An entry with its fields in one order. */
export function entryOf(
  { manager, operation, apiVersion, subresource }: Manager,
  fieldsV1: FieldSet,
  time: string | undefined,
): ManagedEntry {
  return Object.freeze({
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1' as const,
    fieldsV1,
    ...(subresource && { subresource }),
  })
}

/** The same entry with other fields. */
export function withFields(entry: ManagedEntry, fieldsV1: FieldSet): ManagedEntry {
  return Object.freeze({ ...entry, fieldsV1 })
}

/** Whether a write adds to an entry: an applier has one of them, whatever the version. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go BuildManagerIdentifier
export function isSameManager(a: Manager, b: Manager): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    (a.subresource ?? '') === (b.subresource ?? '') &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  )
}

/** Appliers first, then the oldest. Times count by the second. */
// upstream: managedfields.go sortEncodedManagedFields
export function sorted(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries
    .filter(({ fieldsV1 }) => !isEmptySet(fieldsV1))
    .map((entry) => withFields(entry, ordered(entry.fieldsV1)))
    .sort(
      (a, b) =>
        byText(a.operation, b.operation) ||
        secondsOf(a) - secondsOf(b) ||
        byText(a.manager, b.manager) ||
        byText(a.apiVersion, b.apiVersion) ||
        byText(a.subresource ?? '', b.subresource ?? ''),
    )
}

/** The order of Go's strings. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The second of an entry's time; none comes before all others. */
export const secondsOf = ({ time }: ManagedEntry): number =>
  time === undefined ? -Infinity : Math.floor(parseTime(time) / 1000)

/** Whether two lists of entries differ in their times at most. */
export function isSameButTimes(a: readonly ManagedEntry[], b: readonly ManagedEntry[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index]!
      return isSameManager(one, other) && one.apiVersion === other.apiVersion && isSameSet(one.fieldsV1, other.fieldsV1)
    })
  )
}

/** What a body says of managed fields: nothing of use, that they are to be forgotten, or entries. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/fieldmanager.go decodeLiveOrNew
export function readEntries(given: unknown): readonly ManagedEntry[] | 'reset' | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined
  if (given.length === 1 && isMap(given[0]) && isEqual(given[0], {})) return 'reset'
  const entries: ManagedEntry[] = []
  for (const one of given as readonly unknown[]) {
    if (!isMap(one)) return undefined
    const {
      manager = '',
      operation,
      apiVersion = '',
      time,
      fieldsType,
      fieldsV1,
      subresource,
    } = one as Partial<ManagedEntry>
    if (operation !== 'Apply' && operation !== 'Update') return undefined
    if (fieldsType !== 'FieldsV1' || !isFieldSet(fieldsV1)) return undefined
    entries.push(entryOf({ manager, operation, apiVersion, ...(subresource && { subresource }) }, fieldsV1, time))
  }
  return entries
}

function isFieldSet(value: unknown): value is FieldSet {
  if (!isMap(value)) return false
  for (const key in value) if (!isElement(key) || !isFieldSet(value[key])) return false
  return true
}

function isElement(key: string): boolean {
  if (key === '.' || key.startsWith('f:')) return true
  if (key.startsWith('v:') || key.startsWith('i:')) return isJson(key.slice(2))
  return key.startsWith('k:{') && isJson(key.slice(2))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
