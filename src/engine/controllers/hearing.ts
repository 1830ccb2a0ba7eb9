import { controllerOf, type KubeObject } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { nobody, type Keys } from './controller.ts'
import type { Ear, Loop } from './loop.ts'

type AnyChange = Change<KubeObject>

/** What a loop does about a change: it notes it, and queues the keys that want work because of it. */
export function hear({ loop, observe, concerns, wakes }: Ear, change: AnyChange): void {
  const { sim, view } = loop
  view.now = sim.world.clock.now
  if (observe !== undefined) observe(change as Change<never>, view)
  if (concerns !== undefined) {
    const keys = concerns(change as Change<never>, view)
    if (keys !== nobody) addAll(loop, keys)
  } else if (wakes === 'itself') addItself(loop, change)
  else if (wakes === 'owner') addOwners(loop, change)
}

function addAll({ queue }: Loop, keys: Keys): void {
  if (typeof keys === 'string') queue.add(keys)
  else for (const key of keys) queue.add(key)
}

/** Its own status, as it wrote it last, is no news: where these are ignored, its revision is noted. */
function addItself({ controller, queue }: Loop, change: AnyChange): void {
  const { type, key, object } = change
  if (controller.ignoresOwnStatus && type !== 'ADDED') {
    const item = queue.find(key)
    if (type === 'MODIFIED' && item?.note === object.metadata.resourceVersion) return
    if (type === 'DELETED' && item !== undefined) item.note = ''
  }
  queue.add(key, hasNewSpec(change) ? 2 : 1)
}

function addOwners(loop: Loop, { object, previous }: AnyChange): void {
  addOwner(loop, object)
  if (previous !== undefined && controllerOf(previous)?.uid !== controllerOf(object)?.uid) addOwner(loop, previous)
}

function addOwner({ controller, own, queue }: Loop, object: KubeObject): void {
  const owner = controllerOf(object)
  if (owner?.kind !== controller.for) return
  const { namespace } = object.metadata
  const key = namespace === undefined ? owner.name : `${namespace}/${owner.name}`
  if (own.get(key)?.metadata.uid === owner.uid) queue.add(key)
}

/** A changed spec, a deletion or a birth says more of why than a changed status. */
function hasNewSpec({ object, previous }: AnyChange): boolean {
  if (previous === undefined) return true
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp
  )
}
