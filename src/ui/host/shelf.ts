import { keyOf, type Cluster, type KubeObject, type Watch, type WatchEvent } from '#engine'
import { answered, listAnyway, type ShownKind } from './reading.ts'

/** All objects of a kind, kept in step by a watch. */
export interface Shelf<T> {
  readonly items: Map<string, T>
  /** keys of what changed since the last call */
  readonly take: () => readonly string[]
  readonly stop: () => void
}

/** Fills a shelf. Where no watch can be opened, it holds what is stored, and is filled anew as soon as one can. */
export function shelfOf<T extends KubeObject>(cluster: Cluster, kind: ShownKind): Shelf<T> {
  const { group, version, plural } = cluster.api.findKind(kind)!
  const items = new Map<string, T>()
  let fresh = new Set<string>()
  let watch: Watch | undefined

  function open(): void {
    watch = answered(() => cluster.api.watch({ group, version, resource: plural }))
  }

  function fill(): void {
    for (const key of items.keys()) fresh.add(key)
    items.clear()
    for (const object of listAnyway<T>(cluster, kind)) {
      items.set(keyOf(object), object)
      fresh.add(keyOf(object))
    }
  }

  function apply({ type, object }: WatchEvent): void {
    if (type === 'BOOKMARK' || type === 'ERROR') return
    const key = keyOf(object as T)
    if (type === 'DELETED') items.delete(key)
    else items.set(key, object as T)
    fresh.add(key)
  }

  open()
  fill()
  return {
    items,
    take() {
      if (watch === undefined) {
        open()
        if (watch !== undefined) fill()
      }
      for (const event of watch?.take() ?? []) apply(event)
      const keys = [...fresh]
      fresh = new Set()
      return keys
    },
    stop: () => watch?.stop(),
  }
}
