import type { Cluster } from '../cluster.ts'
import type { Io, KubectlContext } from '../context.ts'
import { CommandError } from '../errors.ts'
import type { Waiting } from '../defineCommand.ts'
import {
  ApiError,
  bodyText,
  statusError,
  type HttpAnswer,
  type HttpRequest,
  type HttpStream,
  type Status,
} from '../engine.ts'

/** What `--raw` is called with: a method, a path with its query, and what may not be said besides. */
export interface RawCall {
  readonly cluster: Cluster
  readonly io: Io
  readonly context: KubectlContext
  readonly flags: {
    readonly raw: string
    readonly filename: readonly string[]
    readonly recursive: boolean
    readonly output: string
  }
}

/** Refuses a path that is none, and `-o`, which has no part in what the server answers. */
export function checkRaw({ flags: { raw, output } }: RawCall): void {
  if (output !== '') throw new CommandError('--raw and --output are mutually exclusive')
  if (!/^(\/|[a-z][a-z\d+.-]*:)/i.test(raw))
    throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`)
}

/** The same for what sends a file: there may be one, and it is none of the web's. */
export function checkRawFile(call: RawCall): void {
  const { filename, recursive } = call.flags
  if (filename.length > 1) throw new CommandError('--raw can only use a single local file or stdin')
  if (/^https?:\/\//.test(filename[0] ?? '')) throw new CommandError('--raw cannot read from a url')
  if (recursive) throw new CommandError('--raw and --recursive are mutually exclusive')
  checkRaw(call)
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Asks the server by a path, and prints what it answers as it came. */
// upstream: kubectl/pkg/rawhttp/raw.go
export function sendRaw(call: RawCall, method: Method): number {
  const { context } = call
  if (context.http === undefined) throw noPaths()
  return tell(call, context.http(requestOf(call, method)))
}

/** The same with GET; a watch or a followed log is printed until it ends or is stopped. */
export function getRaw(call: RawCall): number | Waiting {
  const { io, context, flags } = call
  if (context.openHttp === undefined || !/[?&](watch|follow)=|\/watch\//.test(flags.raw)) return sendRaw(call, 'GET')
  const answer = context.openHttp(requestOf(call, 'GET'))
  return 'take' in answer ? follow(answer, io) : tell(call, answer)
}

const noPaths = (): CommandError => new CommandError('--raw needs the paths of the API server, which are not here')

function requestOf({ cluster, io, flags }: RawCall, method: Method): HttpRequest {
  const [file] = flags.filename
  return {
    method,
    path: pathOf(flags.raw),
    headers: { accept: 'application/json, */*', 'content-type': 'application/json', 'user-agent': userAgent },
    user: cluster.api.user,
    ...(file !== undefined && { body: textOf(file, io) }),
  }
}

/** The path of what may be a whole address. */
const pathOf = (raw: string): string => withoutGarbage(raw.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, ''))

function tell({ cluster, io, flags }: RawCall, answer: HttpAnswer): number {
  for (const warning of answer.warnings) cluster.warn(`Warning: ${warning}\n`)
  if (answer.code >= 400) throw refusalOf(answer.code, answer.body)
  io.out(bodyText(answer.body, pathOf(flags.raw), userAgent))
  return 0
}

const userAgent = 'kubectl/v1.36.3'

function* follow(stream: HttpStream, io: Io): Waiting {
  try {
    for (;;) {
      const text = stream.take()
      if (text !== '') io.out(text)
      if (stream.isOver()) return 0
      yield
    }
  } finally {
    stream.stop()
  }
}

/** What of a query cannot be decoded, the client leaves out. */
function withoutGarbage(path: string): string {
  const [place = '', query] = path.split(/\?(.*)/s)
  if (query === undefined) return place
  return `${place}?${query.split('&').filter(isDecodable).join('&')}`
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch (error) {
    if (error instanceof URIError) return false
    throw error
  }
}

function textOf(file: string, io: Io): string {
  const text = file === '-' ? (io.stdin ?? '') : io.readFile(file)
  if (text === undefined) throw new CommandError(`open ${file}: no such file or directory`)
  return text
}

// upstream: client-go/rest/request.go transformResponse: what is no Status is put into words by the client
function refusalOf(code: number, body: unknown): ApiError {
  if (typeof body !== 'string') return new ApiError(body as Status)
  if (code === 404)
    return statusError({ message: 'the server could not find the requested resource', reason: 'NotFound', code })
  const message = `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`
  return statusError({ message, reason: 'InternalError', code })
}
