import { shallowCopy, type KubeObject, type ObjectMeta } from '../api/index.ts'

// Objects are written thousands of times in an instant, each time as a new one. A literal is made several times faster than a copy
// field by field, and is smaller: so it is where the fields are the usual ones, in the usual order.

interface Stated {
  readonly spec?: unknown
  readonly status?: unknown
}

/** What most objects have. */
const objectFields = ['apiVersion', 'kind', 'metadata', 'spec', 'status']

/** The same object with another metadata and status. */
export function withStatus(old: KubeObject & Stated, metadata: ObjectMeta, status: unknown): KubeObject {
  const { apiVersion, kind, spec } = old
  if (hasJust(old, objectFields)) return { apiVersion, kind, metadata, spec, status } as KubeObject
  const next = shallowCopy(old)
  next.metadata = metadata
  next.status = status
  return next
}

/** What a pod has that a controller made. */
const podFields = [
  'generateName',
  'labels',
  'ownerReferences',
  'namespace',
  'name',
  'uid',
  'creationTimestamp',
  'generation',
  'resourceVersion',
]

/** A private copy of metadata's first level. */
export function copyMetadata(old: ObjectMeta): { -readonly [Key in keyof ObjectMeta]: ObjectMeta[Key] } {
  if (!hasJust(old, podFields)) return shallowCopy(old)
  const { generateName, labels, ownerReferences, namespace, name, uid, creationTimestamp } = old
  const { generation, resourceVersion } = old
  return {
    generateName,
    labels,
    ownerReferences,
    namespace,
    name,
    uid,
    creationTimestamp,
    generation,
    resourceVersion,
  } as ObjectMeta
}

/** Whether a record has these fields and no others, in this order. */
function hasJust(record: object, fields: readonly string[]): boolean {
  let count = 0
  for (const key in record) if (key !== fields[count++]) return false
  return count === fields.length
}
