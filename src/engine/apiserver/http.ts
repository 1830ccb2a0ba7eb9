import { ApiError, badRequest, statusError, type ApiRequest, type User } from '../api/index.ts'
import type { DescriptionProvider } from '../api/schema/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { ApiServer } from './apiServer.ts'
import { aggregatedType, discover, discoverAll } from './discovery.ts'
import { bodyOf, contentTypeOf, patchTypes } from './http/bodies.ts'
import { health, healthPaths, metrics } from './http/health.ts'
import { openLog, type LogDoor } from './http/logs.ts'
import { clausesOf, representationOf, type Representation } from './http/negotiation.ts'
import { checkPlace, placeOf, verbOf, type Place } from './http/place.ts'
import { requestOptionsOf } from './http/queryOptions.ts'
import { shown } from './http/representation.ts'
import { userOf } from './http/user.ts'
import { glance, watchStream } from './http/watches.ts'
import {
  jsonAnswer,
  readHttp,
  textAnswer,
  type HttpAnswer,
  type HttpRequest,
  type HttpStream,
  type Wire,
} from './http/wire.ts'
import { openApi } from './openapi/index.ts'
import { verbsAt } from './subresources/verbs.ts'
import type { IncludeObject } from './table.ts'

export { bodyText } from './http/bodyText.ts'
export { valuesOf, type HttpAnswer, type HttpRequest, type HttpStream } from './http/wire.ts'
export type { LogText } from './http/logs.ts'

/** What the server has from elsewhere: its nodes' answers, and texts that are not in the engine. */
export interface HttpDoors {
  readonly log?: LogDoor
  /** the texts of fields for the OpenAPI documents */
  readonly describe?: DescriptionProvider
  /** virtual milliseconds */
  readonly now?: () => number
}

/** Answers a request by its path, as the real server does. A watch, or a log that is followed, tells what there is now. */
export function handleHttp(server: ApiServer, request: HttpRequest, doors: HttpDoors = {}): HttpAnswer {
  return answered(() => {
    const found = find(server, readHttp(request), doors)
    if (!('kind' in found)) return found
    const { kind, representation, include, now } = found
    if (found.request.verb === 'watch') return glance(server, found.request, { kind, representation, include }, now)
    if (!isLog(found.request)) return ordinary(server, found)
    const stream = openLog(server, found.request, found.query, doors.log, now)
    return { code: 200, headers: stream.headers, body: stream.take(), warnings: [] }
  })
}

/** The same, but watches and followed logs go on until they are stopped. `id` is the caller's own, another one each time. */
export function openHttp(
  server: ApiServer,
  request: HttpRequest,
  doors: HttpDoors,
  id: string,
): HttpAnswer | HttpStream {
  return answered<HttpAnswer | HttpStream>(() => {
    const found = find(server, readHttp(request), doors)
    if (!('kind' in found)) return found
    const { kind, representation, include, now } = found
    if (found.request.verb === 'watch')
      return watchStream(server, found.request, { kind, representation, include }, now, id)
    if (isLog(found.request)) return openLog(server, found.request, found.query, doors.log, now)
    return ordinary(server, found)
  })
}

function answered<Answer>(run: () => Answer): Answer | HttpAnswer {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return jsonAnswer({ code: error.code, body: error.status, warnings: [] })
  }
}

const isLog = ({ verb, subresource }: ApiRequest): boolean => verb === 'get' && subresource === 'log'

/** A request for a resource, ready for the verbs. */
interface Target {
  readonly request: ApiRequest
  readonly kind: Kind
  readonly duplicates: readonly string[]
  readonly representation: Representation
  readonly include: IncludeObject
  readonly query: ReadonlyMap<string, string>
  readonly now: () => number
}

function find(server: ApiServer, wire: Wire, doors: HttpDoors): HttpAnswer | Target {
  if (!server.isRunning())
    throw statusError({
      message: 'the server is currently unable to handle the request',
      reason: 'ServiceUnavailable',
      code: 503,
    })
  const user = userOf(wire, server)
  authorizeUnstaged(server, wire, user)
  const { parts } = wire
  if (isUnanswered(server, parts)) return textAnswer(503, 'service unavailable\n')
  const document = wire.method === 'GET' || wire.method === 'HEAD' ? documentOf(server, wire, doors) : undefined
  if (document !== undefined) return document
  const [root = ''] = parts
  const start = root === 'api' ? 2 : 3
  const [group = '', version = ''] = root === 'api' ? ['', parts[1]] : parts.slice(1)
  const isPath = (root === 'api' || root === 'apis') && parts.length > start
  const served = isPath ? server.registry.kinds.filter((kind) => kind.group === group && kind.version === version) : []
  const place = placeOf(parts.slice(start))
  // who serves custom resources knows no others: nobody answers for what is not one
  if (served.every(({ custom, plural }) => custom !== undefined && plural !== place.resource))
    return textAnswer(404, '404 page not found\n')
  const kind = server.registry.byPath(group, version, place.resource)
  checkPlace(kind, place)
  const representation = representationOf(wire.headers['accept'])
  const { request, duplicates } = requestOf(wire, kind, place, user)
  const { subresource = '', verb } = request
  if (streaming.has(subresource) && verbsAt(subresource).includes(verb)) {
    server.authorize(request)
    throw badRequest('Upgrade request required')
  }
  const include = includeOf(wire.query.get('includeObject'))
  return { request, kind, duplicates, representation, include, query: wire.query, now: doors.now ?? noTime }
}

/** Whether a path below a version is for a server that does not answer. */
// upstream: kube-aggregator/pkg/apiserver/handler_proxy.go ServeHTTP
function isUnanswered({ unanswered }: ApiServer, [root, group = '', version]: readonly string[]): boolean {
  return root === 'apis' && version !== undefined && unanswered(group, version) !== undefined
}

const noTime = (): number => 0

/** Requests for resources are authorized on their way; here all others are. */
function authorizeUnstaged(server: ApiServer, { method, parts }: Wire, user: User): void {
  const [root = '', ...rest] = parts
  const start = root === 'api' ? 2 : 3
  if ((root === 'api' || root === 'apis') && parts.length > start) {
    const { resource } = placeOf(parts.slice(start))
    const [group, version] = root === 'api' ? ['', rest[0]] : rest
    if (
      server.registry.kinds.some((kind) => kind.plural === resource && kind.group === group && kind.version === version)
    )
      return
  }
  server.authorizePath(user, method, parts)
}

/** Doors at which a connection becomes something other than HTTP. */
const streaming: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward'])

function includeOf(text: string | undefined): IncludeObject {
  if (text === undefined || text === '') return 'Metadata'
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text
  throw badRequest(`unrecognized includeObject value: ${text}`)
}

function documentOf(server: ApiServer, wire: Wire, doors: HttpDoors): HttpAnswer | undefined {
  const { parts } = wire
  if (parts.length === 0) return jsonAnswer({ code: 200, body: { paths: pathsOf(server) }, warnings: [] })
  if (parts[0] === 'metrics' && parts.length === 1) return metrics(server)
  const told = health(server, wire) ?? openApi(server, wire, doors.describe)
  if (told !== undefined) return told
  const { kinds } = server.registry
  if (parts.length === 1 && (parts[0] === 'api' || parts[0] === 'apis') && wantsAll(wire.headers['accept'] ?? ''))
    return { code: 200, headers: { 'content-type': aggregatedType }, body: discoverAll(kinds, parts[0]), warnings: [] }
  const body = discover(kinds, parts)
  return body === undefined ? undefined : jsonAnswer({ code: 200, body, warnings: [] })
}

/** Whether the first thing that a client accepts is discovery all in one document. */
function wantsAll(accept: string): boolean {
  if (!accept.includes('APIGroupDiscoveryList')) return false
  const known = clausesOf(accept).find(
    ({ type, parameters }) =>
      type === 'application/json' && (parameters['as'] === undefined || parameters['v'] === 'v2'),
  )
  return known?.parameters['as'] === 'APIGroupDiscoveryList'
}

function pathsOf({ registry }: ApiServer): readonly string[] {
  const paths = new Set(['/api', '/apis', '/metrics', '/openapi/v2', '/openapi/v3', '/version', ...healthPaths])
  for (const { group, version } of registry.kinds) {
    if (group !== '') paths.add(`/apis/${group}`)
    paths.add(group === '' ? `/api/${version}` : `/apis/${group}/${version}`)
  }
  return [...paths].sort()
}

function requestOf(
  wire: Wire,
  kind: Kind,
  place: Place,
  user: NonNullable<ApiRequest['user']>,
): { readonly request: ApiRequest; readonly duplicates: readonly string[] } {
  const { headers, query } = wire
  const verb = verbOf(wire, kind, place)
  const contentType = contentTypeOf(headers)
  const { body, duplicates } = bodyOf(wire, kind, verb, contentType)
  const { isWatch: _isWatch, ...where } = place
  const request = {
    verb,
    group: kind.group,
    version: kind.version,
    ...where,
    options: requestOptionsOf(query, verb, body),
    user,
    userAgent: headers['user-agent'] ?? '',
    showsFields: true,
    ...(body !== undefined && !verb.startsWith('delete') && { body }),
    ...(verb === 'patch' && { patchType: patchTypes[contentType]! }),
  }
  return { request, duplicates }
}

function ordinary(server: ApiServer, target: Target): HttpAnswer {
  const { request, duplicates, kind, representation, include, now } = target
  const answer = server.handle(request, 'you', duplicates)
  if (answer.code >= 400) return jsonAnswer(answer)
  const body = shown(answer.body, { kind, representation, include, now: now() })
  const told = jsonAnswer({ ...answer, body })
  return representation.format === 'json'
    ? told
    : { ...told, headers: { ...told.headers, 'content-type': 'application/yaml' } }
}
