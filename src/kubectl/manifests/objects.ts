import { CommandError } from '../errors.ts'
import { apiVersionOf, type Cluster, type Target } from '../cluster.ts'
import type { KindInfo, KubeObject } from '../engine.ts'
import { sortKeys } from '../printers/json.ts'
import type { ManifestDocument } from './documents.ts'

/** An object of a manifest, or of the cluster, with its place. */
export interface Info extends Target {
  readonly object: KubeObject
  /** the file it came from */
  readonly source?: string
}

/** How documents are understood. */
export interface Understanding {
  readonly cluster: Cluster
  /** whether a missing kind is refused in the words of validation */
  readonly isValidated: boolean
  /** objects stay as they were written: no namespace is added */
  readonly isLocal?: boolean
}

/** The objects of one document: itself, or the items of a List. Throws what is wrong with it. */
export function objectsOf(document: ManifestDocument, how: Understanding): readonly (() => Info)[] {
  const { value, source } = document
  const record = recordOf(value, source, how.isValidated)
  const { items, kind } = record
  if (!Array.isArray(items) || typeof kind !== 'string' || !kind.endsWith('List'))
    return [() => infoOf(record, source, how)]
  return (items as unknown[]).map((item) => () => infoOf(recordOf(item, source, how.isValidated), source, how))
}

function recordOf(value: unknown, source: string, isValidated: boolean): Record<string, unknown> {
  const complain = (what: string): CommandError =>
    new CommandError(
      `error validating "${source}": error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (isValidated) throw complain('invalid object to validate')
    throw new CommandError(
      `unable to decode "${source}": json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    )
  }
  const record = value as Record<string, unknown>
  const lacking = ['apiVersion', 'kind'].filter(
    (field) => record[field] === undefined || record[field] === null || record[field] === '',
  )
  if (isValidated && lacking.length > 0) {
    const texts = lacking.map((field) => `${field} not set`)
    throw complain(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`)
  }
  if (lacking.includes('kind'))
    throw new CommandError(`unable to decode "${source}": Object 'Kind' is missing in '${JSON.stringify(value)}'`)
  return record
}

function infoOf(record: Record<string, unknown>, source: string, { cluster, isLocal }: Understanding): Info {
  checkMetadata(record['metadata'], source)
  // Objects travel with sorted keys, which shows in the order of the server's complaints.
  const object = sortKeys(record) as KubeObject
  const { name = '', namespace } = metadataOf(object)
  const apiVersion = String(record['apiVersion'] ?? '')
  const kind = findServed(cluster, apiVersion, String(record['kind']))
  if (kind === undefined)
    throw new CommandError(
      `resource mapping not found for name: "${name}" namespace: "${namespace ?? ''}" from "${source}": no matches for kind "${String(record['kind'])}" in version "${apiVersion}"\nensure CRDs are installed first`,
    )
  return isLocal ? { kind, name, object, source } : placed({ kind, name, object, source }, namespace, cluster)
}

/** What a manifest says of itself: it may say nothing at all. */
export function metadataOf({ metadata }: KubeObject): Partial<KubeObject['metadata']> {
  return (metadata as KubeObject['metadata'] | null | undefined) ?? {}
}

/** The kind that is served as this apiVersion and kind. */
export function findServed(cluster: Cluster, apiVersion: string, kind: string): KindInfo | undefined {
  return cluster.api.kinds().find((info) => info.kind === kind && apiVersionOf(info) === apiVersion)
}

// upstream: cli-runtime/pkg/resource/visitor.go SetNamespace, RequireNamespace
function placed(info: Info, namespace: string | undefined, cluster: Cluster): Info {
  if (!info.kind.namespaced) return info
  if (cluster.isNamespaceGiven && namespace && namespace !== cluster.namespace)
    throw new CommandError(
      `the namespace from the provided object "${namespace}" does not match the namespace "${cluster.namespace}". You must pass '--namespace=${namespace}' to perform this operation.`,
    )
  const place = namespace || cluster.namespace
  const metadata = sortKeys({ ...info.object.metadata, namespace: place })
  return { ...info, namespace: place, object: { ...info.object, metadata } as KubeObject }
}

const texts: readonly string[] = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion']

function checkMetadata(metadata: unknown, source: string): void {
  if (metadata === undefined || metadata === null) return
  if (typeof metadata !== 'object' || Array.isArray(metadata))
    throw wrongType(source, metadata, 'metadataOnlyObject.metadata', 'v1.ObjectMeta')
  const fields = metadata as Record<string, unknown>
  for (const name of Object.keys(fields).sort()) {
    if (name === 'labels' || name === 'annotations') checkStrings(fields[name], name, source)
    else if (texts.includes(name) && fields[name] !== null && typeof fields[name] !== 'string')
      throw wrongType(source, fields[name], `ObjectMeta.metadata.${name}`, 'string')
  }
}

function checkStrings(value: unknown, name: string, source: string): void {
  if (value === null || value === undefined) return
  if (typeof value !== 'object' || Array.isArray(value))
    throw wrongType(source, value, `ObjectMeta.metadata.${name}`, 'map[string]string')
  for (const item of Object.values(value))
    if (item !== null && typeof item !== 'string')
      throw wrongType(source, item, `ObjectMeta.metadata.${name}`, 'string')
}

function wrongType(source: string, value: unknown, field: string, type: string): CommandError {
  return new CommandError(
    `unable to decode "${source}": json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${type}`,
  )
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value
}
