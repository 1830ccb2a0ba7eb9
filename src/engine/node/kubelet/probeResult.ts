import { quote } from '../../api/index.ts'
import type { ProbeAnswer, ProbeTarget } from '../runtime/runtime.ts'

/** What an answer means: a verdict, and the text of the event if there is one to tell. */
export interface ProbeVerdict {
  readonly result: 'success' | 'failure'
  readonly output: string
  /** a success that deserves a warning */
  readonly isWarning?: boolean
  /** somewhere else to ask: a redirect within the host */
  readonly follow?: string
}

const good: ProbeVerdict = Object.freeze({ result: 'success', output: '' })
const failure = (output: string): ProbeVerdict => ({ result: 'failure', output })

/** `10.244.1.5:8080`, an IPv6 host in brackets. */
function addressOf({ host, port }: ProbeTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** `http://10.244.1.5:8080/healthz` */
function urlOf(target: ProbeTarget & { readonly kind: 'http' }): string {
  return `${target.scheme.toLowerCase()}://${addressOf(target)}${target.path}`
}

/** Judges what came back from the pod. upstream: pkg/probe/{http,tcp,grpc} */
export function judge(target: ProbeTarget, { result }: ProbeAnswer, timeoutSeconds: number): ProbeVerdict {
  if (result.kind === 'refused') return refused(target, timeoutSeconds)
  if (result.kind === 'http' && target.kind === 'http') return judgeHttp(target, result)
  if (result.kind !== 'grpc') return good
  if (result.status === 'SERVING') return good
  if (result.status === 'NOT_SERVING') return failure('service unhealthy (responded with "NOT_SERVING")')
  return failure('error: health rpc probe failed: rpc error: code = NotFound desc = unknown service')
}

type HttpResult = Extract<ProbeAnswer['result'], { kind: 'http' }>

function judgeHttp(
  target: ProbeTarget & { readonly kind: 'http' },
  { status, body, location }: HttpResult,
): ProbeVerdict {
  if (status >= 200 && status < 300) return good
  if (status >= 400 || status < 200) return failure(`HTTP probe failed with statuscode: ${status}`)
  const path = location === undefined ? undefined : pathWithin(location, target)
  if (path !== undefined) return { ...good, follow: path }
  return { result: 'success', output: `Probe terminated redirects, Response body: ${body}`, isWarning: true }
}

/** The path a redirect leads to if it stays on the same host. */
function pathWithin(location: string, { host }: ProbeTarget): string | undefined {
  if (location.startsWith('/')) return location
  const match = /^https?:\/\/([^/:]+)(?::\d+)?(\/.*)?$/.exec(location)
  return match !== null && match[1] === host ? (match[2] ?? '/') : undefined
}

function refused(target: ProbeTarget, timeoutSeconds: number): ProbeVerdict {
  const dial = `dial tcp ${addressOf(target)}: connect: connection refused`
  if (target.kind === 'http') return failure(`Get ${quote(urlOf(target))}: ${dial}`)
  if (target.kind === 'tcp') return failure(dial)
  return failure(unreachable(target, timeoutSeconds))
}

const unreachable = (target: ProbeTarget, timeoutSeconds: number): string =>
  `timeout: failed to connect service ${quote(addressOf(target))} within ${timeoutSeconds}s: context deadline exceeded`

/** Nobody answered in time. */
export function timedOut(target: ProbeTarget, timeoutSeconds: number): ProbeVerdict {
  if (target.kind === 'http')
    return failure(
      `Get ${quote(urlOf(target))}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    )
  if (target.kind === 'tcp') return failure(`dial tcp ${addressOf(target)}: i/o timeout`)
  return failure(`timeout: health rpc did not complete within ${timeoutSeconds}s`)
}

const outputMax = 10 * 1024

/** A command's end: its words are the message. */
export function judgeExec(code: number, stdout: string, stderr: string): ProbeVerdict {
  return code === 0 ? good : failure((stdout + stderr).slice(0, outputMax))
}

/** A command that takes too long. */
export function execTimedOut(command: readonly string[], timeoutSeconds: number): ProbeVerdict {
  return failure(`command timed out: ${quote(command.join(' '))} timed out after ${timeoutSeconds}s`)
}
