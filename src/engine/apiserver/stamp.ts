import { shallowCopy, type KubeObject } from '../api/index.ts'
import { copyMetadata } from './copies.ts'

/** The object as of a revision. */
export function stamped(object: KubeObject, revision: number): KubeObject {
  const copy = shallowCopy(object)
  const metadata = copyMetadata(object.metadata)
  metadata.resourceVersion = String(revision)
  copy.metadata = metadata
  return copy
}
