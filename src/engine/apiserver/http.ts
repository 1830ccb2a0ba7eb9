import {
  ApiError,
  badRequest,
  invalid,
  jsonError,
  methodNotAllowed,
  noSuchResource,
  quote,
  statusError,
  unauthorized,
  unsupported,
  utf8Bytes,
  type ApiAnswer,
  type ApiRequest,
  type PatchType,
  type Pod,
  type RequestOptions,
  type User,
  type Verb,
} from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { ApiServer } from './apiServer.ts'
import { discover } from './discovery.ts'
import { duplicateFields } from './duplicates.ts'

/** A request as it comes over the wire. */
export interface HttpRequest {
  readonly method: string
  /** with the query: `/api/v1/pods?limit=5` */
  readonly path: string
  /** names in any case */
  readonly headers?: Readonly<Record<string, string>>
  /** text, or what the text would parse to */
  readonly body?: unknown
  /** an administrator, unless said otherwise */
  readonly user?: User
}

/** What goes back: the body is an object, or the text that upstream answers where it has no Status. */
export interface HttpAnswer {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly warnings: readonly string[]
}

/** What nodes answer by way of the API server. */
export interface HttpDoors {
  /** a container's log, by the query of the request */
  readonly log?: (namespace: string, pod: string, container: string, query: ReadonlyMap<string, string>) => string
}

const administrator: User = Object.freeze({
  name: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
})
const bodyBytesMax = 3 * 1024 * 1024

/** Answers a request by its path, as the real server does: resources, discovery, version, health. */
export function handleHttp(server: ApiServer, request: HttpRequest, doors: HttpDoors = {}): HttpAnswer {
  try {
    return respond(server, readHttp(request), doors)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return json({ code: error.code, body: error.status, warnings: [] })
  }
}

interface Wire {
  readonly method: string
  readonly parts: readonly string[]
  readonly query: ReadonlyMap<string, string>
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly user: User
}

function readHttp({ method, path, headers = {}, body, user }: HttpRequest): Wire {
  const [place = '', search = ''] = path.split(/\?(.*)/s)
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (lower['authorization'] !== undefined && user === undefined) throw unauthorized()
  return {
    method: method.toUpperCase(),
    parts: place
      .split('/')
      .filter((part) => part !== '')
      .map(unescapeText),
    query: queryOf(search),
    headers: lower,
    body,
    user: impersonated(lower) ?? user ?? administrator,
  }
}

function queryOf(search: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (!query.has(unescapeText(name))) query.set(unescapeText(name), unescapeText(value.replace(/\+/g, ' ')))
  }
  return query
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function impersonated(headers: Readonly<Record<string, string>>): User | undefined {
  const name = headers['impersonate-user']
  if (name === undefined) return undefined
  const groups = (headers['impersonate-group'] ?? '').split(',').filter((group) => group !== '')
  return { name, groups: [...groups, 'system:authenticated'] }
}

const pageNotFound: HttpAnswer = {
  code: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: '404 page not found\n',
  warnings: [],
}

function respond(server: ApiServer, wire: Wire, doors: HttpDoors): HttpAnswer {
  const { parts, method } = wire
  const [root = ''] = parts
  if (['healthz', 'livez', 'readyz'].includes(root)) return { ...pageNotFound, code: 200, body: 'ok' }
  const document = method === 'GET' ? discover(server.registry.kinds, parts) : undefined
  if (document !== undefined) return json({ code: 200, body: document, warnings: [] })
  const start = root === 'api' ? 2 : 3
  const [group = '', version = ''] = root === 'api' ? ['', parts[1]] : parts.slice(1)
  const isServed =
    (root === 'api' || root === 'apis') &&
    server.registry.kinds.some((kind) => kind.group === group && kind.version === version)
  if (!isServed || parts.length <= start) return pageNotFound
  const place = placeOf(parts.slice(start))
  const kind = server.registry.byPath(group, version, place.resource)
  checkPlace(kind, place)
  checkAccept(wire.headers['accept'])
  const { request, duplicates } = requestOf(wire, kind, place)
  if (request.verb === 'get' && request.subresource === 'log') return logOf(server, request, wire.query, doors)
  return request.verb === 'watch' ? glance(server, request) : json(server.handle(request, 'you', duplicates))
}

// upstream: pkg/registry/core/pod/strategy.go LogLocation
function logOf(
  server: ApiServer,
  request: ApiRequest,
  query: ReadonlyMap<string, string>,
  doors: HttpDoors,
): HttpAnswer {
  const { subresource: _log, ...whole } = request
  const found = server.handle(whole, 'you')
  if (found.code >= 400) return json(found)
  const { metadata, spec } = found.body as Pod
  const names = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  )
  const asked = query.get('container') ?? ''
  if (asked !== '' && !names.includes(asked))
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`)
  if (asked === '' && spec.containers.length !== 1)
    throw badRequest(`a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`)
  const text = doors.log?.(metadata.namespace ?? '', metadata.name, asked || names[0]!, query) ?? ''
  return { code: 200, headers: { 'content-type': 'text/plain' }, body: text, warnings: [] }
}

/** A watch that is read once: an answer has an end, so it tells what there is to tell now. Streams are `server.watch`. */
function glance(server: ApiServer, request: ApiRequest): HttpAnswer {
  const watch = server.watch(request, 'http')
  const lines = watch.take().map((event) => `${JSON.stringify(event)}\n`)
  watch.stop()
  return { code: 200, headers: { 'content-type': 'application/json' }, body: lines.join(''), warnings: [] }
}

interface Place {
  readonly namespace?: string
  readonly resource: string
  readonly name?: string
  readonly subresource?: string
}

const namespaceDoors = new Set(['status', 'finalize'])

function placeOf(parts: readonly string[]): Place {
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

function checkPlace(kind: Kind, { namespace, name }: Place): void {
  if (!kind.namespaced && namespace !== undefined) throw noSuchResource()
  if (kind.namespaced && namespace === undefined && name !== undefined) throw noSuchResource()
}

const representations =
  'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

function checkAccept(accept: string | undefined): void {
  if (accept === undefined || accept === '') return
  const isKnown = accept
    .split(',')
    .some((one) => /^\s*(\*\/\*|application\/(\*|json|yaml|vnd\.kubernetes\.protobuf))/.test(one))
  if (!isKnown)
    throw statusError({
      message: `406: Not Acceptable\n\nAvailable representations: ${representations}`,
      reason: 'NotAcceptable',
      details: {},
      code: 406,
    })
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

function requestOf(
  wire: Wire,
  kind: Kind,
  place: Place,
): { readonly request: ApiRequest; readonly duplicates: readonly string[] } {
  const { headers, query, user } = wire
  const verb = verbOf(wire, kind, place)
  const contentType = (headers['content-type'] ?? '').split(';')[0]!.trim()
  const { body, duplicates } = bodyOf(wire, kind, verb, contentType)
  const asTable = /as=Table/.test(headers['accept'] ?? '')
  const request = {
    verb,
    group: kind.group,
    version: kind.version,
    ...place,
    options: { ...optionsOf(query, verb), ...(verb.startsWith('delete') && deleteOptionsOf(body)) },
    user,
    ...(asTable && { asTable }),
    ...(body !== undefined && !verb.startsWith('delete') && { body }),
    ...(verb === 'patch' && { patchType: patchTypes[contentType]! }),
  }
  return { request, duplicates }
}

function verbOf({ method, query }: Wire, kind: Kind, { name, namespace, subresource }: Place): Verb {
  const isSpread = kind.namespaced && namespace === undefined
  const isWatch = ['true', '1'].includes(query.get('watch') ?? '')
  if (name === undefined) {
    if (method === 'GET') return isWatch ? 'watch' : 'list'
    if (isSpread) throw methodNotAllowed()
    if (method === 'POST') return 'create'
    if (method === 'DELETE') return 'deletecollection'
    throw methodNotAllowed()
  }
  if (subresource !== undefined && !kind.subresources.includes(subresource)) throw noSuchResource()
  if (method === 'GET') return 'get'
  if (method === 'POST' && subresource !== undefined) return 'create'
  if (method === 'PUT') return 'update'
  if (method === 'PATCH') return 'patch'
  if (method === 'DELETE' && subresource === undefined) return 'delete'
  throw methodNotAllowed()
}

interface Body {
  readonly body: unknown
  readonly duplicates: readonly string[]
}

const nothing: readonly string[] = Object.freeze([])

function bodyOf({ body }: Wire, kind: Kind, verb: Verb, contentType: string): Body {
  if (verb === 'get' || verb === 'list' || verb === 'watch') return { body: undefined, duplicates: nothing }
  if (typeof body === 'string' && body.length > bodyBytesMax) throw tooLarge()
  if (verb === 'patch') {
    if (patchTypes[contentType] === undefined)
      throw statusError({
        message: '415: Unsupported Media Type',
        reason: 'UnsupportedMediaType',
        details: {},
        code: 415,
      })
    return { body, duplicates: nothing }
  }
  if (contentType !== '' && !['application/json', 'application/yaml'].includes(contentType)) throw unknownFormat()
  if (verb.startsWith('delete') && (body === undefined || body === '')) return { body: undefined, duplicates: nothing }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { body, duplicates: nothing }
  return parsed(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body), kind)
}

function parsed(text: string, kind: Kind): Body {
  const unrecognized = (why: string): ApiError =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${why} (${summary(text)})`,
    )
  const error = jsonError(text)
  if (error !== undefined) throw unrecognized(error)
  const body = JSON.parse(text) as unknown
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const word = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body
    const type = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`
    throw unrecognized(`json: cannot unmarshal ${word} into Go value of type ${type}`)
  }
  return { body, duplicates: duplicateFields(text) }
}

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go summarizeData
function summary(text: string): string {
  const max = 30
  if (text === '') return '<empty>'
  if (text.startsWith('{')) return text.length > max ? `${text.slice(0, max)} ...` : text
  const bytes = utf8Bytes(text)
  const hex = bytes
    .slice(0, max)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return bytes.length > max ? `${hex} ...` : hex
}

const tooLarge = (): ApiError =>
  statusError({
    message: `Request entity too large: limit is ${bodyBytesMax}`,
    reason: 'RequestEntityTooLarge',
    code: 413,
  })

const unknownFormat = (): ApiError =>
  statusError({
    message:
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    reason: 'UnsupportedMediaType',
    code: 415,
  })

const texts = [
  'fieldManager',
  'fieldValidation',
  'labelSelector',
  'fieldSelector',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'propagationPolicy',
] as const
const numbers = ['limit', 'timeoutSeconds', 'gracePeriodSeconds'] as const
const switches = ['force', 'allowWatchBookmarks', 'sendInitialEvents'] as const

function optionsOf(query: ReadonlyMap<string, string>, verb: Verb): RequestOptions {
  const options: Record<string, unknown> = {}
  for (const name of texts) if (query.get(name)) options[name] = query.get(name)
  for (const name of numbers) if (query.get(name)) options[name] = wholeNumber(query.get(name)!)
  for (const name of switches) if (query.has(name)) options[name] = ['true', '1', ''].includes(query.get(name)!)
  if (query.get('dryRun')) options['dryRun'] = isDryRun([query.get('dryRun')!], verb)
  return options
}

function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`)
  return Number(text)
}

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
}

function isDryRun(values: readonly string[], verb: Verb): boolean {
  if (values.some((value) => value !== 'All'))
    throw invalid('meta.k8s.io', optionKinds[verb] ?? 'DeleteOptions', '', [unsupported('dryRun', values, ['All'])])
  return values.length > 0
}

function deleteOptionsOf(body: unknown): RequestOptions {
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents, dryRun } = (body ??
    {}) as RequestOptions & {
    orphanDependents?: boolean
    dryRun?: readonly string[]
  }
  const policy =
    propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background')
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(preconditions !== undefined && { preconditions }),
    ...(Array.isArray(dryRun) && { dryRun: isDryRun(dryRun as readonly string[], 'delete') }),
  }
}

function json({ code, body, warnings }: ApiAnswer): HttpAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (warnings.length > 0) headers['warning'] = warnings.map((text) => `299 - ${quote(text)}`).join(', ')
  return { code, headers, body, warnings }
}
