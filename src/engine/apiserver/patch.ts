import { invalid, invalidValue, statusError, type Draft, type KubeObject, type PatchType } from '../api/index.ts'
import { decode, duplicateField, unknownField } from '../api/schema/decode.ts'
import { typeOf } from '../api/schema/schema.ts'
import { must } from '../sim/index.ts'
import { decodeBody } from './decode.ts'
import type { Passage, Server } from './passage.ts'
import { decodeApply } from './patch/apply.ts'
import { formatGo } from './patch/goText.ts'
import { jsonPatch, unknownMembers } from './patch/json.ts'
import { mergePatch } from './patch/merge.ts'
import { patchedText, touchedByMerge, touchedByOperations } from './patch/patchedText.ts'
import { readPatch } from './patch/read.ts'
import { strategicPatch } from './patch/strategic.ts'
import { stored } from './storage.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go

/** The object that a patch makes of the stored one, as a private copy. */
export function decodePatch(passage: Passage, server: Server): Draft<KubeObject> {
  const { kind, request, isTrusted, door } = passage
  if (kind.custom !== undefined && !isTrusted) refuseStrategic(request.patchType)
  if (request.patchType === 'apply') return decodeApply(passage, server)
  const old = must(passage.old, 'a patch has an old object')
  const patch = readPatch(passage)
  const live = (door?.read?.(old) ?? (namesFields(patch) ? server.fields.shown(kind, old) : old)) as KubeObject
  const patched = applied(passage, live, patch)
  if (!isTrusted) checkFields(passage, server, patched, patch)
  const body = { ...passage, request: { ...request, body: patched }, duplicates: [] }
  return door?.decode ? door.decode(body) : decodeBody(body)
}

/** Custom resources have no types that a strategic merge could go by. */
function refuseStrategic(patchType: PatchType | undefined): void {
  if ((patchType ?? 'strategic') !== 'strategic') return
  throw statusError({
    message:
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    reason: 'UnsupportedMediaType',
    code: 415,
  })
}

/** What a patch is about; a server-side apply may make it. */
export function storedForPatch(passage: Passage, server: Server): KubeObject | undefined {
  const { kind, request, namespace, name, subresource } = passage
  const mayCreate = request.patchType === 'apply' && subresource === ''
  if (mayCreate && server.etcd.get(kind.storagePrefix, namespace, name) === undefined) return undefined
  return stored(passage, server)
}

/** Whether a patch speaks of managed fields, which objects are stored without. */
function namesFields(patch: unknown): boolean {
  if (Array.isArray(patch)) return patch.some(isAtFields)
  const { metadata } = patch as { metadata?: unknown }
  return typeof metadata === 'object' && metadata !== null && 'managedFields' in metadata
}

function isAtFields(operation: unknown): boolean {
  const { path } = (operation ?? {}) as { path?: unknown }
  return typeof path === 'string' && path.startsWith('/metadata/managedFields')
}

function applied({ kind, request, subresource }: Passage, live: KubeObject, patch: unknown): unknown {
  if (request.patchType === 'json') return jsonPatch(live, patch as readonly unknown[])
  if (request.patchType === 'merge') return mergePatch(live, patch)
  const type = subresource === 'scale' ? 'Scale' : typeOf(kind.group, kind.version, kind.kind)
  return strategicPatch(
    type,
    live as unknown as Readonly<Record<string, unknown>>,
    patch as Readonly<Record<string, unknown>>,
  )
}

/** A patched object that is none of its kind is the patch's fault. */
function checkFields(passage: Passage, server: Server, patched: unknown, patch: unknown): void {
  const { kind, request, options, warnings, subresource, duplicates } = passage
  const type = subresource === 'scale' ? 'Scale' : typeOf(kind.group, kind.version, kind.kind)
  if (typeof patched !== 'object' || patched === null) return
  if (type === undefined && kind.custom === undefined) return
  const { unknown, error } = type === undefined ? kind.custom!.decode(patched) : decode(type, patched)
  const isStrategic = (request.patchType ?? 'strategic') === 'strategic'
  const shown = (): string => (isStrategic ? formatGo(patch) : textOfPatched(passage, server, patched, patch))
  const refuse = (text: string): never => {
    throw invalid('', '', '', [invalidValue('patch', shown(), text)])
  }
  if (error !== undefined) refuse(isStrategic ? conversionError(error) : error)
  const isJson = request.patchType === 'json'
  const members = isJson ? unknownMembers(patch as readonly unknown[]) : []
  if (unknown.length + members.length + duplicates.length === 0) return
  const mode = options.fieldValidation || 'Warn'
  if (mode === 'Ignore') return
  const twice = duplicates.map((path) => (isJson ? `json patch ${duplicateField(path)}` : duplicateField(path)))
  const words = [...twice, ...members, ...unknown.map(unknownField)]
  if (mode === 'Strict') refuse(`strict decoding error: ${words.join(', ')}`)
  warnings.push(...words)
}

/** The whole object that a patch makes, owners included. */
function textOfPatched(
  { kind, old, request, subresource }: Passage,
  server: Server,
  patched: unknown,
  patch: unknown,
): string {
  const touched = request.patchType === 'json' ? touchedByOperations(patch as unknown[]) : touchedByMerge(old, patch)
  const whole = subresource === 'scale' ? patched : withOwners(server.fields.entriesOf(kind, old!), patched)
  return patchedText(subresource === 'scale' ? 'Scale' : typeOf(kind.group, kind.version, kind.kind), whole, touched)
}

function withOwners(managedFields: unknown, patched: unknown): unknown {
  const object = patched as Readonly<Record<string, unknown>>
  const { metadata } = object
  if (typeof metadata !== 'object' || metadata === null || 'managedFields' in metadata) return patched
  return { ...object, metadata: { ...metadata, managedFields } }
}

/** A strategic patch is put into Go's struct without JSON, and that way has words of its own. */
// upstream: staging/src/k8s.io/apimachinery/pkg/runtime/converter.go
function conversionError(error: string): string {
  const match = /^json: cannot unmarshal (\w+)(?: \S+)? into Go (?:struct field|value).* of type (\S+)$/.exec(error)
  if (match === null) return error
  const [, value = '', type = ''] = match
  const from = value === 'object' ? 'map' : value === 'array' ? 'slice' : value === 'number' ? 'int64' : value
  if (type.startsWith('map')) return `cannot restore map from ${from}`
  if (type.startsWith('[]')) return `cannot restore slice from ${from}`
  if (/^v\d/.test(type)) return `cannot restore struct from: ${from}`
  return `unrecognized type: ${type}`
}
