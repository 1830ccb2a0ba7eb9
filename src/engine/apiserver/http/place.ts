import { methodNotAllowed, noSuchResource, type Verb } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { Wire } from './wire.ts'

/** What a path below a group's version names. */
export interface Place {
  readonly namespace?: string
  readonly resource: string
  readonly name?: string
  readonly subresource?: string
  /** the old way to ask for a watch: `/api/v1/watch/pods` */
  readonly isWatch?: boolean
}

/** Doors of a Namespace itself, where otherwise the name of a resource would stand. */
const namespaceDoors = new Set(['status', 'finalize'])

/** Reads what follows `/api/v1` or `/apis/<group>/<version>`. */
export function placeOf(parts: readonly string[]): Place {
  if (parts[0] === 'watch' && parts.length > 1) return { ...placeOf(parts.slice(1)), isWatch: true }
  const [first = '', second, third, ...rest] = parts
  if (first === 'namespaces' && third !== undefined && second !== undefined && !namespaceDoors.has(third)) {
    const [name, subresource] = rest
    return {
      namespace: second,
      resource: third,
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    }
  }
  return {
    resource: first,
    ...(second !== undefined && { name: second }),
    ...(third !== undefined && { subresource: third }),
  }
}

/** Refuses a namespace where the kind has none, and an item without the namespace it must have. */
export function checkPlace(kind: Kind, { namespace, name }: Place): void {
  if (!kind.namespaced && namespace !== undefined) throw noSuchResource()
  if (kind.namespaced && namespace === undefined && name !== undefined) throw noSuchResource()
}

/** What a method means at a place. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/installer.go
export function verbOf({ method, query }: Wire, kind: Kind, place: Place): Verb {
  const { name, namespace, subresource } = place
  if (place.isWatch && method === 'GET') return 'watch'
  if (name === undefined) return verbOfCollection(method, query, kind.namespaced && namespace === undefined)
  if (subresource !== undefined && !kind.subresources.includes(subresource)) throw noSuchResource()
  if (method === 'GET') return 'get'
  if (method === 'POST' && subresource !== undefined) return 'create'
  if (method === 'PUT') return 'update'
  if (method === 'PATCH') return 'patch'
  if (method === 'DELETE' && subresource === undefined) return 'delete'
  throw methodNotAllowed()
}

function verbOfCollection(method: string, query: ReadonlyMap<string, string>, isSpread: boolean): Verb {
  if (method === 'GET') return isTrue(query.get('watch')) ? 'watch' : 'list'
  if (isSpread) throw methodNotAllowed()
  if (method === 'POST') return 'create'
  if (method === 'DELETE') return 'deletecollection'
  throw methodNotAllowed()
}

const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1'
