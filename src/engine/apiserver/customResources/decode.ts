import { formatFieldError, invalidValue, type Draft, type KubeObject } from '../../api/index.ts'
import { decode } from '../../api/schema/decode.ts'
import { isObject, itemsOf, valuesOf, type Json, type Schema } from '../../kinds/apiextensions/schema.ts'
import { copyPlain, inOrder } from '../../kinds/apiextensions/values/copyPlain.ts'
import { dropNulls } from '../../kinds/apiextensions/values/defaults.ts'
import { prune } from '../../kinds/apiextensions/values/prune.ts'
import { normalize } from '../normalize.ts'

/** What reading a body by a schema gives. */
export interface Read {
  readonly object: Draft<KubeObject>
  readonly unknown: readonly string[]
  readonly error?: string
}

/** Reads a custom resource: metadata as everywhere, the rest by its schema, which drops what it does not know. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go schemaCoercingDecoder
export function readCustom(schema: Schema, body: object): Read {
  const unknown: string[] = []
  const { metadata, ...rest } = copyPlain(body) as Record<string, unknown>
  const meta = readMeta(metadata, 'metadata', unknown)
  const object = prune(rest, schema, true, unknown) as Record<string, unknown>
  dropNulls(object, schema)
  const error = meta.error ?? embedded(object, schema, unknown)
  const draft = { ...object, metadata: meta.object } as unknown as Draft<KubeObject>
  return { object: draft, unknown: unknown.toSorted(), ...(error !== undefined && { error }) }
}

interface Meta {
  readonly object: object
  readonly error?: string
}

function readMeta(metadata: unknown, path: string, unknown: string[]): Meta {
  if (metadata === undefined || metadata === null) return { object: {} }
  if (!isObject(metadata)) return { object: {}, error: `${path}: Invalid value: must be an object` }
  const read = decode('ObjectMeta', metadata)
  unknown.push(...read.unknown.map((name) => `${path}.${name}`))
  if (read.error !== undefined) return { object: metadata, error: read.error }
  return { object: normalize('ObjectMeta', read.object) }
}

/** Objects inside the object have metadata too. */
function embedded(value: unknown, schema: Schema, unknown: string[], path = ''): string | undefined {
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    return items && firstOf(value, (item, at) => embedded(item, items, unknown, `${path}[${at}]`))
  }
  if (!isObject(value)) return undefined
  const isWhole = path !== '' && schema['x-kubernetes-embedded-resource'] === true
  for (const word of isWhole ? (['apiVersion', 'kind'] as const) : [])
    if (value[word] !== undefined && typeof value[word] !== 'string')
      return formatFieldError(invalidValue(`${path}.${word}`, inOrder(value[word]), 'must be a string'))
  if (isWhole && value['metadata'] !== undefined) {
    const meta = readMeta(value['metadata'], `${path}.metadata`, unknown)
    if (meta.error !== undefined) return meta.error
    ;(value as Record<string, unknown>)['metadata'] = meta.object
  }
  const others = valuesOf(schema)
  return firstOf(Object.keys(value as Json), (key) => {
    const inner = schema.properties?.[key] ?? others
    return inner && embedded((value as Json)[key], inner, unknown, path === '' ? key : `${path}.${key}`)
  })
}

function firstOf<T>(values: readonly T[], find: (value: T, at: number) => string | undefined): string | undefined {
  for (const [at, value] of values.entries()) {
    const found = find(value, at)
    if (found !== undefined) return found
  }
  return undefined
}
