import { complain, memoOf, print } from '../kernel/io.ts'
import type { ServiceAnswer, ServiceRequest } from '../kernel/host.ts'
import type { Memory } from '../kernel/kernelState.ts'
import { closePorts, holdMemory, listen, steady } from '../kernel/processes.ts'
import { defineTool, type Call, type Step, type Tool } from '../kernel/tool.ts'

/** A long-running server by data: when it is ready, what it answers, what it costs, how it stops. */
export interface ServerSpec {
  readonly names: readonly string[]
  readonly ports: readonly number[] | ((call: Call) => readonly number[])
  readonly startMs: number
  /** what it writes at its start, when ready, and when told to stop */
  readonly says?: (call: Call, moment: 'start' | 'ready' | 'stop') => string
  /** a reason to end at once: its exit code, after it said why */
  readonly check?: (call: Call) => number | undefined
  readonly answer: (call: Call, port: number, request: ServiceRequest) => ServiceAnswer | undefined
  /** the line of the access log */
  readonly log?: (call: Call, request: ServiceRequest, answer: ServiceAnswer) => string
  readonly cpuMs?: number
  readonly latencyMs?: number
  readonly memoryBytes: number
  readonly idleMilli?: number
  readonly stop: StopSpec
  /** other signals: an exit code, or nothing for the default */
  readonly signals?: (call: Call, signal: string) => Step | 'default' | 'ignored'
}

/** How it takes SIGTERM. `deaf` ignores it; `default` has no handler, which as pid 1 is the same. */
export type StopSpec =
  | 'deaf'
  | 'default'
  | {
      readonly afterMs: number
      readonly code: number
      readonly keepsServing?: boolean
      readonly signals?: readonly string[]
    }

/** What a server remembers. */
export interface ServerMemo {
  stage: 'new' | 'starting' | 'ready' | 'stopping'
  until: number
  requests: number
  [more: string]: unknown
}

/** The memory of a running server. */
export function serverMemo(call: Call): ServerMemo {
  return memoOf(call, (): ServerMemo => ({ stage: 'new', until: 0, requests: 0 }))
}

const forEver: Step = Object.freeze({ for: 'ever' })
const defaultSignals: readonly string[] = ['TERM', 'INT', 'QUIT']

/** Makes a tool of a server's data. */
export function defineServer(spec: ServerSpec): Tool {
  const memory = steady(spec.memoryBytes)
  return defineTool({
    names: spec.names,
    step: (call) => step(call, spec, memory),
    signal: (call, signal) => takeSignal(call, spec, signal),
    answer(call, port, request) {
      const memo = serverMemo(call)
      if (memo.stage === 'new' || memo.stage === 'starting') return undefined
      memo.requests++
      const answer = spec.answer(call, port, request)
      if (answer && spec.log) print(call, spec.log(call, request, answer))
      return answer && { delayMs: spec.latencyMs ?? 1, ...answer }
    },
    service: () => ({ cpuMs: spec.cpuMs ?? 0.2, latencyMs: spec.latencyMs ?? 1 }),
  })
}

function step(call: Call, spec: ServerSpec, memory: Memory): Step {
  const { host } = call.kernel
  const memo = serverMemo(call)
  if (memo.stage === 'new') {
    const refused = spec.check?.(call)
    if (refused !== undefined) return refused
    memo.stage = 'starting'
    memo.until = host.now() + spec.startMs
    call.process.cpuMilli = spec.idleMilli ?? 0
    holdMemory(call.kernel, call.process, memory)
    if (spec.says) print(call, spec.says(call, 'start'))
  }
  if (memo.stage === 'starting') {
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    const ports = typeof spec.ports === 'function' ? spec.ports(call) : spec.ports
    for (const port of ports) {
      if (listen(call.kernel, call.process, port)) continue
      complain(call, `bind() to 0.0.0.0:${port} failed (98: Address already in use)\n`)
      return 1
    }
    memo.stage = 'ready'
    if (spec.says) print(call, spec.says(call, 'ready'))
  }
  if (memo.stage === 'stopping') {
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    return typeof spec.stop === 'object' ? spec.stop.code : 143
  }
  return forEver
}

function takeSignal(call: Call, spec: ServerSpec, signal: string): Step | 'default' | 'ignored' {
  const own = spec.signals?.(call, signal) ?? 'default'
  if (own !== 'default') return own
  const { stop } = spec
  if (stop === 'default' || signal === 'OOM' || signal === 'PIPE') return 'default'
  if (stop === 'deaf') return 'ignored'
  if (!(stop.signals ?? defaultSignals).includes(signal))
    return signal === 'HUP' || signal === 'WINCH' || signal.startsWith('USR') ? 'ignored' : 'default'
  beginStop(call, spec)
  return 'again'
}

/** Starts to stop, as if told by SIGTERM. */
export function beginStop(call: Call, spec: Pick<ServerSpec, 'stop' | 'says'>): void {
  const memo = serverMemo(call)
  if (memo.stage === 'stopping' || typeof spec.stop !== 'object') return
  memo.stage = 'stopping'
  memo.until = call.kernel.host.now() + spec.stop.afterMs
  if (!spec.stop.keepsServing) closePorts(call.kernel, call.process)
  if (spec.says) print(call, spec.says(call, 'stop'))
}

/** 200 with a text. */
export function ok(body: string, type = 'text/plain'): ServiceAnswer {
  return { status: 200, body, headers: { 'Content-Type': type } }
}

/** An error with its phrase as body. */
export function refusal(status: number, body: string): ServiceAnswer {
  return { status, body, headers: { 'Content-Type': 'text/plain' } }
}
