import type { Comparison } from './compare.ts'
import {
  byText,
  entryOf,
  isSameManager,
  noEntries,
  secondsOf,
  sorted,
  withFields,
  type ManagedEntry,
  type Manager,
} from './entry.ts'
import { difference, intersection, isEmptySet, noFields, setOf, union, type FieldSet } from './fieldSet.ts'

/** What nobody owns: what the server writes, and what names the object. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/stripmeta.go
export const nobodys = setOf(
  'f:apiVersion',
  'f:kind',
  'f:metadata',
  'f:metadata f:name',
  'f:metadata f:namespace',
  'f:metadata f:creationTimestamp',
  'f:metadata f:selfLink',
  'f:metadata f:uid',
  'f:metadata f:clusterName',
  'f:metadata f:generation',
  'f:metadata f:managedFields',
  'f:metadata f:resourceVersion',
)

/** Fields of another manager that a write would change. */
export interface Contested {
  readonly entry: ManagedEntry
  readonly fields: FieldSet
}

/** What others would lose to a write. */
export function contested(entries: readonly ManagedEntry[], { added, modified }: Comparison): readonly Contested[] {
  const changed = union(modified, added)
  return entries
    .map((entry) => ({ entry, fields: intersection(entry.fieldsV1, changed) }))
    .filter(({ fields }) => !isEmptySet(fields))
}

/** The entries without what a write took or removed; those left with nothing are gone. */
// upstream: sigs.k8s.io/structured-merge-diff/merge/update.go update
export function yielded(
  entries: readonly ManagedEntry[],
  { added, modified, removed }: Comparison,
): readonly ManagedEntry[] {
  const lost = union(union(modified, added), removed)
  if (isEmptySet(lost)) return entries
  return entries.map((entry) => withFields(entry, difference(entry.fieldsV1, lost))).filter(hasFields)
}

const hasFields = ({ fieldsV1 }: ManagedEntry): boolean => !isEmptySet(fieldsV1)

/** The entries after an update by a manager: what it changed is its own now. */
// upstream: merge/update.go Update, staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfieldsupdater.go
export function updated(
  entries: readonly ManagedEntry[],
  comparison: Comparison,
  manager: Manager,
  time: string,
): readonly ManagedEntry[] {
  const rest = yielded(entries, comparison)
  const taken = difference(union(comparison.modified, comparison.added), nobodys)
  if (isEmptySet(taken)) return sorted(rest)
  const own = rest.find((entry) => isSameManager(entry, manager))
  const others = own === undefined ? rest : rest.filter((entry) => entry !== own)
  return sorted(capped([...others, entryOf(manager, union(own?.fieldsV1 ?? noFields, taken), time)]))
}

const updatersMax = 10
const bucketName = 'ancient-changes'

/** More than ten updaters are too many: the oldest are put together. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/capmanagers.go
export function capped(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const updaters = entries.filter(({ operation }) => operation === 'Update')
  if (updaters.length <= updatersMax) return entries
  updaters.sort((a, b) => secondsOf(a) - secondsOf(b) || byIdentity(a, b))
  const result = new Set(entries)
  const buckets = new Map<string, ManagedEntry>()
  let count = updaters.length
  for (const entry of updaters) {
    if (count <= updatersMax) break
    const first = buckets.get(entry.apiVersion)
    if (first === undefined) {
      buckets.set(entry.apiVersion, entry)
      continue
    }
    const who = { manager: bucketName, operation: 'Update' as const, apiVersion: entry.apiVersion }
    const before = [...result].find((one) => isSameManager(one, who)) ?? first
    const bucket = entryOf(who, union(entry.fieldsV1, before.fieldsV1), entry.time)
    result.delete(before)
    result.delete(first)
    result.delete(entry)
    result.add(bucket)
    buckets.set(entry.apiVersion, bucket)
    count--
  }
  return [...result]
}

// upstream: internal/managedfields.go BuildManagerIdentifier
function identityOf({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify({
    ...(manager !== '' && { manager }),
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource && { subresource }),
  })
}

/** The order that upstream puts managers in. */
export const byIdentity = (a: Manager, b: Manager): number => byText(identityOf(a), identityOf(b))

/** The entries of everyone but one manager. */
export function othersThan(entries: readonly ManagedEntry[], manager: Manager): readonly ManagedEntry[] {
  return entries.length === 0 ? noEntries : entries.filter((entry) => !isSameManager(entry, manager))
}
