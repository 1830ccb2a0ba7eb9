import { badRequest, invalid, invalidValue, jsonError, type Draft, type KubeObject } from '../api/index.ts'
import { decode, strictDecodingError, unknownField } from '../api/schema/decode.ts'
import { typeOf } from '../api/schema/schema.ts'
import { must } from '../sim/index.ts'
import { decodeBody } from './decode.ts'
import type { Passage } from './passage.ts'
import { formatGo } from './patch/goText.ts'
import { jsonPatch, unknownMembers } from './patch/json.ts'
import { mergePatch } from './patch/merge.ts'
import { strategicPatch } from './patch/strategic.ts'
import { findSubresource } from './subresources/index.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go

/** The object that a patch makes of the stored one, as a private copy. */
export function decodePatch(passage: Passage): Draft<KubeObject> {
  const { kind, request, isTrusted } = passage
  const old = must(passage.old, 'a patch has an old object')
  const door = findSubresource(kind, passage.subresource)
  const live = (door?.read?.(old) ?? old) as KubeObject
  const patch = parsed(passage)
  const patched = applied(passage, live, patch)
  if (!isTrusted) checkFields(passage, patched, patch)
  const body = { ...passage, request: { ...request, body: patched } }
  return door?.decode ? door.decode(body) : decodeBody(body)
}

function parsed({ request }: Passage): unknown {
  const { body, patchType } = request
  if (patchType === 'apply') throw badRequest('server-side apply is not served yet')
  const prefix = (patchType ?? 'strategic') === 'strategic' ? '' : 'error decoding patch: '
  const value = typeof body === 'string' ? parse(body, prefix) : body
  const isList = Array.isArray(value)
  if (patchType === 'json' ? isList : typeof value === 'object' && value !== null && !isList) return value
  const word = isList ? 'array' : value === null ? 'null' : typeof value
  const type = patchType === 'json' ? 'jsonpatch.Patch' : 'map[string]interface {}'
  throw badRequest(
    `${prefix}json: cannot unmarshal ${word === 'boolean' ? 'bool' : word} into Go value of type ${type}`,
  )
}

function parse(text: string, prefix: string): unknown {
  const error = jsonError(text)
  if (error !== undefined) throw badRequest(prefix + error)
  return JSON.parse(text) as unknown
}

function applied({ kind, request, subresource }: Passage, live: KubeObject, patch: unknown): unknown {
  if (request.patchType === 'json') return jsonPatch(live, patch as readonly unknown[])
  if (request.patchType === 'merge') return mergePatch(live, patch)
  const type = subresource === 'scale' ? undefined : typeOf(kind.group, kind.version, kind.kind)
  return strategicPatch(
    type,
    live as unknown as Readonly<Record<string, unknown>>,
    patch as Readonly<Record<string, unknown>>,
  )
}

/** A patched object that is none of its kind is the patch's fault. */
function checkFields(passage: Passage, patched: unknown, patch: unknown): void {
  const { kind, request, options, warnings, subresource } = passage
  const type = subresource === 'scale' ? 'Scale' : typeOf(kind.group, kind.version, kind.kind)
  if (type === undefined || typeof patched !== 'object' || patched === null) return
  const { unknown, error } = decode(type, patched)
  const isStrategic = (request.patchType ?? 'strategic') === 'strategic'
  const shown = (): string => (isStrategic ? formatGo(patch) : JSON.stringify(patched))
  const refuse = (text: string): never => {
    throw invalid('', '', '', [invalidValue('patch', shown(), text)])
  }
  if (error !== undefined) refuse(isStrategic ? conversionError(error) : error)
  const members = request.patchType === 'json' ? unknownMembers(patch as readonly unknown[]) : []
  if (unknown.length + members.length === 0) return
  const mode = options.fieldValidation || 'Warn'
  if (mode === 'Strict')
    refuse(
      members.length === 0
        ? strictDecodingError(unknown)
        : `strict decoding error: ${[...members, ...unknown.map(unknownField)].join(', ')}`,
    )
  if (mode === 'Warn') warnings.push(...members, ...unknown.map(unknownField))
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
