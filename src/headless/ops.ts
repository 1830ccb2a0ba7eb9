import { descriptions } from '#descriptions'
import { describedBy, FaultError, type ClusterOptions, type Fault, type HttpRequest, type NodeSpec, type User, type Watch } from '#engine'
import { createSession, createTerminal, viewOf, wordsOf, type Running, type Session, type Terminal } from '#session'
import { hashOf } from './hash.ts'
import { playLesson } from './lesson.ts'
import { openWatch } from './watch.ts'

/** An op as it comes in: nothing about it is trusted. */
export type Op = Readonly<Record<string, unknown>>
export type Answer = Readonly<Record<string, unknown>>

/** Answers ops, one after the other, over one cluster at a time. */
export interface Harness {
  readonly answer: (line: string) => Answer
}

/** Misuse of an op: answered, never thrown to the caller. */
class OpError extends Error {
  override name = 'OpError'
}

interface State {
  session: Session
  terminal: Terminal
  isApiOnly: boolean
  readonly watches: Map<string, Watch>
}

/** A harness with a fresh cluster of three nodes. */
export function createHarness(): Harness {
  const state = begin({})
  return {
    answer(line) {
      try {
        const op = parse(line)
        const run = ops[textOf(op, 'op')]
        if (run === undefined) return { error: `unknown op ${JSON.stringify(op['op'])}; one of ${Object.keys(ops).join(', ')}` }
        return run(state, op)
      } catch (error) {
        if (error instanceof OpError || error instanceof FaultError || error instanceof SyntaxError) return { error: error.message }
        throw error
      }
    },
  }
}

const minuteMs = 60_000
const settleMsMax = 30 * minuteMs
const commandMsMax = 10 * minuteMs
const requestMs = 10

const ops: Readonly<Record<string, (state: State, op: Op) => Answer>> = {
  reset(state, op) {
    Object.assign(state, begin(op))
    return { ok: true, now: state.session.now() }
  },

  kubectl(state, op) {
    const line = textOf(op, 'line').replace(/^\s*kubectl(\s+|$)/, '')
    const files = filesOf(op)
    const { stdin, user } = { stdin: optionalText(op, 'stdin'), user: userOf(op) }
    const written = collector()
    const running = state.session.kubectl(
      {
        argv: wordsOf(line),
        files: viewOf(files),
        ...(stdin !== undefined && { stdin }),
        ...(user !== undefined && { user }),
      },
      written,
    )
    return written.answer(finish(state, running, isEndless(line) ? 0 : commandMsMax))
  },

  shell(state, op) {
    const written = collector()
    for (const [name, text] of Object.entries(filesOf(op))) state.terminal.writeFile(name, text)
    const line = textOf(op, 'line')
    return written.answer(finish(state, state.terminal.run(line, written), isEndless(line) ? 0 : commandMsMax))
  },

  request({ session, isApiOnly }, op) {
    const user = userOf(op)
    const headers = (op['headers'] ?? {}) as Readonly<Record<string, string>>
    const request: HttpRequest = {
      method: textOf(op, 'method').toUpperCase(),
      path: textOf(op, 'path'),
      headers,
      ...(op['body'] !== undefined && { body: op['body'] }),
      ...(user !== undefined && { user }),
    }
    const answer = session.request(request)
    // without controllers nothing else moves the clock, and what the server does by itself (service accounts) needs a moment
    if (isApiOnly) session.advanceTo(session.now() + requestMs)
    return { ...answer }
  },

  watch({ session, watches }, op) {
    const id = String(op['id'] ?? '')
    let watch = watches.get(id)
    const isNew = watch === undefined
    if (watch === undefined) watches.set(id, (watch = openWatch(session.cluster().api, textOf(op, 'path'))))
    if (!isNew && session.now() === 0) session.advanceTo(1)
    return { events: watch.take(typeof op['max'] === 'number' ? op['max'] : undefined) }
  },

  advance({ session }, op) {
    session.advanceTo(session.now() + numberOf(op, 'ms'))
    return { now: session.now() }
  },

  settle({ session }, op) {
    const limit = session.now() + Math.min(op['maxMs'] === undefined ? settleMsMax : numberOf(op, 'maxMs'), 365 * 24 * 60 * minuteMs)
    const { control } = session.cluster()
    for (let next = control.nextAt(); !control.isSettled() && next !== undefined && next <= limit; next = control.nextAt())
      session.advanceTo(next)
    return { now: session.now(), settled: control.isSettled() }
  },

  fault({ session }, op) {
    session.fault(faultOf(op['fault']))
    return { ok: true }
  },

  explain({ session }, op) {
    const pod = textOf(op, 'pod')
    const record = session.cluster().explain(pod.includes('/') ? pod : `default/${pod}`)
    return record === undefined ? { error: `the scheduler has not decided about ${pod} yet` } : { ...record }
  },

  traffic({ session }, op) {
    const url = optionalText(op, 'url') ?? optionalText(op, 'target')
    if (url !== undefined) {
      const name = optionalText(op, 'name') ?? 'users'
      session.fault({ kind: 'load', name, url: url.includes('://') ? url : `http://${url}`, rps: numberOf(op, 'rps') })
      return { ok: true }
    }
    return { ...session.cluster().traffic(optionalText(op, 'name')) }
  },

  trace({ session }, op) {
    const kinds = Array.isArray(op['kinds']) ? new Set(op['kinds']) : undefined
    const since = typeof op['since'] === 'number' ? op['since'] : 0
    const records = [...session.cluster().trace.since(since)]
    return { records: kinds ? records.filter(({ what }) => kinds.has(what)) : records }
  },

  hash: ({ session }) => ({ sha256: hashOf(session.cluster().trace) }),

  lesson: (_, op) => playLesson(optionalText(op, 'path'), optionalText(op, 'text')),
}

function begin(op: Op): State {
  const isApiOnly = op['controlPlane'] === false
  const session = createSession({ cluster: clusterOptionsOf(op), descriptions: describedBy(descriptions) })
  return { session, terminal: createTerminal(session), isApiOnly, watches: new Map() }
}

function clusterOptionsOf(op: Op): ClusterOptions {
  return {
    seed: op['seed'] === undefined ? 1 : numberOf(op, 'seed'),
    nodes: nodesOf(op['nodes']),
    controlPlane: op['controlPlane'] === false ? 'api' : op['schedulerOnly'] === true ? 'scheduler' : 'full',
    kubelets: op['kubelets'] !== false,
    addOns: op['empty'] !== true,
  }
}

function nodesOf(nodes: unknown): number | readonly NodeSpec[] {
  if (nodes === undefined) return 3
  if (typeof nodes === 'number' && Number.isInteger(nodes) && nodes >= 0 && nodes <= 5000) return nodes
  if (!Array.isArray(nodes)) throw new OpError('nodes must be a count from 0 to 5000, or a list of nodes')
  return nodes.map((node: unknown) => {
    if (typeof node === 'object' && node !== null && 'name' in node) return node as NodeSpec
    throw new OpError('each node needs a name')
  })
}

/** Lets time pass until a command ends, at most so long; one that would never end is interrupted. */
function finish({ session }: State, running: Running, msMax: number): number {
  const limit = session.now() + msMax
  while (!running.isDone() && session.now() < limit) {
    const next = session.cluster().control.nextAt() ?? limit
    session.advanceTo(Math.min(limit, Math.max(next, session.now() + 1)))
  }
  if (!running.isDone()) running.stop()
  return running.code()
}

/** Commands that watch until somebody presses Ctrl-C. */
function isEndless(line: string): boolean {
  return /(^|\s)(-w|--watch(-only)?(=true)?|-f|--follow)(\s|$)/.test(line) && !/\b(apply|create|delete|replace|diff|patch|set|label|annotate|scale)\b/.test(line)
}

function collector() {
  let stdout = ''
  let stderr = ''
  return {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
    answer: (code: number) => ({ stdout, stderr, code }),
  }
}

function parse(line: string): Op {
  const op = JSON.parse(line) as unknown
  if (typeof op !== 'object' || op === null || Array.isArray(op)) throw new OpError('an op is a JSON object')
  return op as Op
}

function textOf(op: Op, field: string): string {
  const value = op[field]
  if (typeof value !== 'string') throw new OpError(`${field} must be a string`)
  return value
}

function optionalText(op: Op, field: string): string | undefined {
  return op[field] === undefined || op[field] === null ? undefined : textOf(op, field)
}

function numberOf(op: Op, field: string): number {
  const value = op[field]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new OpError(`${field} must be a number`)
  return value
}

function filesOf(op: Op): Readonly<Record<string, string>> {
  return (op['files'] ?? {}) as Readonly<Record<string, string>>
}

function userOf(op: Op): User | undefined {
  const user = op['user'] as { name?: string; groups?: string[] } | undefined
  return user && { name: user.name ?? '', groups: [...(user.groups ?? []), 'system:authenticated'] }
}

const faultKinds = ['nodePower', 'nodeNetwork', 'component', 'process', 'probe', 'load', 'registry']

function faultOf(fault: unknown): Fault {
  const kind = (fault as { kind?: unknown } | undefined)?.kind
  if (typeof kind === 'string' && faultKinds.includes(kind)) return fault as Fault
  throw new OpError(`fault.kind must be one of ${faultKinds.join(', ')}`)
}
