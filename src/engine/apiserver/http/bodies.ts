import type { ApiError } from '../../api/index.ts'
import {
  badRequest,
  jsonError,
  nestingError,
  nestingMax,
  statusError,
  utf8Bytes,
  type PatchType,
  type Verb,
} from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { duplicateFields } from '../duplicates.ts'
import type { Wire } from './wire.ts'

/** What a request brings: parsed, with the fields that its text names twice. */
export interface Body {
  readonly body: unknown
  readonly duplicates: readonly string[]
}

const bodyBytesMax = 3 * 1024 * 1024
const none: readonly string[] = Object.freeze([])
const noBody: Body = Object.freeze({ body: undefined, duplicates: none })

/** How a patch is meant, by its content type. */
export const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** The media type of a body, without its parameters. */
export function contentTypeOf(headers: Readonly<Record<string, string>>): string {
  const text = headers['content-type'] ?? ''
  const end = text.indexOf(';')
  return (end < 0 ? text : text.slice(0, end)).trim()
}

/** Reads the body of a request for a kind. */
export function bodyOf({ body }: Wire, kind: Kind, verb: Verb, contentType: string): Body {
  if (verb === 'get' || verb === 'list' || verb === 'watch') return noBody
  if (typeof body === 'string' && body.length > bodyBytesMax) throw tooLarge()
  if (verb === 'patch') {
    if (patchTypes[contentType] === undefined) throw unknownPatch()
    return { body, duplicates: contentType === 'application/apply-patch+yaml' ? none : duplicatesIn(body) }
  }
  if (contentType !== '' && contentType !== 'application/json' && contentType !== 'application/yaml')
    throw unknownFormat()
  if (verb.startsWith('delete') && (body === undefined || body === '')) return noBody
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { body, duplicates: none }
  const text = typeof body === 'string' ? body : body === undefined ? '' : textOf(body)
  return verb.startsWith('delete') ? parsedOptions(text) : parsed(text, kind)
}

/** The text of a value, or as much of it as shows that it is nested too deeply. */
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && nestingError(value) !== undefined
    ? '['.repeat(nestingMax + 1)
    : JSON.stringify(value)

const duplicatesIn = (body: unknown): readonly string[] =>
  typeof body === 'string' && jsonError(body) === undefined ? duplicateFields(body) : none

/** The options of a delete are read by another decoder, which blames the server. */
function parsedOptions(text: string): Body {
  const error = jsonError(text)
  if (error !== undefined)
    throw statusError({ message: `couldn't get version/kind; json parse error: ${error}`, code: 500 })
  return { body: JSON.parse(text) as unknown, duplicates: none }
}

function parsed(text: string, kind: Kind): Body {
  const unrecognized = (why: string): ApiError =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${why} (${summary(text)})`,
    )
  const error = jsonError(text)
  if (error !== undefined) throw unrecognized(error)
  const body = JSON.parse(text) as unknown
  if (body === null) return { body: {}, duplicates: none } // to Go, an object without any field
  if (typeof body !== 'object' || Array.isArray(body)) {
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

const unknownPatch = (): ApiError =>
  statusError({ message: '415: Unsupported Media Type', reason: 'UnsupportedMediaType', details: {}, code: 415 })
