import { copyDescriptors } from '../kernel/descriptors.ts'
import {
  argumentsOf,
  complain,
  filesOf,
  memoOf,
  parseOptions,
  pathOf,
  print,
  surroundingsOf,
  variableOf,
} from '../kernel/io.ts'
import { reap, signal, startProcess } from '../kernel/processes.ts'
import { findProgram, unknownProgram } from '../kernel/programs.ts'
import { defineTool, type Call, type Step } from '../kernel/tool.ts'
import { interpreterOf, runInstead } from './env.ts'
import { readWhole } from './inputs.ts'
import { isAlive, processAt } from '../kernel/kernelState.ts'

/** Runs a command that ignores hang-ups, or with another priority: here both are the command itself. */
export const nohup = defineTool({
  names: ['nohup', 'nice', 'setsid', 'exec', 'tini', 'dumb-init', 'sudo', 'stdbuf', 'ionice'],
  step(call) {
    const { operands } = parseOptions(argumentsOf(call), ['n', 'o', 'e', 'u'], true)
    return operands.length > 0 ? runInstead(call, operands) : 1
  },
})

/** Runs a command for a limited time. */
export const timeout = defineTool({
  names: ['timeout'],
  step(call) {
    const { kernel, process } = call
    const { operands } = parseOptions(argumentsOf(call), ['s', 'k', 't'], true)
    const [limit, ...words] = operands
    const match = /^(\d+\.?\d*)([smhd]?)$/.exec(limit ?? '')
    if (!match || words.length === 0) {
      complain(call, `timeout: invalid time interval '${limit ?? ''}'\n`)
      return 125
    }
    const memo = memoOf(call, () => ({ pid: 0, until: 0, isOver: false }))
    if (memo.pid === 0) {
      const child = start(call, words)
      if (child === undefined) return 127
      memo.pid = child
      memo.until =
        kernel.host.now() + Number(match[1]) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[match[2] || 's'] ?? 1) * 1000
    }
    const child = processAt(kernel.state, memo.pid)
    if (!child) {
      const code = reap(kernel.state, memo.pid) ?? 0
      return memo.isOver ? (surroundingsOf(call).family === 'busybox' ? 143 : 124) : code
    }
    if (kernel.host.now() >= memo.until && !memo.isOver) {
      memo.isOver = true
      signal(kernel, child, 'TERM')
    }
    return {
      for: 'child',
      pid: memo.pid,
      ...(memo.isOver ? {} : { until: memo.until }),
      ...(process.memo.isIdle ? { isIdle: true } : {}),
    }
  },
})

/** Starts a child with the same input and output; its pid, or nothing where there is no such command. */
export function start(call: Call, words: readonly string[]): number | undefined {
  const { kernel, process } = call
  const found = findProgram(kernel, words[0]!, process.cwd, variableOf(call, 'PATH'))
  const isKnown = found.outcome === 'program'
  if (!isKnown && !surroundingsOf(call).isOpen && found.outcome !== 'script') {
    complain(call, `${process.argv[0]}: can't execute '${words[0]}': No such file or directory\n`)
    return undefined
  }
  const child = startProcess(kernel, {
    parent: process.pid,
    group: process.group,
    argv: Object.freeze(
      found.outcome === 'script' ? [...found.interpreter, found.path, ...words.slice(1)] : [...words],
    ),
    program: isKnown
      ? found.program
      : found.outcome === 'script'
        ? interpreterOf(call, found.interpreter[0]!)
        : unknownProgram(process.group, false),
    cwd: process.cwd,
    environment: process.environment,
    fds: copyDescriptors(kernel.state, process),
    ...(process.memo.isIdle ? { memo: { isIdle: true } } : {}),
  })
  return child.pid
}

/** Runs a command for the words it reads. */
export const xargs = defineTool({
  names: ['xargs'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['n', 'I', 'P', 'L', 'd'], true)
    const memo = memoOf(call, (): { lines: string[][]; pid: number; status: number; hasRead: boolean } => ({
      lines: [],
      pid: 0,
      status: 0,
      hasRead: false,
    }))
    if (!memo.hasRead) {
      const text = readWhole(call, [])
      if (text === undefined) return { for: 'input', fd: 0 }
      memo.hasRead = true
      memo.lines = batches(text, flags)
    }
    return oneByOne(call, memo, (batch) => {
      const mark = flags.I
      const base = operands.length > 0 ? operands : ['echo']
      return typeof mark === 'string' ? base.map((word) => word.split(mark).join(batch[0])) : [...base, ...batch]
    })
  },
})

function batches(text: string, flags: Readonly<Record<string, string | true>>): string[][] {
  if (flags.I !== undefined)
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => [line.trim()])
  const words = text.split(flags['0'] ? '\0' : /\s+/).filter((word) => word !== '')
  const size = Number(flags.n ?? flags.L ?? 1000)
  const out: string[][] = []
  for (let at = 0; at < words.length; at += size) out.push(words.slice(at, at + size))
  return out
}

function oneByOne(
  call: Call,
  memo: { lines: string[][]; pid: number; status: number },
  wordsFor: (batch: readonly string[]) => readonly string[],
): Step {
  const { state } = call.kernel
  for (;;) {
    if (memo.pid !== 0) {
      if (isAlive(state, memo.pid)) return { for: 'child', pid: memo.pid }
      if ((reap(state, memo.pid) ?? 0) !== 0) memo.status = 123
      memo.pid = 0
    }
    const batch = memo.lines.shift()
    if (batch === undefined) return memo.status
    const pid = start(call, wordsFor(batch))
    if (pid === undefined) return 127
    memo.pid = pid
  }
}

/** Finds files below directories. */
export const find = defineTool({
  names: ['find'],
  step(call) {
    const words = argumentsOf(call)
    const first = words.findIndex((word) => word.startsWith('-') || word === '!')
    const roots = first === 0 ? ['.'] : words.slice(0, first < 0 ? undefined : first)
    const memo = memoOf(call, (): { lines: string[][]; pid: number; status: number; hasRead: boolean } => ({
      lines: [],
      pid: 0,
      status: 0,
      hasRead: false,
    }))
    const tests = first < 0 ? [] : words.slice(first)
    const exec = tests.indexOf('-exec')
    if (!memo.hasRead) {
      memo.hasRead = true
      const found = roots.flatMap((one) => search(call, one, tests, memo))
      if (exec < 0 || tests.includes('-print')) print(call, found.map((path) => `${path}\n`).join(''))
      if (tests.includes('-delete')) for (const path of found) filesOf(call).remove(pathOf(call, path))
      if (exec >= 0) memo.lines = found.map((path) => [path])
    }
    if (exec < 0) return memo.status
    const end = tests.findIndex((word, index) => index > exec && (word === ';' || word === '+'))
    const command = tests.slice(exec + 1, end < 0 ? undefined : end)
    return oneByOne(call, memo, ([path]) => command.map((word) => word.split('{}').join(path)))
  },
})

function search(call: Call, root: string, tests: readonly string[], memo: { status: number }): string[] {
  const files = filesOf(call)
  const option = (name: string): string | undefined =>
    tests.includes(name) ? tests[tests.indexOf(name) + 1] : undefined
  const [name, type, depth] = [option('-name') ?? option('-iname'), option('-type'), option('-maxdepth')]
  if (files.find(pathOf(call, root)) === undefined) {
    complain(
      call,
      surroundingsOf(call).family === 'busybox'
        ? `find: ${root}: No such file or directory\n`
        : `find: '${root}': No such file or directory\n`,
    )
    memo.status = 1
    return []
  }
  const pattern =
    name === undefined
      ? undefined
      : new RegExp(
          `^${name
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replace(/\*/g, '.*')
            .replace(/\?/g, '.')}$`,
        )
  const out: string[] = []
  const visit = (path: string, level: number): void => {
    const node = files.findLink(pathOf(call, path))
    if (node === undefined) return
    const letter = node.kind === 'file' ? 'f' : node.kind === 'directory' ? 'd' : 'l'
    const base = path.slice(path.lastIndexOf('/') + 1)
    if ((pattern === undefined || pattern.test(base)) && (type === undefined || type === letter)) out.push(path)
    if (node.kind !== 'directory' || level >= Number(depth ?? Infinity)) return
    for (const one of files.list(pathOf(call, path)) ?? []) visit(`${path === '/' ? '' : path}/${one}`, level + 1)
  }
  visit(root, 0)
  return out
}

/** Repeats a command every two seconds, for ever. */
export const watch = defineTool({
  names: ['watch'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['n'], true)
    const memo = memoOf(call, () => ({ pid: 0 }))
    const { state, host } = call.kernel
    if (memo.pid !== 0 && isAlive(state, memo.pid)) return { for: 'child', pid: memo.pid }
    const isDue = memo.pid === 0
    memo.pid = isDue ? (start(call, ['sh', '-c', operands.join(' ')]) ?? 0) : 0
    if (isDue) return memo.pid === 0 ? 127 : { for: 'child', pid: memo.pid }
    return { for: 'time', until: host.now() + Number(flags.n ?? 2) * 1000, isIdle: true }
  },
})
