import {
  badRequest,
  base64Bytes,
  encodeBase64,
  gone,
  jsonErrorOfBytes,
  methodNotAllowed,
  notFound,
  quote,
  statusError,
  tooLargeVersion,
  type KubeList,
  type KubeObject,
  type RequestOptions,
} from '../api/index.ts'
import { apiVersionOf, type Kind } from '../kinds/defineKind.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { inVersion } from './storage.ts'
import { tableOf } from './table.ts'
import { filterOf } from './watchers.ts'

/** Answers a get or a list; a watch's first answer is what a list of its selection would be. */
export function read(passage: Passage, server: Server): unknown {
  const { request, kind } = passage
  if (request.verb === 'watch') return undefined
  if (request.verb === 'get') {
    const object = getOne(passage, server)
    if (!request.asTable) return object
    const { resourceVersion } = (object as KubeObject).metadata
    return tableOf(kind, [object as KubeObject], { resourceVersion }, server.sim.now())
  }
  const list = getMany(passage, server)
  return request.asTable ? tableOf(kind, list.items, list.metadata, server.sim.now()) : list
}

/** A stored object as readers see it. */
export function findOne(kind: Kind, namespace: string, name: string, { etcd, view }: Server): KubeObject | undefined {
  const found = etcd.get(kind.storagePrefix, kind.namespaced ? namespace : '', name)
  if (found === undefined) return undefined
  const object = view(kind, found.value as KubeObject)
  return kind.storedAs === undefined ? object : inVersion(kind, object)
}

function getOne({ kind, namespace, name, subresource, door, options }: Passage, server: Server): unknown {
  if (options.resourceVersion) checkVersion(options.resourceVersion, server.etcd.revision())
  const object = findOne(kind, namespace, name, server)
  if (object === undefined) throw notFound(resourceOf(kind), name)
  if (subresource === '') return object
  if (unreadable.has(subresource)) throw methodNotAllowed()
  return door?.read?.(object) ?? object
}

/** Doors that only take something in, or that a node answers at. */
const unreadable: ReadonlySet<string> = new Set([
  'binding',
  'eviction',
  'token',
  'finalize',
  'log',
  'exec',
  'attach',
  'portforward',
  'proxy',
])

// upstream: staging/src/k8s.io/apiserver/pkg/storage/{cacher,etcd3}; what each resourceVersion means is in golden/watch/lists.json
function getMany(passage: Passage, { etcd, view }: Server): KubeList {
  const { kind, request, options } = passage
  const namespace = kind.namespaced ? request.namespace || undefined : ''
  const isSeen = filterOf(kind, options)
  const page = pageOf(options, etcd.revision())
  const stored = page.isPast
    ? pastObjects(etcd.rangeAt(kind.storagePrefix, namespace, page.revision), options, etcd.revision(), page)
    : etcd.range(kind.storagePrefix, namespace).map(({ value }) => view(kind, value as KubeObject))
  const all = kind.storedAs === undefined ? stored : stored.map((object) => inVersion(kind, object))
  const hasSelector = Boolean(options.labelSelector || options.fieldSelector)
  return cut(hasSelector ? all.filter(isSeen) : all, {
    ...page,
    hasSelector,
    apiVersion: apiVersionOf(kind),
    kind: kind.custom?.listKind ?? `${kind.kind}List`,
  })
}

interface Page {
  readonly revision: number
  readonly isPast: boolean
  readonly limit: number
  readonly from: string
}

function pageOf(options: RequestOptions, now: number): Page {
  const { resourceVersion = '', resourceVersionMatch, limit = 0, continue: token } = options
  if (token) return nextPage(token, resourceVersion, limit, now)
  if (resourceVersion === '') return { revision: now, isPast: false, limit: limit > 0 ? limit : Infinity, from: '' }
  const asked = checkVersion(resourceVersion, now)
  if (asked === 0) return { revision: now, isPast: false, limit: Infinity, from: '' }
  const isExact = resourceVersionMatch === 'Exact' || (limit > 0 && resourceVersionMatch !== 'NotOlderThan')
  return {
    revision: isExact ? asked : now,
    isPast: isExact && asked < now,
    limit: limit > 0 ? limit : Infinity,
    from: '',
  }
}

/** A version asked for must be a number, and not lie in the future. */
export function checkVersion(text: string, now: number): number {
  if (!/^\d+$/.test(text))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${quote(text)}: strconv.ParseUint: parsing ${quote(text)}: invalid syntax`,
    )
  const asked = Number(text)
  if (asked > now) throw tooLargeVersion(text, now)
  return asked
}

function nextPage(token: string, resourceVersion: string, limit: number, now: number): Page {
  const text = base64Bytes(token)
    .map((byte) => String.fromCharCode(byte))
    .join('')
  const error = jsonErrorOfBytes(text)
  if (error !== undefined) throw badRequest(`invalid continue token: continue key is not valid: ${error}`)
  if (resourceVersion !== '' && resourceVersion !== '0')
    throw badRequest('specifying resource version is not allowed when using continue')
  const { v, rv = 0, start = '' } = JSON.parse(text) as { v?: string; rv?: number; start?: string }
  if (v !== 'meta.k8s.io/v1')
    throw badRequest(
      'invalid continue token: continue key is not valid: server does not recognize this encoded version',
    )
  const revision = rv > 0 ? rv : now
  return { revision, isPast: revision < now, limit: limit > 0 ? limit : Infinity, from: start }
}

function pastObjects(
  values: readonly unknown[] | undefined,
  options: RequestOptions,
  now: number,
  page: Page,
): readonly KubeObject[] {
  if (values !== undefined) return values as readonly KubeObject[]
  if (!options.continue) throw gone('The resourceVersion for the provided list is too old.')
  throw statusError({
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
      'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with ' +
      'the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time ' +
      'the first chunk was returned and now may show up in the list.',
    reason: 'Expired',
    code: 410,
    metadata: { continue: tokenOf(-1, page.from) },
  })
}

interface Cut extends Page {
  readonly apiVersion: string
  readonly kind: string
  readonly hasSelector: boolean
}

function cut(objects: readonly KubeObject[], { apiVersion, kind, revision, limit, from, hasSelector }: Cut): KubeList {
  const start = from === '' ? 0 : objects.findIndex((object) => placeOf(object) >= from)
  const rest = start < 0 ? [] : start === 0 ? objects : objects.slice(start)
  const resourceVersion = String(revision)
  if (rest.length <= limit) return { kind, apiVersion, metadata: { resourceVersion }, items: rest }
  const items = rest.slice(0, limit)
  const token = tokenOf(revision, `${placeOf(items[items.length - 1]!)}\0`)
  const remaining = hasSelector ? {} : { remainingItemCount: rest.length - limit }
  return { kind, apiVersion, metadata: { resourceVersion, continue: token, ...remaining }, items }
}

function placeOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
}

function tokenOf(revision: number, start: string): string {
  const text = encodeBase64(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start }))
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
