import { say, type Fault, type Pod, type TraceRecord } from '../../src/engine/index.ts'
import { createSession, viewOf, wordsOf, type Session } from '../../src/session/index.ts'

/**
 * Plays a transcript and returns it with the answers of today. Lines that begin with `$` are commands, `@file NAME` … `@end` makes a
 * file, `#` is a comment; all else is an old answer and is dropped.
 */
export function playScenario(text: string): string {
  return play(text).text
}

/** The same, with the run itself. */
export function play(text: string): { readonly text: string; readonly session: Session | undefined } {
  const files: Record<string, string> = {}
  const lines = text.split('\n')
  const played: string[] = []
  let session: Session | undefined
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    if (line.startsWith('@file ')) {
      const end = lines.indexOf('@end', index)
      files[line.slice(6).trim()] = `${lines.slice(index + 1, end).join('\n')}\n`
      played.push(...lines.slice(index, end + 1))
      index = end
    } else if (line.startsWith('#') || line === '') played.push(line)
    else if (line.startsWith('$ ')) {
      session ??= createSession({ cluster: { seed: 1, nodes: 3 } })
      played.push(line, ...answersTo(session, line.slice(2), files))
    }
  }
  while (played.at(-1) === '') played.pop()
  return { text: `${played.join('\n')}\n`, session }
}

function answersTo(session: Session, line: string, files: Readonly<Record<string, string>>): string[] {
  const [word = '', ...rest] = wordsOf(line)
  const run = words[word]
  if (run === undefined) throw new Error(`no such scenario word: ${word}; one of ${Object.keys(words).join(', ')}`)
  return run(session, rest, files)
}

type Word = (session: Session, rest: readonly string[], files: Readonly<Record<string, string>>) => string[]

const words: Readonly<Record<string, Word>> = {
  kubectl(session, argv, files) {
    let out = ''
    let err = ''
    const running = session.kubectl(
      { argv, files: viewOf(files) },
      { out: (text) => void (out += text), err: (text) => void (err += text) },
    )
    const limit = session.now() + 600_000
    while (!running.isDone() && session.now() < limit) session.advanceTo(session.now() + 100)
    if (!running.isDone()) running.stop()
    return [...prefixed('| ', out), ...prefixed('! ', err), ...(running.code() === 0 ? [] : [`= ${running.code()}`])]
  },
  advance(session, [time = '0s']) {
    session.advanceTo(session.now() + msOf(time))
    return []
  },
  settle(session) {
    const { control } = session.cluster()
    const limit = session.now() + 3_600_000
    while (!control.isSettled() && session.now() < limit) session.advanceTo(Math.min(limit, control.nextAt() ?? limit))
    return []
  },
  fail: (session, [node = '']) => faulted(session, { kind: 'nodePower', node, on: false }),
  revive: (session, [node = '']) => faulted(session, { kind: 'nodePower', node, on: true }),
  cut: (session, [node = '']) => faulted(session, { kind: 'nodeNetwork', node, on: false }),
  join: (session, [node = '']) => faulted(session, { kind: 'nodeNetwork', node, on: true }),
  stop: (session, [name = '']) => faulted(session, { kind: 'component', name, on: false }),
  start: (session, [name = '']) => faulted(session, { kind: 'component', name, on: true }),
  kill: (session, [pod = '']) => faulted(session, { kind: 'process', pod: wholeName(session, pod), do: 'kill' }),
  hang: (session, [pod = '']) => faulted(session, { kind: 'process', pod: wholeName(session, pod), do: 'hang' }),
  spoil: (session, [pod = '', probe]) => faulted(session, { kind: 'probe', pod: wholeName(session, pod), probe: probe as 'readiness', ok: false }),
  mend: (session, [pod = '', probe]) => faulted(session, { kind: 'probe', pod: wholeName(session, pod), probe: probe as 'readiness', ok: true }),
  registry: (session, [word]) => faulted(session, { kind: 'registry', on: word === 'on' }),
  load: (session, [name = '', url = '', rps = '0']) => faulted(session, { kind: 'load', name, url, rps: Number(rps) }),
  traffic(session, [name]) {
    const { served, refused, lost } = session.cluster().traffic(name)
    return [`| served ${Math.round(served)}, refused ${Math.round(refused)}, lost ${Math.round(lost)}`]
  },
  /** the causes of the last record about an object, as sentences, back to what a person did */
  why(session, [object = '', what]) {
    const { trace } = session.cluster()
    const matching = (record: TraceRecord): boolean => record.object === object && (what === undefined || record.what === what)
    const last = [...trace.since(0)].filter(matching).at(-1)
    return last === undefined ? ['| nothing'] : trace.causes(last.seq).map((record) => `| ${clock(record.at)} ${say(record)}`)
  },
}

/** The first pod whose name begins so. */
function wholeName(session: Session, prefix: string): string {
  const pods = session.cluster().api.list<Pod>('Pod', { namespace: 'default' })
  return `default/${pods.find(({ metadata }) => metadata.name.startsWith(prefix))?.metadata.name ?? prefix}`
}

function faulted(session: Session, fault: Fault): string[] {
  session.fault(fault)
  return []
}

function prefixed(prefix: string, text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => (prefix + line).trimEnd())
}

function msOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (match === null) throw new Error(`not a time: ${text}`)
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h']
}

function clock(at: number): string {
  const total = Math.floor(at / 1000)
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}
