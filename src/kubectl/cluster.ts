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
  { showsFields = false, discovered = [] }: { showsFields?: boolean; discovered?: KindInfo[] } = {},
): Cluster {
  function send<T>(request: ApiRequest): T {
    const { code, body, warnings } = api.request(showsFields ? { ...request, showsFields } : request)
    for (const warning of warnings) warn(`Warning: ${warning}\n`)
    if (code === 404 && !isServed(api, request)) throw new ApiError(nowhere(request, body as Status))
    if (code >= 400) throw new ApiError(body as Status)
    return body as T
  }

  const warned = new Set<string>()
  // upstream: client-go/restmapper/shortcut.go expandResourceShortcut
  function warnOfOthers(found: KindInfo, word: string): void {
    if (warned.has(word) || !found.shortNames.includes(word)) return
    warned.add(word)
    for (const other of api.kinds())
      if (other.isPreferred !== false && other.group !== found.group && other.shortNames.includes(word))
        warn(
          `Warning: short name ${JSON.stringify(word)} could also match lower priority resource ${resourceName(other)}\n`,
        )
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
      api.watch({ ...pathOf(kind, place), asTable, showsFields, ...(options && { options }) }),
    kind(word) {
      const found = api.findKind(word)
      if (found !== undefined) {
        warnOfOthers(found, word)
        return remember(found, discovered)
      }
      const remembered = discovered.find((kind) => isCalled(kind, word))
      if (remembered !== undefined) return remembered
      // A word that nobody knows makes kubectl ask anew what there is.
      discovered.length = 0
      throw noSuchKind(word)
    },
  }
}

const isServed = (api: Api, { group, resource }: ApiRequest): boolean =>
  api.kinds().some((kind) => kind.plural === resource && kind.group === group)

const methods: Readonly<Record<string, string>> = { create: 'post', update: 'put', patch: 'patch', delete: 'delete' }

/** A path that the server does not know is named by the client, as the server answers no Status to it. */
// upstream: client-go/rest/request.go newUnstructuredResponseError
function nowhere({ verb, resource, group, name }: ApiRequest, status: Status): Status {
  const where = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`
  return { ...status, message: `${status.message} (${methods[verb] ?? 'get'} ${where})` }
}

/** Custom kinds are remembered, as kubectl's cache of discovery does, for when they have gone. */
function remember(kind: KindInfo, discovered: KindInfo[]): KindInfo {
  const isNew = kind.schema !== undefined && !discovered.some((one) => isCalled(one, `${kind.plural}.${kind.group}`))
  if (isNew) {
    const { schema: _, ...known } = kind
    discovered.push(known)
  }
  return kind
}

function isCalled({ plural, singular, shortNames, group }: KindInfo, word: string): boolean {
  const lower = word.toLowerCase()
  return [plural, singular, ...shortNames].some((name) => name === lower || `${name}.${group}` === lower)
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

/** `Deployment.apps`: Go's way to print a kind with its group. */
export function kindPath({ group, kind }: Pick<KindInfo, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`
}

/** `deployment.apps/web` */
export function nameOf(target: Pick<Target, 'kind' | 'name'>): string {
  return `${kindName(target.kind)}/${target.name}`
}

/** `/v1, Resource=pods`: Go's way to print a resource. */
export function resourcePath({ group, version, plural }: KindInfo): string {
  return `${group}/${version}, Resource=${plural}`
}
