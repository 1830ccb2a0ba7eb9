import { ownAt, setOwn } from '../../api/index.ts'

/**
 * RFC 7386, as the Go library has it: objects merge, null removes, everything else replaces. What comes new has no nulls in its objects,
 * those in lists included; only a list that takes an object's place stays as it came.
 */
// upstream: gopkg.in/evanphx/json-patch.v4 merge.go
export function mergePatch(live: unknown, patch: unknown): unknown {
  if (!isObject(live)) return withoutNulls(patch)
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = { ...live }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else setOwn(merged, key, mergePatch(ownAt(merged, key), value))
  }
  return merged
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) if (item !== null) setOwn(kept, key, withoutNulls(item))
  return kept
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
