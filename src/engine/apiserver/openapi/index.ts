import { typeOf, type DescriptionProvider } from '../../api/schema/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { ApiServer } from '../apiServer.ts'
import { clausesOf, notAcceptable } from '../http/negotiation.ts'
import { jsonAnswer, type HttpAnswer, type Wire } from '../http/wire.ts'
import { openApiName } from './names.ts'
import { pathsOf } from './paths.ts'
import { createSchemas, version2, version3, type Dialect, type Schema } from './schemas.ts'

const info = Object.freeze({ title: 'Kubernetes', version: 'v1.36.3' })
const undescribed: DescriptionProvider = () => undefined

/** Answers `/openapi/v2`, `/openapi/v3` and its parts; undefined for other paths. */
// upstream: k8s.io/kube-openapi/pkg/handler, pkg/handler3
export function openApi(
  server: ApiServer,
  { parts, headers, query }: Wire,
  describe: DescriptionProvider = undescribed,
): HttpAnswer | undefined {
  if (parts[0] !== 'openapi') return undefined
  if (parts[1] === 'v2') checkJson(headers['accept'])
  const body = kept(server.registry.kinds, describe, parts.join('/'), () =>
    documentAt(server, parts.slice(1), describe),
  )
  if (body === undefined) return undefined
  const answer = jsonAnswer({ code: 200, body, warnings: [] })
  // what is asked for by its hash never changes
  return query.has('hash')
    ? { ...answer, headers: { ...answer.headers, 'cache-control': 'public, immutable' } }
    : answer
}

function documentAt(server: ApiServer, path: readonly string[], describe: DescriptionProvider): unknown {
  const [version, root, group = '', name = ''] = path
  if (version === 'v2') return path.length === 1 ? wholeDocument(server, describe) : undefined
  if (version !== 'v3') return undefined
  if (path.length === 1) return { paths: indexOf(server) }
  if (root === 'api' && path.length === 3) return partOf(server, '', group, describe)
  return root === 'apis' && path.length === 4 ? partOf(server, group, name, describe) : undefined
}

type Documents = Map<string, unknown>

/** Documents that were made before: they follow from the kinds and their texts alone, and so are no state of any world. */
const made = new WeakMap<DescriptionProvider, WeakMap<readonly Kind[], Documents>>()

function kept(kinds: readonly Kind[], describe: DescriptionProvider, path: string, make: () => unknown): unknown {
  let byKinds = made.get(describe)
  if (byKinds === undefined) made.set(describe, (byKinds = new WeakMap()))
  let documents = byKinds.get(kinds)
  if (documents === undefined) byKinds.set(kinds, (documents = new Map()))
  if (!documents.has(path)) documents.set(path, make())
  return documents.get(path)
}

/** The documents are to be had as JSON alone. differs: upstream also answers in protobuf */
function checkJson(accept = ''): void {
  const isKnown = accept === '' || clausesOf(accept).some(({ type }) => known.has(type))
  if (!isKnown) throw notAcceptable('406: Not Acceptable\n\nAvailable representations: application/json')
}

const known: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*'])

function indexOf({ registry }: ApiServer): Readonly<Record<string, unknown>> {
  const paths: Record<string, unknown> = {}
  for (const { group, version } of registry.kinds) {
    const path = group === '' ? `api/${version}` : `apis/${group}/${version}`
    if (paths[path] !== undefined) continue
    const kinds = registry.kinds.filter((kind) => kind.group === group && kind.version === version)
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(kinds)}` }
  }
  return paths
}

/** Another one for other kinds: so clients know when to ask again. */
function hashOf(kinds: readonly Kind[]): string {
  const facts = kinds.map(({ kind, plural, verbs, namespaced, custom }) => [
    kind,
    plural,
    verbs,
    namespaced,
    custom?.schema,
  ])
  let hash = 0x811c9dc5 // FNV-1a
  for (const char of JSON.stringify(facts)) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0
  return hash.toString(16).toUpperCase().padStart(8, '0')
}

function partOf(server: ApiServer, group: string, version: string, describe: DescriptionProvider): unknown {
  const kinds = server.registry.kinds.filter((kind) => kind.group === group && kind.version === version)
  if (kinds.length === 0) return undefined
  const { schemas, paths } = partsOf(kinds, version3, describe)
  const securitySchemes = { BearerToken: { type: 'apiKey', in: 'header', name: 'authorization' } }
  return { openapi: '3.0.0', info, paths, components: { schemas, securitySchemes } }
}

function wholeDocument(server: ApiServer, describe: DescriptionProvider): unknown {
  const { schemas, paths } = partsOf(server.registry.kinds, version2, describe)
  return { swagger: '2.0', info, paths, definitions: schemas }
}

function partsOf(kinds: readonly Kind[], dialect: Dialect, describe: DescriptionProvider) {
  const collected = createSchemas(dialect, describe)
  const paths: Record<string, Schema> = {}
  for (const kind of kinds) {
    const name = addKind(kind, collected, dialect)
    Object.assign(paths, pathsOf(kind, { $ref: dialect.root + name }, dialect))
  }
  return { schemas: collected.schemas, paths }
}

type Collected = ReturnType<typeof createSchemas>

/** Adds a kind and its list; returns the name of its schema. */
function addKind(kind: Kind, { schemas, add }: Collected, dialect: Dialect): string {
  const { group, version } = kind
  const type = typeOf(group, version, kind.kind)
  const name =
    type === undefined ? `${group.split('.').reverse().join('.')}.${version}.${kind.kind}` : openApiName(type)
  if (type === undefined) schemas[name] = customSchema(kind, dialect.root + add('ObjectMeta'))
  else add(type)
  schemas[name] = { ...schemas[name], ...named(kind, kind.kind) }
  schemas[listMeta] ??= listMetaSchema
  if (kind.verbs.includes('list'))
    schemas[`${name}List`] = {
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        items: { type: 'array', items: { $ref: dialect.root + name } },
        kind: { type: 'string' },
        metadata: { $ref: dialect.root + listMeta },
      },
      ...named(kind, `${kind.kind}List`),
    }
  return name
}

const listMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta'
const listMetaSchema: Schema = {
  type: 'object',
  properties: {
    continue: { type: 'string' },
    remainingItemCount: { type: 'integer', format: 'int64' },
    resourceVersion: { type: 'string' },
    selfLink: { type: 'string' },
  },
}

const named = ({ group, version }: Kind, kind: string): Schema => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
})

/** The schema of a custom kind, from its definition. */
function customSchema(kind: Kind, metadata: string): Schema {
  const schema: Schema = kind.custom?.schema ?? { type: 'object' }
  const own = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { allOf: [{ $ref: metadata }] } }
  return { ...schema, properties: { ...(schema['properties'] as Schema | undefined), ...own } }
}
