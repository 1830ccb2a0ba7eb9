import { descriptions } from '#descriptions'
import { describedBy, FaultError, type ClusterOptions, type Fault, type HttpRequest, type Watch } from '#engine'
import {
  createSession,
  createTerminal,
  partNames,
  partsOf,
  ShapeError,
  viewOf,
  wordsOf,
  type Running,
  type Session,
  type Terminal,
} from '#session'
import {
  filesOf,
  headersOf,
  knownFieldsOf,
  nodesMax,
  nodesOf,
  numberOf,
  OpError,
  optionalText,
  parseOp,
  textOf,
  userOf,
  type Op,
} from './fields.ts'
import { hashOf } from './hash.ts'
import { playLesson } from './lesson.ts'
import { meaningOf } from './serve/bodies.ts'
import { openWatch } from './watch.ts'

export type { Op } from './fields.ts'

/** What an op is answered with. */
export type Answer = Readonly<Record<string, unknown>>

/** Answers ops, one after the other, over one cluster at a time. */
export interface Harness {
  readonly answer: (line: string) => Answer
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
        const op = parseOp(line)
        const name = textOf(op, 'op')
        const run = Object.hasOwn(ops, name) ? ops[name] : undefined
        return run
          ? run(state, op)
          : { error: `unknown op ${JSON.stringify(name)}; one of ${Object.keys(ops).join(', ')}` }
      } catch (error) {
        if (isMisuse(error)) return { error: error.message }
        return { error: `internal error, please report it: ${error instanceof Error ? error.stack : String(error)}` }
      }
    },
  }
}

function isMisuse(error: unknown): error is Error {
  return (
    error instanceof OpError ||
    error instanceof FaultError ||
    error instanceof ShapeError ||
    error instanceof SyntaxError
  )
}

const minuteMs = 60_000
const settleMsMax = 30 * minuteMs
const advanceMsMax = 30 * 24 * 60 * minuteMs
const commandMsMax = 10 * minuteMs
const requestMs = 10
/** a command that writes more than this is interrupted, as by somebody who has seen enough */
const outputCharsMax = 2_000_000

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
    return written.answer(finish(state, running, written, isEndless(line) ? 0 : commandMsMax))
  },

  shell(state, op) {
    const written = collector()
    for (const [name, text] of Object.entries(filesOf(op))) state.terminal.writeFile(name, text)
    const line = textOf(op, 'line')
    return written.answer(finish(state, state.terminal.run(line, written), written, isEndless(line) ? 0 : commandMsMax))
  },

  request({ session, isApiOnly }, op) {
    const user = userOf(op)
    const request: HttpRequest = {
      method: textOf(op, 'method').toUpperCase(),
      path: textOf(op, 'path'),
      headers: headersOf(op),
      ...(op['body'] !== undefined && { body: bodyOf(op['body'], headersOf(op)) }),
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
    if (watch === undefined) watches.set(id, (watch = openWatch(session.cluster(), textOf(op, 'path'))))
    if (!isNew && session.now() === 0) session.advanceTo(1)
    return { events: watch.take(typeof op['max'] === 'number' ? op['max'] : undefined) }
  },

  advance({ session }, op) {
    session.advanceTo(session.now() + numberOf(op, 'ms', 0, advanceMsMax))
    return { now: session.now() }
  },

  settle({ session }, op) {
    const limit = session.now() + (op['maxMs'] === undefined ? settleMsMax : numberOf(op, 'maxMs', 0, advanceMsMax))
    const { control } = session.cluster()
    for (
      let next = control.nextAt();
      !control.isSettled() && next !== undefined && next <= limit;
      next = control.nextAt()
    )
      session.advanceTo(next)
    return { now: session.now(), settled: control.isSettled() }
  },

  fault({ session }, op) {
    session.fault(op['fault'] as Fault)
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
    const since = typeof op['since'] === 'number' ? Math.max(0, Math.floor(op['since'])) : 0
    const records = [...session.cluster().trace.since(since)]
    return { records: kinds ? records.filter(({ what }) => kinds.has(what)) : records }
  },

  hash: ({ session }) => ({ sha256: hashOf(session.cluster().trace) }),

  lesson(_, op) {
    const path = optionalText(op, 'path')
    if (path?.includes('\0')) throw new OpError('path must be the path of a file')
    return playLesson(path, optionalText(op, 'text'))
  },
}

function begin(op: Op): State {
  const isApiOnly = op['controlPlane'] === false
  const session = createSession({ cluster: clusterOptionsOf(op), descriptions: describedBy(descriptions) })
  return { session, terminal: createTerminal(session), isApiOnly, watches: new Map() }
}

const resetFields = ['op', 'nodes', 'seed', 'controlPlane', 'schedulerOnly', 'kubelets', 'empty', ...partNames]

function clusterOptionsOf(op: Op): ClusterOptions {
  knownFieldsOf(op, resetFields)
  return {
    seed: op['seed'] === undefined ? 1 : numberOf(op, 'seed'),
    nodes: nodesOf(op['nodes']),
    controlPlane: op['controlPlane'] === false ? 'api' : op['schedulerOnly'] === true ? 'scheduler' : 'full',
    kubelets: op['kubelets'] !== false,
    addOns: op['empty'] !== true,
    ...partsOf(op, nodesMax),
  }
}

/** Lets time pass until a command ends, at most so long; one that would never end is interrupted. */
function finish(
  { session }: State,
  running: Running,
  { size }: { readonly size: () => number },
  msMax: number,
): number {
  const limit = session.now() + msMax
  while (!running.isDone() && session.now() < limit && size() < outputCharsMax) {
    const next = session.cluster().control.nextAt() ?? limit
    session.advanceTo(Math.min(limit, Math.max(next, session.now() + 1)))
  }
  if (!running.isDone()) running.stop()
  return running.code()
}

/** Commands that watch until somebody presses Ctrl-C. */
function isEndless(line: string): boolean {
  return (
    /(^|\s)(-w|--watch(-only)?(=true)?|-f|--follow)(\s|$)/.test(line) &&
    !/\b(apply|create|delete|replace|diff|patch|set|label|annotate|scale)\b/.test(line)
  )
}

function collector() {
  let stdout = ''
  let stderr = ''
  return {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
    size: () => stdout.length + stderr.length,
    answer: (code: number) => ({ stdout, stderr, code }),
  }
}

/** A body as its content type means it: the engine itself reads JSON only. */
function bodyOf(body: unknown, headers: Readonly<Record<string, string>>): unknown {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return typeof body === 'string' && type.includes('yaml') ? (meaningOf(Buffer.from(body), type).body ?? body) : body
}
