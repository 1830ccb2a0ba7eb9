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
} from '../api/index.ts'
import type { ApiServer } from './apiServer.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'

/** Makes the verbs of one user: what kubectl, the page and the lessons hold. Everything they do is `you` in the trace. */
export function createApi(sim: Sim, server: ApiServer, user: User): Api {
  const counter = sim.slice('api', () => ({ watches: 0 }))

  function send(request: ApiRequest): ApiAnswer {
    return server.handle({ ...request, user: request.user ?? user }, 'you')
  }

  function answer<T>(request: ApiRequest): T {
    const { code, body } = send(request)
    if (code >= 400) throw new ApiError(body as Status)
    return body as T
  }

  function infoOf(word: string): KindInfo {
    const info = server.registry.find(word)
    if (info === undefined) throw badRequest(`the server doesn't have a resource type "${word}"`)
    return info
  }

  function at(word: string, place: Place = {}, options?: RequestOptions) {
    const { group, version, plural } = infoOf(word)
    return { group, version, resource: plural, ...place, ...(options && { options }) }
  }

  function kindOf(object: object): string {
    const { apiVersion, kind } = object as KubeObject
    const found = server.registry.byObject(apiVersion, kind)
    if (found === undefined) throw badRequest(`no matches for kind "${kind}" in version "${apiVersion}"`)
    return `${found.kind}.${apiVersionOf(found).includes('/') ? `${found.version}.${found.group}` : ''}`.replace(
      /\.$/,
      '',
    )
  }

  const placed = (object: object, place: Place | undefined): Place => {
    const { namespace } = (object as KubeObject).metadata
    return { ...(namespace !== undefined && { namespace }), ...place }
  }

  return {
    user,
    request: send,
    watch: (request) =>
      server.watch({ ...request, verb: 'watch', user: request.user ?? user }, `you/${++counter.watches}`),
    kinds: () => server.registry.infos,
    findKind: (word) => server.registry.find(word),
    get: (kind, name, place) => answer({ verb: 'get', ...at(kind, place), name }),
    find(kind, name, place) {
      const { code, body } = send({ verb: 'get', ...at(kind, place), name })
      if (code === 404) return undefined
      if (code >= 400) throw new ApiError(body as Status)
      return body as never
    },
    list: <T extends KubeObject>(kind: string, place?: Place, options?: RequestOptions) =>
      answer<KubeList<T>>({ verb: 'list', ...at(kind, place, options) }).items,
    create: (object, place, options) =>
      answer({ verb: 'create', ...at(kindOf(object), placed(object, place), options), body: object }),
    update(object, place, options) {
      const { name } = (object as KubeObject).metadata
      return answer({ verb: 'update', ...at(kindOf(object), placed(object, place), options), name, body: object })
    },
    patch(kind, name, patch, place = {}, options) {
      const { type = 'strategic', ...rest } = place
      return answer({ verb: 'patch', ...at(kind, rest, options), name, body: patch, patchType: type })
    },
    delete: (kind, name, place, options) => answer({ verb: 'delete', ...at(kind, place, options), name }),
    as: (other) => createApi(sim, server, other),
  }
}
