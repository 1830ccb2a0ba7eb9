import { CommandError } from './errors.ts'
import {
  ApiError,
  type Api,
  type ApiRequest,
  type KindInfo,
  type KubeList,
  type KubeObject,
  type RequestOptions,
  type Status,
  type Watch,
} from './engine.ts'

/** Where an object is: its kind, its namespace where the kind has one, its name. */
export interface Target {
  readonly kind: KindInfo
  readonly namespace?: string | undefined
  readonly name: string
}

/** The API server as one command sees it: verbs that print warnings and throw refusals. */
export interface Cluster {
  readonly api: Api
  /** the namespace that applies */
  readonly namespace: string
  /** whether -n was given, so that manifests may not say otherwise */
  readonly isNamespaceGiven: boolean
  readonly send: <T>(request: ApiRequest) => T
  readonly get: <T extends KubeObject>(target: Target, subresource?: string) => T
  readonly find: <T extends KubeObject>(target: Target) => T | undefined
  readonly list: <T extends KubeObject>(
    kind: KindInfo,
    namespace: string | undefined,
    options?: RequestOptions,
  ) => readonly T[]
  readonly create: <T extends KubeObject>(
    kind: KindInfo,
    namespace: string | undefined,
    body: unknown,
    options?: RequestOptions,
  ) => T
  readonly update: <T extends KubeObject>(target: Target, body: unknown, options?: RequestOptions) => T
  readonly patch: <T extends KubeObject>(
    target: Target,
    body: unknown,
    type: ApiRequest['patchType'],
    options?: RequestOptions,
    subresource?: string,
  ) => T
  readonly delete: (target: Target, options?: RequestOptions) => unknown
  readonly watch: (kind: KindInfo, namespace: string | undefined, options?: RequestOptions, asTable?: boolean) => Watch
  /** A kind by any of its words, or the error kubectl gives. */
  readonly kind: (word: string) => KindInfo
  readonly warn: (text: string) => void
}

/** Makes the view of one command on the cluster. */
export function createCluster(
  api: Api,
  namespace: string,
  isNamespaceGiven: boolean,
  warn: (text: string) => void,
): Cluster {
  function send<T>(request: ApiRequest): T {
    const { code, body, warnings } = api.request(request)
    for (const warning of warnings) warn(`Warning: ${warning}\n`)
    if (code >= 400) throw new ApiError(body as Status)
    return body as T
  }

  const at = ({ kind, namespace: place, name }: Target) => ({ ...pathOf(kind, place), name })

  return {
    api,
    namespace,
    isNamespaceGiven,
    send,
    warn,
    get: (target, subresource) => send({ verb: 'get', ...at(target), ...(subresource && { subresource }) }),
    find(target) {
      try {
        return send({ verb: 'get', ...at(target) })
      } catch (error) {
        if (error instanceof ApiError && error.code === 404) return undefined
        throw error
      }
    },
    list: <T extends KubeObject>(kind: KindInfo, place: string | undefined, options?: RequestOptions) =>
      listAll<T>(send, kind, place, options),
    create: (kind, place, body, options) =>
      send({ verb: 'create', ...pathOf(kind, place), body, ...(options && { options }) }),
    update: (target, body, options) => send({ verb: 'update', ...at(target), body, ...(options && { options }) }),
    patch: (target, body, patchType = 'strategic', options, subresource) =>
      send({
        verb: 'patch',
        ...at(target),
        body,
        patchType,
        ...(options && { options }),
        ...(subresource && { subresource }),
      }),
    delete: (target, options) => send({ verb: 'delete', ...at(target), ...(options && { options }) }),
    watch: (kind, place, options, asTable = false) =>
      api.watch({ ...pathOf(kind, place), asTable, ...(options && { options }) }),
    kind(word) {
      const found = api.findKind(word)
      if (found === undefined) throw noSuchKind(word)
      return found
    },
  }
}

/** A request's path but for the name. */
export function pathOf(kind: KindInfo, namespace: string | undefined) {
  const { group, version, plural } = kind
  return { group, version, resource: plural, ...(kind.namespaced && namespace !== undefined && { namespace }) }
}

function listAll<T extends KubeObject>(
  send: Cluster['send'],
  kind: KindInfo,
  namespace: string | undefined,
  options: RequestOptions = {},
): readonly T[] {
  const { items } = send<KubeList<T>>({ verb: 'list', ...pathOf(kind, namespace), options })
  return items.map((item) => withType(item, kind))
}

/** An object with its apiVersion and kind, which the items of a list go without. */
export function withType<T extends KubeObject>(object: T, kind: KindInfo): T {
  // Some servers leave both out of the items, whatever the types say.
  const given = object as Partial<KubeObject>
  return given.kind === undefined || given.apiVersion === undefined
    ? { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }
    : object
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: KindInfo): string {
  return group === '' ? version : `${group}/${version}`
}

/** `the server doesn't have a resource type "foo"`: of `foo.example.com` only the first part is named. */
export function noSuchKind(word: string): CommandError {
  return new CommandError(`the server doesn't have a resource type "${word.split('.')[0]}"`)
}

/** `pods`, `deployments.apps`: how errors name a resource. */
export function resourceName({ group, plural }: KindInfo): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** `pod`, `deployment.apps`: how success names a kind. */
export function kindName({ group, kind }: KindInfo): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
}

/** `deployment.apps/web` */
export function nameOf(target: Pick<Target, 'kind' | 'name'>): string {
  return `${kindName(target.kind)}/${target.name}`
}

/** `/v1, Resource=pods`: Go's way to print a resource. */
export function resourcePath({ group, version, plural }: KindInfo): string {
  return `${group}/${version}, Resource=${plural}`
}
