import type { Draft, KubeObject } from '../api/index.ts'

/** The object as of a revision. */
export function stamped(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}

/** The same in place, for an object that nobody else has seen yet. */
export function stamp(draft: KubeObject, revision: number): KubeObject {
  ;(draft as Draft<KubeObject>).metadata.resourceVersion = String(revision)
  return draft
}
