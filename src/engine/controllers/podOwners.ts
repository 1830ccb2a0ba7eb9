import { controllerOf, isEqual, keyOf, selects, type KubeObject, type LabelSelector, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import type { See } from './controller.ts'

/** The objects of one kind that a pod's change concerns: its owners before and after, or, for an orphan, whoever could adopt it. */
export function* concernedOwners<T extends KubeObject>(
  kind: string,
  { type, object, previous }: Change<Pod>,
  see: See,
  selectorOf: (owner: T) => LabelSelector | undefined,
): Iterable<string> {
  const before = previous && controllerOf(previous)
  const owner = controllerOf(object)
  const { namespace } = object.metadata
  const owners = see.lister<T>(kind)
  if (before?.kind === kind && before.uid !== owner?.uid) yield `${namespace}/${before.name}`
  if (owner !== undefined) {
    const key = `${namespace}/${owner.name}`
    if (owner.kind === kind && owners.get(key)?.metadata.uid === owner.uid) yield key
    return
  }
  const isOld = previous && before === undefined && isEqual(previous.metadata.labels, object.metadata.labels)
  if (type === 'DELETED' || isOld) return
  for (const each of owners.list())
    if (each.metadata.namespace === namespace && selects(selectorOf(each), object.metadata.labels)) yield keyOf(each)
}
