import { shallowCopy, type Draft, type KubeObject } from '../api/index.ts'

/** The object as of a revision. */
export function stamped(object: KubeObject, revision: number): KubeObject {
  const copy = shallowCopy(object)
  const metadata = shallowCopy(object.metadata)
  metadata.resourceVersion = String(revision)
  copy.metadata = metadata
  return copy
}

/** The same in place, for an object that nobody else has seen yet. */
export function stamp(draft: KubeObject, revision: number): KubeObject {
  ;(draft as Draft<KubeObject>).metadata.resourceVersion = String(revision)
  return draft
}
