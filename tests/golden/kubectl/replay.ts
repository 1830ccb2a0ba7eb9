import { createSession, run, splitWords, type Follow, type KubectlContext } from '../../../src/kubectl/index.ts'
import { describedBy } from '../../../src/engine/api/schema/index.ts'
import { descriptions } from '../../../src/engine/generated/descriptions.ts'
import { matchLines, type Bindings } from './compare.ts'
import { readTranscript, type Entry, type Step } from './transcript.ts'
import { createGoldenWorld } from './world.ts'

/** How one command of a transcript came out. */
export interface Outcome {
  readonly step: Step
  readonly command: string
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly stdout: string
  readonly stderr: string
  readonly code: number | 'interrupted'
}

interface Running {
  readonly step: Step
  readonly out: string[]
  readonly err: string[]
  readonly result: number | Follow
}

/** A bug fails the command it happens in, and no other. */
function guarded<T>(err: string[], act: () => T): T | number {
  try {
    return act()
  } catch (error) {
    err.push(`bug: ${String((error as Error).stack)}\n`)
    return 255
  }
}

/** How long a command takes a person's machine. */
const commandMs = 250

const unordered = /^kubectl (drain|events|get events|label \S+ \S+ --list)/

/** Plays a transcript against a cluster of its own. */
export function replay(
  text: string,
  isServed: (step: Step, files: ReadonlyMap<string, string>) => boolean,
): readonly Outcome[] {
  const world = createGoldenWorld()
  const files = new Map<string, string>()
  const session = createSession()
  const bindings: Bindings = new Map()
  const background = new Map<string, Running>()
  const outcomes: Outcome[] = []

  function start(step: Step): Running {
    const out: string[] = []
    const err: string[] = []
    const context: KubectlContext = {
      api: world.api,
      http: world.http,
      now: world.sim.now,
      session,
      descriptions: describedBy(descriptions),
      io: {
        ...(step.stdin !== undefined && { stdin: step.stdin }),
        readFile: (path) => files.get(path),
        writeFile: (path, content) => void files.set(path, content),
        listFiles: (path) => namesIn(files, path),
        out: (part) => void out.push(part),
        err: (part) => void err.push(part),
      },
    }
    return { step, out, err, result: guarded(err, () => run(splitWords(step.words).slice(1), context)) }
  }

  function advance(ms: number): void {
    const end = world.sim.now() + ms
    while (world.sim.now() < end) {
      world.sim.advanceTo(Math.min(end, world.sim.now() + 20))
      for (const { result } of background.values()) if (typeof result !== 'number') result.poll()
    }
  }

  function finish(running: Running, limitMs: number): number | 'interrupted' {
    const { result } = running
    if (typeof result === 'number') return result
    for (let waited = 0; waited <= limitMs; waited += result.pollMs) {
      if (waited > 0) advance(result.pollMs)
      const code = guarded(running.err, () => result.poll())
      if (code !== undefined) return code
    }
    result.stop()
    return 'interrupted'
  }

  function judge(running: Running, step: Step, code: number | 'interrupted', words: string): void {
    const [stdout, stderr] = [running.out.join(''), running.err.join('')]
    const isKnown = isServed(running.step, files)
    const isSame = isMatching({ step, stdout, stderr, code, bindings, isUnordered: unordered.test(words) })
    outcomes.push({
      step: { ...step, words },
      command: verbOf(words),
      result: isSame ? 'passed' : isKnown ? 'failed' : 'skipped',
      stdout,
      stderr,
      code,
    })
  }

  for (const entry of readTranscript(text)) play(entry)
  return outcomes

  function play(entry: Entry): void {
    if (entry.type === 'file') files.set(entry.name, entry.text)
    else if (entry.type === 'settle') {
      world.settle()
      for (const { result } of background.values()) if (typeof result !== 'number') result.poll()
    } else if (entry.type === 'start') {
      background.set(entry.name, start(entry.step))
      advance(500)
    } else if (entry.type === 'collect') {
      const running = background.get(entry.name)!
      advance(500)
      background.delete(entry.name)
      judge(running, entry.step, finish(running, 0), running.step.words)
    } else {
      const running = start(entry.step)
      judge(running, entry.step, finish(running, (entry.interruptS ?? 60) * 1000), entry.step.words)
      advance(commandMs)
    }
  }
}

function namesIn(files: ReadonlyMap<string, string>, folder: string): readonly string[] | undefined {
  const names = [...files.keys()]
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1).split('/')[0]!)
  return names.length === 0 ? undefined : [...new Set(names)]
}

function verbOf(words: string): string {
  return (
    words
      .replace(/^kubectl\s*/, '')
      .split(/\s/)[0]!
      .replace(/^-.*/, '') || 'kubectl'
  )
}

interface Printed {
  readonly step: Step
  readonly stdout: string
  readonly stderr: string
  readonly code: number | 'interrupted'
  readonly bindings: Bindings
  readonly isUnordered: boolean
}

function isMatching({ step, stdout, stderr, code, bindings, isUnordered }: Printed): boolean {
  if (step.code !== code) return false
  const isOpen = stdout !== '' && !stdout.endsWith('\n')
  if (isOpen !== step.isOpen) return false
  const [lines, errors] = [linesOf(stdout), linesOf(stderr)]
  if (isUnordered)
    return matchLines(step.stdout, lines, bindings, true) && matchLines(step.stderr, errors, bindings, true)
  // Events of one second come in any order.
  const [end, found] = [step.stdout.findIndex(({ text }) => text === 'Events:'), lines.indexOf('Events:')]
  if (end < 0 !== found < 0) return false
  const cut = <T>(list: readonly T[], at: number): readonly [readonly T[], readonly T[]] =>
    at < 0 ? [list, []] : [list.slice(0, at), list.slice(at)]
  const [head, events] = cut(step.stdout, end)
  const [gotHead, gotEvents] = cut(lines, found)
  return (
    matchLines(head, gotHead, bindings, false) &&
    matchLines(events, gotEvents, bindings, true) &&
    matchLines(step.stderr, errors, bindings, false)
  )
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.trimEnd())
}
