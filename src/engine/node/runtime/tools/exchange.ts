import type { ServiceAnswer, ServiceRequest } from '../kernel/host.ts'
import type { Connection } from '../../network/network.ts'
import type { Wait } from '../kernel/kernelState.ts'
import type { Call } from '../kernel/tool.ts'

/** A request under way, as plain data in a tool's memo. */
export interface Exchange {
  stage: 'new' | 'connecting' | 'asked' | 'over'
  at: number
  deadline: number
  connection: Connection | undefined
  answer: ServiceAnswer | undefined
  outcome: Outcome | undefined
}

export type Outcome = 'answered' | 'refused' | 'timeout' | 'nxdomain' | 'empty'

/** A request that has not begun. */
export function newExchange(): Exchange {
  return { stage: 'new', at: 0, deadline: Infinity, connection: undefined, answer: undefined, outcome: undefined }
}

const connectMs = 1
const resolveMs = 2

export interface Target {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly request: ServiceRequest
}

/** How long a kernel tries to connect to somebody who never answers. */
const synTimeoutMs = 130_000

/** Moves a request on: undefined once `exchange.outcome` is known, else what to wait for. */
export function advance(call: Call, exchange: Exchange, target: Target): Wait | undefined {
  const { host } = call.kernel
  const now = host.now()
  if (exchange.stage === 'new') {
    exchange.stage = 'connecting'
    exchange.deadline = now + target.timeoutMs
    exchange.connection = host.connect(call.kernel, target.host, target.port)
    const isName = !/^[\d.]+$/.test(target.host) && target.host !== 'localhost'
    exchange.at = now + connectMs + (isName ? resolveMs : 0)
    if (exchange.connection.outcome === 'silent') exchange.at = Math.min(exchange.deadline, now + synTimeoutMs)
  }
  if (now < exchange.at) return { for: 'time', until: exchange.at, isIdle: call.process.memo.isIdle === true }
  if (exchange.stage === 'connecting') connected(call, exchange, target, now)
  if (exchange.stage === 'asked') {
    if (now < exchange.at) return { for: 'time', until: exchange.at, isIdle: call.process.memo.isIdle === true }
    exchange.stage = 'over'
    exchange.outcome = exchange.answer ? 'answered' : 'timeout'
  }
  if (exchange.outcome) {
    const status = exchange.answer && exchange.outcome === 'answered' ? exchange.answer.status : undefined
    const isFine = exchange.outcome === 'answered' && (status === undefined || status < 400)
    const outcome = isFine ? 'ok' : exchange.outcome === 'answered' ? `http-${status}` : exchange.outcome
    host.record(call.kernel, 'request', {
      host: target.host,
      port: target.port,
      path: target.request.path,
      outcome,
      protocol: target.request.protocol,
    })
  }
  return undefined
}

function connected(call: Call, exchange: Exchange, target: Target, now: number): void {
  const { outcome } = exchange.connection!
  if (outcome === 'connected') {
    exchange.answer = call.kernel.host.ask(call.kernel, exchange.connection!, target.port, target.request)
    exchange.stage = 'asked'
    const doneAt = exchange.answer ? now + (exchange.answer.delayMs ?? 1) : Infinity
    exchange.at = Math.min(doneAt, exchange.deadline)
    if (doneAt > exchange.deadline) exchange.answer = undefined
    return
  }
  exchange.stage = 'over'
  exchange.outcome = outcome === 'refused' ? 'refused' : outcome === 'nxdomain' ? 'nxdomain' : 'timeout'
}

/** What a URL says; `http` and port 80 where it says nothing. */
export interface Address {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
}

/** Reads a URL as curl and wget do. */
export function parseUrl(text: string): Address | undefined {
  const match = /^(?:(\w+):\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^/:?#]*)(?::(\d*))?([/?#][^]*)?$/.exec(text)
  if (!match || match[2] === '') return undefined
  const scheme = (match[1] ?? 'http').toLowerCase()
  const path = (match[4] ?? '/').split('#')[0]!
  const port = match[3] ? Number(match[3]) : scheme === 'https' ? 443 : 80
  return { scheme, host: match[2]!, port, path: path.startsWith('/') ? path : `/${path}` }
}

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** `Not Found` for 404. */
export function phraseOf(status: number): string {
  return phrases[status] ?? 'Unknown'
}
