import { readLine } from '../kernel/descriptors.ts'
import { complain, filesOf, isFileError, pathOf, print, splitOnce, surroundingsOf } from '../kernel/io.ts'
import { numberOf, signal, signalName } from '../kernel/processes.ts'
import { findProgram } from '../kernel/programs.ts'
import type { Call, Step } from '../kernel/tool.ts'
import { formatEcho, formatPrintf } from '../tools/text.ts'
import { fail, shellPrefix } from './complaints.ts'
import { testWords } from './conditions.ts'
import { compileScript } from './compile.ts'
import { codeOf, findJob, listJobs, signalJob, takeJob } from './jobs.ts'
import { leaveCall, leaveLoops, startCode } from './frames.ts'
import { assign, exportVariable, ShellError, valueOf, type ShellState } from './shellState.ts'
import { isAlive, processAt } from '../kernel/kernelState.ts'

/** A command that the shell itself runs: its status, or something to wait for (with `resume` set). */
export type Builtin = (
  call: Call,
  shell: ShellState,
  words: readonly string[],
) => number | Exclude<Step, number | 'again'>

/** The shell's own commands. Those of `special` keep assignments that stand before them. */
export const builtins: Readonly<Record<string, Builtin>> = Object.freeze({
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo(call, shell, words) {
    return printed(call, formatEcho(words, shell.flavour))
  },
  printf(call, shell, words) {
    if (words.length === 0) return fail(call, shell, 'printf', 'usage: printf format [arguments]', 2)
    return printed(call, formatPrintf(words[0]!, words.slice(1)))
  },
  test: (call, shell, words) => testWords(call, shell, words),
  '[': (call, shell, words) =>
    words.at(-1) === ']' ? testWords(call, shell, words.slice(0, -1)) : fail(call, shell, '[', 'missing ]', 2),
  cd(call, shell, words) {
    const target = words.find((word) => !/^-[LP]$/.test(word)) ?? valueOf(shell, 'HOME') ?? '/'
    const path = pathOf(call, target === '-' ? (valueOf(shell, 'OLDPWD') ?? '/') : target)
    const node = filesOf(call).find(path)
    if (node?.kind !== 'directory') {
      if (shell.flavour === 'dash') return fail(call, shell, 'cd', `can't cd to ${target}`, 2)
      const why = node ? 'Not a directory' : 'No such file or directory'
      return fail(
        call,
        shell,
        'cd',
        shell.flavour === 'ash' ? `can't cd to ${target}: ${why}` : `${target}: ${why}`,
        shell.flavour === 'ash' ? 2 : 1,
      )
    }
    assign(shell, 'OLDPWD', call.process.cwd)
    call.process.cwd = path
    assign(shell, 'PWD', path)
    if (target === '-') print(call, `${path}\n`)
    return 0
  },
  pwd(call) {
    return printed(call, `${call.process.cwd}\n`)
  },
  exit(call, shell, words) {
    shell.isExiting = true
    return words[0] === undefined ? shell.status : Number.parseInt(words[0], 10) & 255
  },
  return(call, shell, words) {
    const status = words[0] === undefined ? shell.status : Number.parseInt(words[0], 10) & 255
    if (!leaveCall(call, shell)) shell.isExiting = true
    return status
  },
  break(call, shell, words) {
    leaveLoops(call, shell, Number(words[0] ?? 1), 'break')
    return 0
  },
  continue(call, shell, words) {
    leaveLoops(call, shell, Number(words[0] ?? 1), 'continue')
    return 0
  },
  export(call, shell, words) {
    if (words.length === 0 || words[0] === '-p') return printed(call, listExports(shell))
    const isUndone = words[0] === '-n'
    for (const word of words.filter((one) => !one.startsWith('-'))) {
      const [name, value] = splitOnce(word, '=')
      if (!/^[A-Za-z_]\w*\+?$/.test(name))
        return fail(
          call,
          shell,
          'export',
          shell.flavour === 'bash' ? `\`${word}': not a valid identifier` : `${name}: bad variable name`,
          2,
        )
      if (value !== undefined) assignMore(shell, name, value)
      exportVariable(shell, name.replace(/\+$/, ''), !isUndone)
    }
    return 0
  },
  readonly: (_, shell, words) => declared(shell, words, true),
  local(_, shell, words) {
    const frame = shell.frames.findLast((one) => one.kind === 'call')
    for (const word of words.filter((one) => !one.startsWith('-'))) {
      const [name, value] = splitOnce(word, '=')
      if (frame?.kind === 'call' && !frame.locals.has(name)) frame.locals.set(name, shell.variables.get(name))
      assign(shell, name, value ?? '')
    }
    return 0
  },
  declare: (_, shell, words) => declared(shell, words, false),
  typeset: (_, shell, words) => declared(shell, words, false),
  let(_call, shell, words) {
    const compiled = compileScript(`((${words.join(' , ')}))`)
    if (compiled.code) startCode(shell, compiled.code, 'eval')
    return 0
  },
  unset(_, shell, words) {
    for (const word of words) {
      if (words.includes('-f')) shell.functions.delete(word)
      else if (shell.variables.get(word)?.isReadonly) throw new ShellError(`${word}: is read only`)
      else shell.variables.delete(word)
    }
    shell.environment = undefined
    return 0
  },
  set: (call, shell, words) => setOptions(call, shell, words),
  shift(call, shell, words) {
    const count = Number(words[0] ?? 1)
    if (count > shell.parameters.length)
      return shell.flavour === 'bash' ? 1 : fail(call, shell, 'shift', "can't shift that many", 2)
    shell.parameters = Object.freeze(shell.parameters.slice(count))
    return 0
  },
  eval(call, shell, words) {
    const compiled = compileScript(words.join(' '))
    if (compiled.error !== undefined) return fail(call, shell, 'eval', `syntax error: ${compiled.error}`, 2)
    startCode(shell, compiled.code, 'eval')
    return shell.status
  },
  '.': (call, shell, words) => sourced(call, shell, words),
  source: (call, shell, words) => sourced(call, shell, words),
  trap(call, shell, words) {
    if (words.length === 0)
      return printed(
        call,
        Object.entries(shell.traps)
          .map(([name, action]) => `trap -- '${action}' ${name}\n`)
          .join(''),
      )
    const operands = words.filter((word, index) => !(index === 0 && word === '--'))
    const isReset = operands[0] === '-' || (operands.length === 1 && signalName(operands[0]!) !== undefined)
    const names = isReset && operands[0] !== '-' ? operands : operands.slice(1)
    for (const word of names) {
      const name = signalName(word)
      if (name === undefined)
        return fail(
          call,
          shell,
          'trap',
          shell.flavour === 'bash' ? `${word}: invalid signal specification` : `${word}: bad trap`,
          1,
        )
      const key = name === '0' ? 'EXIT' : name
      if (isReset) delete shell.traps[key]
      else shell.traps[key] = operands[0]!
    }
    return 0
  },
  wait(call, shell, words) {
    const children = call.kernel.state.processes
      .filter(({ parent }) => parent === call.process.pid)
      .map(({ pid }) => pid)
    const unknown = words.find((word) => word.startsWith('%') && findJob(shell, word) === undefined)
    if (unknown !== undefined) return fail(call, shell, 'wait', `${unknown}: no such job`, 127)
    const pids = words.length > 0 ? words.map((word) => pidOf(shell, word)) : children
    shell.resume = { kind: 'wait', pids: Object.freeze(words.length > 0 ? pids : []) }
    return { for: 'children', pids: Object.freeze(pids) }
  },
  read: (call, shell, words) => readWords(call, shell, words),
  jobs: listJobs,
  fg(call, shell, words) {
    const job = findJob(shell, words[0])
    if (job === undefined) return fail(call, shell, 'fg', `${words[0] ?? 'current'}: no such job`, 1)
    print(call, `${job.text}\n`)
    const code = codeOf(call.kernel.state, shell, job.pid)
    takeJob(shell, job)
    if (!isAlive(call.kernel.state, job.pid)) return code ?? 0
    shell.resume = { kind: 'child', pid: job.pid, checked: true }
    return { for: 'child', pid: job.pid }
  },
  bg(call, shell, words) {
    const job = findJob(shell, words[0])
    if (job === undefined) return fail(call, shell, 'bg', `${words[0] ?? 'current'}: no such job`, 1)
    return fail(call, shell, 'bg', `job ${job.id} already in background`, 0)
  },
  help: tellCommands,
  umask: (call, _, words) => (words.length === 0 ? printed(call, '0022\n') : 0),
  ulimit: (call, _, words) => (words.length < 2 ? printed(call, 'unlimited\n') : 0),
  hash: () => 0,
  alias: () => 0,
  unalias: () => 0,
  shopt: () => 0,
  times: (call) => printed(call, '0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n'),
  type: (call, shell, words) => describeCommands(call, shell, words, true),
  kill(call, shell, words) {
    return killProcesses(call, shell, words)
  },
})

/** Prints, and says whether it could. */
function printed(call: Call, text: string): number {
  print(call, text)
  return 0
}

function assignMore(shell: ShellState, name: string, value: string): void {
  if (name.endsWith('+')) assign(shell, name.slice(0, -1), (valueOf(shell, name.slice(0, -1)) ?? '') + value)
  else assign(shell, name, value)
}

function listExports(shell: ShellState): string {
  const form =
    shell.flavour === 'bash'
      ? (name: string, value: string) => `declare -x ${name}="${value}"\n`
      : (name: string, value: string) => `export ${name}='${value}'\n`
  return [...shell.variables]
    .filter(([, { isExported }]) => isExported)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { value }]) => form(name, value))
    .join('')
}

function declared(shell: ShellState, words: readonly string[], isReadonly: boolean): number {
  const flags = words.filter((word) => word.startsWith('-')).join('')
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const [name, value] = splitOnce(word, '=')
    if (value !== undefined) assign(shell, name, value)
    if (flags.includes('x')) exportVariable(shell, name)
    if (isReadonly || flags.includes('r')) {
      const old = shell.variables.get(name)
      shell.variables.set(name, Object.freeze({ ...old, value: old?.value ?? '', isReadonly: true }))
    }
  }
  return 0
}

const optionNames: Readonly<Record<string, string>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  allexport: 'a',
  noexec: 'n',
}

function setOptions(call: Call, shell: ShellState, words: readonly string[]): number {
  if (words.length === 0) {
    const lines = [...shell.variables]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { value }]) => `${name}='${value}'\n`)
    return printed(call, lines.join(''))
  }
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') {
      shell.parameters = Object.freeze(words.slice(index + 1))
      return 0
    }
    if (!/^[-+]./.test(word)) {
      shell.parameters = Object.freeze(words.slice(index))
      return 0
    }
    const isOn = word.startsWith('-')
    for (const letter of word.slice(1)) {
      if (letter === 'o') {
        const name = words[++index] ?? ''
        shell.options[optionNames[name] ?? name] = isOn
      } else shell.options[letter] = isOn
    }
  }
  return 0
}

function sourced(call: Call, shell: ShellState, words: readonly string[]): number {
  const text = filesOf(call).read(pathOf(call, words[0] ?? ''))
  if (isFileError(text)) {
    const isBash = shell.flavour === 'bash'
    complain(
      call,
      `${shellPrefix(shell, 1)}${isBash ? '' : shell.flavour === 'ash' ? '.: ' : '.: '}${isBash ? `${words[0]}: ${text.error}` : `can't open '${words[0]}'`}\n`,
    )
    if (!isBash) shell.isExiting = true
    return isBash ? 1 : 2
  }
  const compiled = compileScript(text)
  if (compiled.error !== undefined) return fail(call, shell, words[0]!, `syntax error: ${compiled.error}`, 2)
  startCode(shell, compiled.code, 'source', words.length > 1 ? words.slice(1) : undefined)
  return shell.status
}

function readWords(call: Call, shell: ShellState, words: readonly string[]): ReturnType<Builtin> {
  const operands: string[] = []
  let isRaw = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '-p') {
      if (surroundingsOf(call).isTty) complain(call, words[index + 1] ?? '')
      index++
    } else if (/^-[tnNdu]$/.test(word)) index++
    else if (word.startsWith('-')) isRaw = word.includes('r')
    else operands.push(word)
  }
  const line = readLine(call.kernel, call.process, 0)
  if (line === undefined) {
    shell.resume = { kind: 'read', args: Object.freeze([...words]) }
    return { for: 'input', fd: 0 }
  }
  const text = line.replace(/\n$/, '')
  splitInto(shell, isRaw ? text : text.replace(/\\(.)/g, '$1'), operands.length > 0 ? operands : ['REPLY'])
  return line.endsWith('\n') ? 0 : 1
}

function splitInto(shell: ShellState, text: string, names: readonly string[]): void {
  const separators = valueOf(shell, 'IFS') ?? ' \t\n'
  const isSeparator = (char: string): boolean => separators.includes(char)
  const isBlank = (char: string): boolean => isSeparator(char) && /\s/.test(char)
  let rest = text
  const trim = (): void => {
    while (rest !== '' && isBlank(rest[0]!)) rest = rest.slice(1)
  }
  trim()
  names.forEach((name, index) => {
    if (index === names.length - 1) {
      while (rest !== '' && isBlank(rest.at(-1)!)) rest = rest.slice(0, -1)
      return assign(shell, name, rest)
    }
    let end = 0
    while (end < rest.length && !isSeparator(rest[end]!)) end++
    assign(shell, name, rest.slice(0, end))
    rest = rest.slice(end)
    trim()
    if (rest !== '' && isSeparator(rest[0]!) && !isBlank(rest[0]!)) rest = rest.slice(1)
    trim()
  })
}

/** `type`, `command -v` and `which`: what a name would run. */
export function describeCommands(call: Call, shell: ShellState, words: readonly string[], isLong: boolean): number {
  let status = 0
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    if (shell.functions.has(word)) print(call, isLong ? `${word} is a function\n` : `${word}\n`)
    else if (Object.hasOwn(builtins, word)) print(call, isLong ? `${word} is a shell builtin\n` : `${word}\n`)
    else {
      const found = findProgram(call.kernel, word, call.process.cwd, valueOf(shell, 'PATH'))
      if (found.outcome === 'program' || found.outcome === 'script')
        print(call, isLong ? `${word} is ${found.path}\n` : `${found.path}\n`)
      else {
        if (isLong) complain(call, `${word}: not found\n`)
        status = shell.flavour === 'bash' ? 1 : 127
      }
    }
  }
  return status
}

function pidOf(shell: ShellState, word: string): number {
  return word.startsWith('%') ? findJob(shell, word)!.pid : Number(word)
}

/** `help`: what can be typed here. dash has none. */
function tellCommands(call: Call, shell: ShellState): number {
  if (shell.flavour === 'dash') return fail(call, shell, 'help', 'not found', 127)
  const files = filesOf(call)
  const programs = (valueOf(shell, 'PATH') ?? '').split(':').flatMap((folder) => files.list(folder) ?? [])
  const own = Object.keys(builtins).filter((name) => /^[a-z]/.test(name))
  print(call, `Commands of the shell:\n${inLines(own)}`)
  if (programs.length > 0) print(call, `Programs:\n${inLines(programs)}`)
  return 0
}

/** Sorted words in lines of at most 80 characters. */
function inLines(words: readonly string[]): string {
  const lines: string[] = []
  for (const word of [...new Set(words)].sort()) {
    const line = lines.at(-1)
    if (line === undefined || line.length + word.length > 79) lines.push(`  ${word}`)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return `${lines.join('\n')}\n`
}

function killProcesses(call: Call, shell: ShellState, words: readonly string[]): number {
  if (words[0] === '-l') return printed(call, 'HUP INT QUIT KILL USR1 USR2 PIPE ALRM TERM\n')
  const isNamed = words[0]?.startsWith('-') === true
  const text = words[0] === '-s' ? (words[1] ?? '') : isNamed ? words[0]! : 'TERM'
  const name = signalName(text)
  if (name === undefined) return fail(call, shell, 'kill', `invalid signal number or name: ${text}`, 1)
  let status = 0
  for (const word of words.slice(words[0] === '-s' ? 2 : isNamed ? 1 : 0)) {
    if (word.startsWith('%')) {
      const job = findJob(shell, word)
      if (job) signalJob(call, job, name)
      else status = fail(call, shell, 'kill', `${word}: no such job`, 1)
      continue
    }
    const process = processAt(call.kernel.state, Math.abs(Number(word)))
    if (process) {
      // The kernel keeps an init process from signals it has no handler for, KILL from inside included.
      if (!(process.pid === 1 && numberOf(name) === 9)) signal(call.kernel, process, name)
    } else
      status = fail(
        call,
        shell,
        'kill',
        shell.flavour === 'ash' ? `can't kill pid ${word}: No such process` : `(${word}) - No such process`,
        1,
      )
  }
  return status
}
