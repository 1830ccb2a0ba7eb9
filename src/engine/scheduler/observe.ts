import type { KubeObject, Node, Pod } from '../api/index.ts'
import type { Change, Client, Informer } from '../client/index.ts'
import { observedKinds, type ObservedKind, type Objects } from './objects.ts'

/** What the scheduler sees: nodes, pods, and the other kinds that are served. */
export interface Observed {
  readonly nodes: Informer<Node>
  readonly pods: Informer<Pod>
  readonly objects: Objects
  /** grows with each change of the other kinds that arrives */
  readonly othersRevision: () => number
  /** Hears of changes of the other kinds. */
  readonly onOther: (listener: (kind: ObservedKind, change: Change<KubeObject>) => void) => void
}

/** Opens the scheduler's informers. A kind that is not served has no objects. */
export function observe(client: Client): Observed {
  const { registry } = client.process.server
  const others = new Map<ObservedKind, Informer<KubeObject>>()
  for (const kind of observedKinds)
    if (registry.findByKind(kind) !== undefined)
      others.set(
        kind,
        client.informer<KubeObject>(
          { kind },
          { namespace: { reads: [], values: ({ metadata }) => [metadata.namespace ?? ''] } },
        ),
      )
  return {
    nodes: client.informer<Node>({ kind: 'Node' }),
    pods: client.informer<Pod>({ kind: 'Pod' }),
    objects: {
      get: <T extends KubeObject>(kind: ObservedKind, key: string) => others.get(kind)?.get(key) as T | undefined,
      list: <T extends KubeObject>(kind: ObservedKind) => (others.get(kind)?.list() ?? nothing) as Iterable<T>,
      within: <T extends KubeObject>(kind: ObservedKind, namespace: string) =>
        (others.get(kind)?.by('namespace', namespace) ?? nothing) as Iterable<T>,
    },
    othersRevision() {
      let sum = 0
      for (const informer of others.values()) sum += informer.revision()
      return sum
    },
    onOther(listener) {
      for (const [kind, informer] of others) informer.listen((change) => listener(kind, change))
    },
  }
}

const nothing: readonly never[] = Object.freeze([])
