import type { Kind } from '../../kinds/defineKind.ts'
import type { Dialect, Schema } from './schemas.ts'

interface Action {
  readonly method: string
  readonly action: string
  readonly verb: string
  readonly query: readonly string[]
}

const writing = ['dryRun', 'fieldManager', 'fieldValidation']
const listing = [
  ...['allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion'],
  ...['resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'watch'],
]
const deleting = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy']

const collection: readonly Action[] = [
  { method: 'get', action: 'list', verb: 'list', query: listing },
  { method: 'post', action: 'post', verb: 'create', query: writing },
  { method: 'delete', action: 'deletecollection', verb: 'deletecollection', query: [...deleting, ...listing] },
]
const item: readonly Action[] = [
  { method: 'get', action: 'get', verb: 'get', query: [] },
  { method: 'put', action: 'put', verb: 'update', query: writing },
  { method: 'patch', action: 'patch', verb: 'patch', query: [...writing, 'force'] },
  { method: 'delete', action: 'delete', verb: 'delete', query: deleting },
]

const patchMedia = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const integers: ReadonlySet<string> = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds'])
const booleans: ReadonlySet<string> = new Set([
  ...['allowWatchBookmarks', 'sendInitialEvents', 'watch', 'force', 'orphanDependents'],
])

/** The paths of a kind with their operations: enough for clients that look for what a server can do. */
export function pathsOf(kind: Kind, schema: Schema, dialect: Dialect): Record<string, Schema> {
  const { group, version, plural, namespaced } = kind
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const base = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const paths: Record<string, Schema> = {
    [base]: operations(kind, schema, dialect, collection, namespaced ? ['namespace'] : []),
    [`${base}/{name}`]: operations(kind, schema, dialect, item, namespaced ? ['name', 'namespace'] : ['name']),
  }
  if (namespaced) paths[`${root}/${plural}`] = operations(kind, schema, dialect, collection.slice(0, 1), [])
  return paths
}

function operations(
  kind: Kind,
  schema: Schema,
  dialect: Dialect,
  actions: readonly Action[],
  placed: readonly string[],
): Schema {
  const served = actions.filter(({ verb }) => kind.verbs.includes(verb))
  const found = served.map((action) => [action.method, operation(kind, schema, dialect, action)] as const)
  return { ...Object.fromEntries(found), parameters: placed.map((name) => parameter(name, 'path', dialect)) }
}

function operation(kind: Kind, schema: Schema, dialect: Dialect, { method, action, query }: Action): Schema {
  const { group, version } = kind
  const isWrite = method === 'post' || method === 'put' || method === 'patch'
  const media = method !== 'patch' ? ['application/json', 'application/yaml'] : patchMediaOf(kind)
  const body = method === 'patch' ? { type: 'object' } : schema
  const parameters = ['pretty', ...query].map((name) => parameter(name, 'query', dialect))
  const common = {
    operationId: `${action}${kind.kind}`,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind: kind.kind, version },
  }
  if (dialect.isVersion3)
    return {
      ...common,
      parameters,
      ...(isWrite && { requestBody: { content: contents(media, body), required: true } }),
      responses: { '200': { description: 'OK', content: contents(['application/json', 'application/yaml'], schema) } },
    }
  return {
    ...common,
    consumes: isWrite ? media : ['*/*'],
    produces: ['application/json', 'application/yaml'],
    parameters: isWrite ? [{ in: 'body', name: 'body', required: true, schema: body }, ...parameters] : parameters,
    responses: { '200': { description: 'OK', schema } },
  }
}

/** Custom kinds cannot be patched strategically: nobody says how their lists merge. */
function patchMediaOf({ group }: Kind): readonly string[] {
  return group.includes('.') && !group.endsWith('.k8s.io') ? patchMedia.slice(0, 3) : patchMedia
}

function contents(media: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(media.map((type) => [type, { schema }]))
}

function parameter(name: string, place: string, { isVersion3 }: Dialect): Schema {
  const type = integers.has(name) ? 'integer' : booleans.has(name) ? 'boolean' : 'string'
  const schema = { type, uniqueItems: true }
  const required = place === 'path' ? { required: true } : {}
  return { name, in: place, ...required, ...(isVersion3 ? { schema } : schema) }
}
