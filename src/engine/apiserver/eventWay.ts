import { formatTime, randomUid, type Event, type Namespace } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Hearer } from './hearers.ts'
import type { Passage, Server } from './passage.ts'
import { putOwned } from './storage.ts'

const nameMax = 253
const noOptions = Object.freeze({})
/** kinds that have a say in what a namespace takes in */
const gates: ReadonlySet<string> = new Set(['Namespace', 'ResourceQuota'])

/** Where components' new Events go. */
export interface EventWay extends Hearer {
  /** Takes one; false where it must go the way of all requests. */
  readonly take: (event: Event, namespace: string, actor: string) => boolean
}

/**
 * The short way of a component's new Event. Half a dozen come for each pod, made whole by the recorder, and no gate has anything to say
 * of them but that of their namespace: where that might be otherwise (a quota, a policy) it does nothing and returns false, and the
 * Event goes the way of all requests.
 */
export function createEventWay(server: Server, kind: Kind, isIdle: () => boolean): EventWay {
  const { etcd, context, sim } = server
  /** a namespace whose gate was found open, and has not changed since */
  let open: string | undefined

  function isOpen(namespace: string): boolean {
    if (namespace === open) return true
    const home = etcd.get('namespaces', '', namespace)?.value as Namespace | undefined
    if (home === undefined || home.metadata.deletionTimestamp !== undefined) return false
    if (etcd.count('resourcequotas', namespace) > 0) return false
    open = namespace
    return true
  }

  return {
    take(event, namespace, actor) {
      if (!isOpen(namespace) || event.metadata.name.length > nameMax || !isIdle()) return false
      const metadata = event.metadata as { uid: string; creationTimestamp: string }
      metadata.uid = randomUid(context.int)
      metadata.creationTimestamp = formatTime(sim.now())
      const passage = { options: noOptions, kind, namespace, actor, draft: event, isTrusted: true, subresource: '' }
      putOwned(passage as unknown as Passage, event, 'created', server)
      return true
    },
    hears: (written) => gates.has(written.kind),
    onWrite() {
      open = undefined
    },
  }
}
