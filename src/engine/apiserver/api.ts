import {
  ApiError,
  badRequest,
  type Api,
  type ApiAnswer,
  type ApiRequest,
  type KindInfo,
  type KubeList,
  type KubeObject,
  type Place,
  type RequestOptions,
  type Status,
  type User,
  type Verb,
  type Watch,
  type WatchEvent,
} from '../api/index.ts'
import type { ApiServer } from './apiServer.ts'
import type { Sim } from '../sim/index.ts'
import { tableOf } from './table.ts'

type Asked = Place & Pick<ApiRequest, 'name' | 'body' | 'patchType'>

const nowhere: Asked = Object.freeze({})

const atName = (name: string, place: Place | undefined): Asked =>
  place === undefined ? { name } : ({ name, namespace: place.namespace, subresource: place.subresource } as Asked)

/** Makes the verbs of one user: what kubectl, the page and the lessons hold. Everything they do is `you` in the trace. */
export function createApi(sim: Sim, server: ApiServer, user: User): Api {
  const counter = sim.slice('api', () => ({ watches: 0 }))

  const send = (request: ApiRequest): ApiAnswer =>
    server.handle(request.user === undefined ? { ...request, user } : request, 'you')

  function answer<T>(request: ApiRequest): T {
    const { code, body } = server.handle(request, 'you')
    if (code >= 400) throw new ApiError(body as Status)
    return body as T
  }

  function infoOf(word: string): KindInfo {
    const info = server.registry.find(word)
    if (info === undefined) throw badRequest(`the server doesn't have a resource type "${word}"`)
    return info
  }

  /** A request with all of its fields in one order, whatever is asked: reads come by the ten thousand. */
  function ask(verb: Verb, word: string, place: Asked | undefined, options?: RequestOptions): ApiRequest {
    const { group, version, plural: resource } = infoOf(word)
    const { subresource, namespace, name, body, patchType } = place ?? nowhere
    return {
      verb,
      group,
      version,
      resource,
      subresource,
      namespace,
      name,
      body,
      patchType,
      options,
      user,
    } as ApiRequest
  }

  function kindOf(object: object): string {
    const { apiVersion, kind } = object as KubeObject
    const found = server.registry.byObject(apiVersion, kind)
    if (found === undefined) throw badRequest(`no matches for kind "${kind}" in version "${apiVersion}"`)
    return found.group === '' ? found.kind : `${found.kind}.${found.version}.${found.group}`
  }

  /** A watch that tells each object as the row it is at the time of its event. */
  function tabled(watch: Watch, { group, version, resource }: Parameters<Api['watch']>[0]): Watch {
    const kind = server.registry.byPath(group, version, resource)
    const rowOf = ({ type, object }: WatchEvent): WatchEvent => {
      if (type === 'BOOKMARK' || type === 'ERROR') return { type, object } as WatchEvent
      const { resourceVersion } = (object as KubeObject).metadata
      return {
        type,
        object: tableOf(kind, [object as KubeObject], { resourceVersion }, sim.now()),
      } as unknown as WatchEvent
    }
    return { ...watch, take: (max) => watch.take(max).map(rowOf) }
  }

  const placed = (object: object, place: Place | undefined): Place => {
    const { namespace } = (object as KubeObject).metadata
    return { ...(namespace !== undefined && { namespace }), ...place }
  }

  return {
    user,
    request: send,
    watch(request) {
      const asked = { ...request, verb: 'watch', user: request.user ?? user } as const
      const watch = server.watch(asked, `you/${++counter.watches}`)
      return request.asTable === true ? tabled(watch, request) : watch
    },
    kinds: () => server.registry.infos,
    findKind: (word) => server.registry.find(word),
    get: (kind, name, place) => answer(ask('get', kind, atName(name, place))),
    find(kind, name, place) {
      const { code, body } = server.handle(ask('get', kind, atName(name, place)), 'you')
      if (code === 404) return undefined
      if (code >= 400) throw new ApiError(body as Status)
      return body as never
    },
    list: <T extends KubeObject>(kind: string, place?: Place, options?: RequestOptions) =>
      answer<KubeList<T>>(ask('list', kind, place, options)).items,
    create: (object, place, options) =>
      answer(ask('create', kindOf(object), { ...placed(object, place), body: object }, options)),
    update(object, place, options) {
      const { name } = (object as KubeObject).metadata
      return answer(ask('update', kindOf(object), { ...placed(object, place), name, body: object }, options))
    },
    patch(kind, name, patch, { type = 'strategic', ...place } = {}, options) {
      return answer(ask('patch', kind, { ...place, name, body: patch, patchType: type }, options))
    },
    delete: (kind, name, place, options) => answer(ask('delete', kind, atName(name, place), options)),
    as: (other) => createApi(sim, server, other),
  }
}
