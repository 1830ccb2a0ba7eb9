/** A field a request got wrong, as `field.Error` upstream. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  readonly value?: unknown
  /** the message does not repeat the value */
  readonly omitsValue?: true
  readonly detail: string
}

// upstream: apimachinery/pkg/util/validation/field/errors.go
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'InternalError'
  | 'FieldValueTypeInvalid'

/** One cause of a refusal. */
export interface StatusCause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}

/** The body of every refusal: a Kubernetes Status. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: 'Failure' | 'Success'
  readonly message?: string
  readonly reason?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly uid?: string
    readonly causes?: readonly StatusCause[]
    readonly retryAfterSeconds?: number
  }
  readonly code?: number
}

/** A refused request. kubectl prints it, a controller retries, the page shows it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: Status
  constructor(status: Status) {
    super(status.message)
    this.status = status
  }
  get code(): number {
    return this.status.code ?? 500
  }
  get reason(): string {
    return this.status.reason ?? ''
  }
}

/** Resource as errors name it: `pods`, `deployments.apps`. */
export interface GroupResource {
  readonly group: string
  readonly resource: string
}

const qualified = ({ group, resource }: GroupResource): string => (group === '' ? resource : `${resource}.${group}`)

function failure(code: number, reason: string, message: string, details?: Status['details']): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  })
}

const about = (resource: GroupResource, name: string, more?: object): Status['details'] => ({
  ...(name !== '' && { name }),
  ...(resource.group !== '' && { group: resource.group }),
  ...(resource.resource !== '' && { kind: resource.resource }),
  ...more,
})

// upstream: apimachinery/pkg/api/errors/errors.go, one function per constructor there

/** 404: no such object. */
export const notFound = (resource: GroupResource, name: string): ApiError =>
  failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name))

/** 404 for a path that no resource is served at. */
export const noSuchResource = (): ApiError =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {})

/** 409: the name is taken; a generated one after eight tries. */
export const alreadyExists = (resource: GroupResource, name: string, generateName?: string): ApiError =>
  generateName === undefined || !name.startsWith(generateName)
    ? failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, about(resource, name))
    : failure(
        409,
        'AlreadyExists',
        `${qualified(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`,
        about(resource, name, { retryAfterSeconds: 1 }),
      )

/** 409: somebody wrote in between, or a precondition failed. */
export const conflict = (resource: GroupResource, name: string, detail: string): ApiError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${detail}`,
    about(resource, name),
  )

/** What `conflict` says of a stale resourceVersion. */
export const staleWrite = 'the object has been modified; please apply your changes to the latest version and try again'

/** 403: authorization or admission said no. */
export const forbidden = (resource: GroupResource, name: string, detail: string): ApiError =>
  failure(
    403,
    'Forbidden',
    name === ''
      ? `${qualified(resource)} is forbidden: ${detail}`
      : `${qualified(resource)} "${name}" is forbidden: ${detail}`,
    about(resource, name),
  )

/** 422: fields that break the rules. */
export const invalid = (group: string, kind: string, name: string, errors: readonly FieldError[]): ApiError => {
  const qualifiedKind = group === '' ? kind : `${kind}.${group}`
  const causes = errors.map((error) => ({ reason: error.type, message: bodyOf(error), field: error.field }))
  return failure(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${aggregate(errors.map(formatFieldError))}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(kind !== '' && { kind }),
    causes,
  })
}

/** 400: the request makes no sense. */
export const badRequest = (message: string): ApiError => failure(400, 'BadRequest', message)

/** 405: this resource has no such verb. */
export const methodNotAllowed = (): ApiError =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

/** 410: the history asked for has been compacted. */
export const gone = (message: string): ApiError => failure(410, 'Expired', message)

/** 504: a version that is still to come. */
export const tooLargeVersion = (asked: string, current: number): ApiError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })

/** 429: try again later. */
export const tooManyRequests = (
  message: string,
  causes?: readonly StatusCause[],
  retryAfterSeconds?: number,
): ApiError =>
  failure(429, 'TooManyRequests', message, {
    ...(causes && { causes }),
    ...(retryAfterSeconds && { retryAfterSeconds }),
  })

/** 500: something inside went wrong. */
export const internalError = (message: string): ApiError =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })

/** 401: who are you? */
export const unauthorized = (): ApiError => failure(401, 'Unauthorized', 'Unauthorized')

/** 503: the component behind the request does not answer. */
export const unavailable = (message: string): ApiError => failure(503, 'ServiceUnavailable', message)

/** Any other Status, as it is. */
export const statusError = (
  status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'> & Partial<Pick<Status, 'metadata'>>,
): ApiError => new ApiError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status })

/** `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field}: ${bodyOf(error)}`
}

const titles: Record<FieldErrorType, string> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
}

const withoutValue: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'InternalError',
])

function bodyOf({ type, value, detail, omitsValue }: FieldError): string {
  const head = omitsValue === true || withoutValue.has(type) ? titles[type] : `${titles[type]}: ${formatValue(value)}`
  return detail === '' ? head : `${head}: ${detail}`
}

function formatValue(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'object') return goJsonText(value)
  return String(value as number)
}

/** Go's JSON spells what could end a script otherwise. */
function goJsonText(value: object): string {
  const text = JSON.stringify(value)
  return /[<>&]/.test(text) ? text.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) : text
}

/** A Go-quoted string. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text)
  return unlikeGo.test(quoted) ? quoted.replace(escapes, goEscape) : quoted
}

/** What JSON writes otherwise than Go, and escaped backslashes, which hide none of it. */
const escapes = /\\\\|\\u00[01][0-9a-f]|[\x7f-\xa0\xad\u2028\u2029\ufeff]/g
const unlikeGo = /\\u00[01]|[\x7f-\xa0\xad\u2028\u2029\ufeff]/

function goEscape(found: string): string {
  if (found === '\\\\') return found
  const code = found.length > 1 ? parseInt(found.slice(2), 16) : found.charCodeAt(0)
  if (code === 7 || code === 11) return code === 7 ? '\\a' : '\\v'
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

// upstream: apimachinery/pkg/util/errors: one message stands alone, several are put in brackets, equal ones once
function aggregate(messages: readonly string[]): string {
  const distinct = [...new Set(messages)]
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`
}
