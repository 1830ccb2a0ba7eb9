import { formatTime, randomUid, type Event, type Namespace } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Passage, Server } from './passage.ts'
import { putOwned } from './storage.ts'

const nameMax = 253
const noOptions = Object.freeze({})

/**
 * The short way of a component's new Event. Half a dozen come for each pod, made whole by the recorder, and no gate has anything to say
 * of them but that of their namespace: where that might be otherwise (a quota, a policy) it does nothing and returns false, and the
 * Event goes the way of all requests.
 */
export function createEventWay(
  server: Server,
  kind: Kind,
  isIdle: () => boolean,
): (event: Event, namespace: string, actor: string) => boolean {
  const { etcd, context, sim } = server
  const draw = (): number => context.int(4_294_967_296)

  return (event, namespace, actor) => {
    const { name } = event.metadata
    const home = etcd.get('namespaces', '', namespace)?.value as Namespace | undefined
    if (home === undefined || home.metadata.deletionTimestamp !== undefined || name.length > nameMax) return false
    if (!isIdle() || etcd.isFull() || etcd.count('resourcequotas', namespace) > 0) return false
    const metadata = event.metadata as { uid: string; creationTimestamp: string }
    metadata.uid = randomUid(draw)
    metadata.creationTimestamp = formatTime(sim.now())
    const passage = { options: noOptions, kind, namespace, actor, draft: event, isTrusted: true, subresource: '' }
    putOwned(passage as unknown as Passage, event, 'created', server)
    return true
  }
}
