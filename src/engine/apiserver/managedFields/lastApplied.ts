import { jsonError } from '../../api/index.ts'
import { compare } from './compare.ts'
import { isMap } from './element.ts'
import { difference, type FieldSet } from './fieldSet.ts'
import { fieldsIn } from './fields.ts'
import type { FieldType } from './fieldType.ts'
import { typeError } from './typed.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

type Json = Readonly<Record<string, unknown>>

function noteOf(object: unknown): string | undefined {
  const annotations = isMap(object) && isMap(object['metadata']) ? object['metadata']['annotations'] : undefined
  const text = isMap(annotations) ? annotations[annotation] : undefined
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** What `kubectl apply` applied by itself and still stands: `kubectl apply --server-side` may take it over. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/lastappliedmanager.go
export function allowedByLastApplied(type: FieldType, live: unknown, apiVersion: string): FieldSet | undefined {
  const text = noteOf(live)
  if (text === undefined || jsonError(text) !== undefined) return undefined
  const last = JSON.parse(text) as unknown
  if (!isMap(last) || last['apiVersion'] !== apiVersion || typeError(type, last) !== undefined) return undefined
  const { added, modified, removed } = compare(type, last, live)
  return difference(difference(difference(fieldsIn(type, last), modified), added), removed)
}

/** Where client-side apply left its note, `kubectl apply --server-side` keeps it up to date. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/lastappliedupdater.go
export function withLastApplied<T extends Json>(object: T, config: Json): T {
  if (noteOf(object) === undefined) return object
  const metadata = object['metadata'] as Json
  const annotations = { ...(metadata['annotations'] as Json), [annotation]: formatConfig(config) }
  return { ...object, metadata: { ...metadata, annotations } }
}

function formatConfig(config: Json): string {
  const metadata = { ...(isMap(config['metadata']) ? config['metadata'] : {}) } as Record<string, unknown>
  if (isMap(metadata['annotations'])) {
    const { [annotation]: _old, ...others } = metadata['annotations']
    if (Object.keys(others).length === 0) delete metadata['annotations']
    else metadata['annotations'] = others
  }
  return `${JSON.stringify(sortedKeys({ ...config, metadata }))}\n`
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys(value[key])]),
  )
}
