import { badRequest, type KubeObject, type PatchType } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import { mergePatch } from './patch/merge.ts'

/** The object a patch makes of a live one: a new value; neither argument is touched. */
export function applyPatch(kind: Kind, type: PatchType, live: KubeObject, patch: unknown): unknown {
  if (type === 'merge' || type === 'strategic') return mergePatch(live, patch)
  throw badRequest(`${kind.kind}: patch type ${type} is not supported`)
}
