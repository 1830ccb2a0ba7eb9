import { diffObjects } from './diffMaps.ts'
import { mergePatches } from './mergePatches.ts'
import type { Json } from './parts.ts'

export { PatchError, type Json } from './parts.ts'

/**
 * The strategic merge patch that makes `modified` of `live`, leaving alone what somebody else set, and removing what `original`
 * (the configuration applied last) had and `modified` has no more. Throws a PatchError where lists cannot be compared.
 */
// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateThreeWayMergePatch
export function threeWayPatch(type: string, original: Json, modified: Json, live: Json): Json {
  const delta = diffObjects(type, live, modified, { ignoresDeletions: true })
  const deletions = diffObjects(type, original, modified, { ignoresAdditions: true })
  return mergePatches(type, deletions, delta)
}

/** The same as a plain merge patch, for kinds without a schema: lists are replaced whole. */
// upstream: apimachinery/pkg/util/jsonmergepatch
export function threeWayMergePatch(original: Json, modified: Json, live: Json): Json {
  return threeWayPatch('', original, modified, live)
}

/** The strategic merge patch that makes one object of another; an empty type has no schema. Throws a PatchError. */
// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateTwoWayMergePatch
export function twoWayPatch(type: string, from: Json, to: Json): Json {
  return diffObjects(type, from, to)
}
