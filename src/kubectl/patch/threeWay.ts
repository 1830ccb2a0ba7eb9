import { formatYaml } from '../printers/yaml.ts'
import { haveConflicts } from './conflicts.ts'
import { diffObjects } from './diffMaps.ts'
import { mergePatches } from './mergePatches.ts'
import { PatchError, type Json } from './parts.ts'

export { PatchError, type Json } from './parts.ts'

/**
 * The strategic merge patch that makes `modified` of `live`, leaving alone what somebody else set, and removing what `original`
 * (the configuration applied last) had and `modified` has no more. Throws a PatchError where lists cannot be compared, and,
 * unless it `mayOverwrite`, where it would take back what `live` has got since.
 */
// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateThreeWayMergePatch
export function threeWayPatch(type: string, original: Json, modified: Json, live: Json, mayOverwrite = true): Json {
  const delta = diffObjects(type, live, modified, { ignoresDeletions: true })
  const deletions = diffObjects(type, original, modified, { ignoresAdditions: true })
  const patch = mergePatches(type, deletions, delta)
  if (!mayOverwrite) refuseConflicts(type, patch, diffObjects(type, original, live, { ignoresOrder: true }))
  return patch
}

// upstream: apimachinery/pkg/util/mergepatch/errors.go NewErrConflict
function refuseConflicts(type: string, patch: Json, changes: Json): void {
  if (haveConflicts(type, patch, changes))
    throw new PatchError(
      `patch:\n${formatYaml(patch)}\nconflicts with changes made from original to current:\n${formatYaml(changes)}\n`,
    )
}

/** The same as a plain merge patch, for kinds without a schema: lists are replaced whole, and nobody looks for conflicts. */
// upstream: apimachinery/pkg/util/jsonmergepatch
export function threeWayMergePatch(original: Json, modified: Json, live: Json): Json {
  return threeWayPatch('', original, modified, live)
}

/** The strategic merge patch that makes one object of another; an empty type has no schema. Throws a PatchError. */
// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateTwoWayMergePatch
export function twoWayPatch(type: string, from: Json, to: Json): Json {
  return diffObjects(type, from, to)
}
