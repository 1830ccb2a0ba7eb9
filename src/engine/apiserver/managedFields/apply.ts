import { quote, statusError, type ApiError } from '../../api/index.ts'
import { compare } from './compare.ts'
import { formatPath } from './element.ts'
import { entryOf, isSameManager, sorted, type ManagedEntry, type Manager } from './entry.ts'
import { difference, intersection, isEmptySet, noFields, pathsOf, union, without, type FieldSet } from './fieldSet.ts'
import { fieldsIn, withNamedFields } from './fields.ts'
import type { FieldType } from './fieldType.ts'
import { byIdentity, capped, contested, nobodys, othersThan, yielded, type Contested } from './managers.ts'
import { mergeTyped, removeFields } from './merge.ts'

/** What is applied to what. */
export interface Application {
  readonly type: FieldType
  readonly live: unknown
  readonly config: unknown
  readonly entries: readonly ManagedEntry[]
  readonly manager: Manager
  /** fields that cannot be owned through this door */
  readonly reset: FieldSet
  readonly isForced: boolean
  /** takes conflicts over that a client-side apply left behind */
  readonly allowed?: () => FieldSet | undefined
  readonly time: string
}

/** What came of it: the object is undefined where nothing changed but owners. */
export interface Applied {
  readonly object: unknown
  readonly entries: readonly ManagedEntry[]
}

/** Applies a configuration: merges it, lets go of what it no longer has, and gives each field its owner. Throws a 409. */
// upstream: sigs.k8s.io/structured-merge-diff/merge/update.go Apply
export function apply(application: Application): Applied {
  const { type, live, config, entries, manager, reset, time } = application
  const last = entries.find((entry) => isSameManager(entry, manager))
  const others = othersThan(entries, manager)
  const given = without(fieldsIn(type, config), reset)
  const merged = mergeTyped(type, live, config)
  const next =
    last === undefined ? merged : prune(type, merged, last.fieldsV1, [given, ...others.map((one) => one.fieldsV1)])
  const all = compare(type, live, next)
  const differs = {
    added: without(all.added, reset),
    modified: without(all.modified, reset),
    removed: without(all.removed, reset),
  }
  checkConflicts(application, contested(others, differs))
  const isSame = isEmptySet(all.added) && isEmptySet(all.modified) && isEmptySet(all.removed)
  const own = difference(given, nobodys)
  const at = isSame ? last?.time : time
  const after = [...yielded(others, differs), entryOf(manager, own, at)]
  return { object: isSame ? undefined : next, entries: sorted(capped(after)) }
}

/** Takes out what the manager applied the last time and now does not, unless somebody else owns it. */
// upstream: merge/update.go prune
function prune(type: FieldType, merged: unknown, last: FieldSet, owned: readonly FieldSet[]): unknown {
  if (isEmptySet(last)) return merged
  const lastNamed = withNamedFields(type, last)
  const pruned = removeFields(type, merged, lastNamed)
  const all = withNamedFields(type, fieldsIn(type, merged))
  const kept = withNamedFields(type, fieldsIn(type, pruned))
  const managed = withNamedFields(type, owned.reduce(union, noFields))
  const owners = removeFields(type, merged, difference(all, union(kept, managed)))
  const still = withNamedFields(type, fieldsIn(type, owners))
  return removeFields(type, merged, intersection(difference(all, still), lastNamed))
}

function checkConflicts({ isForced, allowed }: Application, conflicts: readonly Contested[]): void {
  if (isForced || conflicts.length === 0) return
  const free = allowed?.()
  const left =
    free === undefined
      ? conflicts
      : conflicts
          .map(({ entry, fields }) => ({ entry, fields: difference(fields, free) }))
          .filter(({ fields }) => !isEmptySet(fields))
  if (left.length > 0) throw conflictError(left)
}

// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go
function conflictError(conflicts: readonly Contested[]): ApiError {
  const byManager = [...conflicts]
    .sort((a, b) => byIdentity(a.entry, b.entry))
    .map(({ entry, fields }) => ({ who: formatManager(entry), paths: pathsOf(fields).map(formatPath) }))
  const causes = byManager.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict' as const, message: `conflict with ${who}`, field })),
  )
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`
      : `Apply failed with ${causes.length} conflicts: ${byManager
          .flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)])
          .join('\n')}`
  return statusError({ message, reason: 'Conflict', details: { causes }, code: 409 })
}

function formatManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const door = subresource ? ` with subresource ${quote(subresource)}` : ''
  return `${quote(manager)}${door}${operation === 'Update' ? ` using ${apiVersion}` : ''}`
}
