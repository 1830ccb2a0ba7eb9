import { ApiError, keysBelow, type Cluster, type KubeObject } from '#engine'

/** Where etcd keeps the kinds that the page follows. */
const places = {
  Deployment: 'deployments',
  Event: 'events',
  Lease: 'leases',
  Node: 'minions',
  Pod: 'pods',
  ReplicaSet: 'replicasets',
} as const

/** The kinds that the page shows whether or not the API server answers. */
export type ShownKind = keyof typeof places

type Readable = Pick<Cluster, 'api' | 'etcd'>

/** All objects of a kind. The page shows what is so: where the API server does not answer, etcd's disk is read. */
export function listAnyway<T extends KubeObject>({ api, etcd }: Readable, kind: ShownKind): readonly T[] {
  return (
    answered(() => api.list<T>(kind)) ??
    etcd.range(keysBelow(`/registry/${places[kind]}/`)).map(({ value }) => value as T)
  )
}

/** One object, or undefined; past the API server where that does not answer. */
export function findAnyway<T extends KubeObject>(
  { api, etcd }: Readable,
  kind: ShownKind,
  namespace: string,
  name: string,
): T | undefined {
  const found = answered(() => ({ object: api.find<T>(kind, name, namespace === '' ? {} : { namespace }) }))
  if (found) return found.object
  const key = `/registry/${places[kind]}/${namespace === '' ? '' : `${namespace}/`}${name}`
  return etcd.range({ key })[0]?.value as T | undefined
}

/** What asking came to; undefined where nobody answered. */
export function answered<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
