import type { ApiError } from '../../api/index.ts'
import { statusError } from '../../api/index.ts'

/** How an answer is to be told: its format, and what is made of objects. */
export interface Representation {
  readonly format: 'json' | 'yaml'
  /** undefined: objects as they are */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  /** the version of meta.k8s.io that Tables and the like are told in */
  readonly version: string
}

const plain: Representation = Object.freeze({ format: 'json', version: 'v1' })
const transformed: ReadonlySet<string> = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'])

/** One clause of an Accept header. */
export interface Clause {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The clauses of an Accept header, the most wanted first. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go
export function clausesOf(accept: string): readonly Clause[] {
  const clauses = accept.split(',').map((text) => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim())
    const pairs = rest.map((part) => {
      const equals = part.indexOf('=')
      return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
    })
    const parameters: Readonly<Record<string, string>> = Object.fromEntries(pairs)
    return { type, parameters, quality: Number(parameters['q'] ?? 1) }
  })
  return clauses.sort((a, b) => b.quality - a.quality)
}

/** What an Accept header asks for; a 406 if none of it can be had. */
// differs: there is no protobuf here; clients that offer JSON beside it get JSON
export function representationOf(accept: string | undefined): Representation {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') return plain
  for (const { type, parameters } of clausesOf(accept)) {
    const format = formats[type]
    if (format === undefined) continue
    const { as, v = 'v1', g = 'meta.k8s.io' } = parameters
    if (as === undefined) return format === 'json' ? plain : { format, version: 'v1' }
    if (!transformed.has(as) || g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) continue
    return { format, as: as as NonNullable<Representation['as']>, version: v }
  }
  throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${representations}`)
}

const formats: Readonly<Record<string, Representation['format']>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
}

const representations =
  'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

/** 406, in words of the caller's. */
export function notAcceptable(message: string): ApiError {
  return statusError({ message, reason: 'NotAcceptable', details: {}, code: 406 })
}
