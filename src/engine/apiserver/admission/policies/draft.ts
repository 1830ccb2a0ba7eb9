import { copyOf, type KubeObject } from '../../../api/index.ts'
import type { AdmissionRequest } from '../admission.ts'

/** Puts another object in the place of the draft, and fills in its defaults. */
export function replaceDraft({ draft, kind }: AdmissionRequest, next: KubeObject): void {
  if (draft === undefined) return
  const fresh = copyOf(next) as unknown as Record<string, unknown>
  const target = draft as unknown as Record<string, unknown>
  for (const key of Object.keys(target)) if (!(key in fresh)) delete target[key]
  Object.assign(target, fresh)
  kind.defaults?.(draft)
}
