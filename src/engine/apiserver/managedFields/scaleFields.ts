import { entryOf, isSameManager, sorted, withFields, type ManagedEntry, type Manager } from './entry.ts'
import { difference, holdsPath, isEmptySet, setOf } from './fieldSet.ts'

const replicasPath = ['f:spec', 'f:replicas']
const replicas = setOf(replicasPath.join(' '))

/**
 * The entries after somebody asked for another number of copies through `scale`: the field goes to whoever has it in the Scale. What
 * comes out of a Scale has lost its time.
 */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go ToParent
export function toParent(
  entries: readonly ManagedEntry[],
  inScale: readonly Manager[],
  apiVersion: string,
): readonly ManagedEntry[] {
  const left = [...inScale]
  const kept = entries.flatMap((entry) => {
    if (!holdsPath(entry.fieldsV1, replicasPath)) return [entry]
    // an updater is known by its version too, and the Scale's is another one: it never finds itself again
    const again = left.findIndex((one) => one.operation === 'Apply' && isSameManager(one, entry))
    if (again >= 0) {
      left.splice(again, 1)
      return [entry]
    }
    const rest = difference(entry.fieldsV1, replicas)
    return isEmptySet(rest) ? [] : [withFields(entry, rest)]
  })
  return sorted([...kept, ...left.map((one) => entryOf({ ...one, apiVersion }, replicas, undefined))])
}

/** The owners of the number of copies as the Scale of an object has them. */
// upstream: scalehandler.go ToSubresource
export function inScale(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries
    .filter(({ fieldsV1 }) => holdsPath(fieldsV1, replicasPath))
    .map((entry) => entryOf({ ...entry, apiVersion: 'autoscaling/v1' }, replicas, entry.time))
}
