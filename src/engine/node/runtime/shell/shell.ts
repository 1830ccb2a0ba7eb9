import { complain, isFileError, parseOptions, pathOf, print } from '../kernel/io.ts'
import {
  copyDescriptors,
  open,
  openPipe,
  readLine,
  reap,
  release,
  setDescriptor,
  startProcess,
} from '../kernel/kernel.ts'
import type { Wait } from '../kernel/kernelState.ts'
import { findProgram, unknownProgram } from '../kernel/programs.ts'
import { defineTool, type Call, type Step, type Tool } from '../kernel/tool.ts'
import { evaluate } from './arithmetic.ts'
import { builtins, describeCommands, shellPrefix } from './builtins.ts'
import type { Assignment, Code, Instruction, Redirect, RunInstruction } from './code.ts'
import { compileScript, hasOpenHereDocument } from './compile.ts'
import { isTrue } from './conditions.ts'
import { expandPattern, expandText, expandWords, joined } from './expand.ts'
import { endCode, restore, saveDescriptors, startCode, unwind } from './frames.ts'
import { globExpression } from './glob.ts'
import { addJob, codeOf, tellEnded } from './jobs.ts'
import { matchPaths } from './paths.ts'
import {
  assign,
  assignList,
  environmentOf,
  ShellError,
  valueOf,
  type Resume,
  type ShellFlavour,
  type ShellState,
} from './shellState.ts'

const turnSteps = 200
const framesMax = 1000

/** The shells of the images: `sh` and `bash`, three flavours of one interpreter. */
export const shells: readonly Tool[] = (['dash', 'ash', 'bash'] as const).map((flavour) =>
  defineTool({ names: [flavour], step: (call) => step(call, flavour), signal: takeSignal }),
)

function shellOf(call: Call): ShellState | undefined {
  return call.process.memo.shell as ShellState | undefined
}

function step(call: Call, flavour: ShellFlavour): Step {
  const { memo } = call.process
  if (memo.shell === undefined) {
    const refusal = start(call, flavour)
    if (refusal !== undefined) return refusal
  }
  return interpretScript(call, memo.shell as ShellState)
}

/** Reads the command line: `-c text`, a script's path, or nothing, to read commands from the input. */
function start(call: Call, flavour: ShellFlavour): number | undefined {
  const { process, kernel } = call
  const [name, ...words] = process.argv
  const options: Record<string, boolean> = {}
  let at = 0
  let reads = false
  let isCommand = false
  for (; at < words.length && /^[-+]./.test(words[at]!) && words[at] !== '--'; at++) {
    if (words[at]!.startsWith('--')) continue
    const isOn = words[at]!.startsWith('-')
    for (const letter of words[at]!.slice(1)) {
      if (letter === 'c') isCommand = true
      else if (letter === 's') reads = true
      else if (letter === 'o') options[words[++at] ?? ''] = isOn
      else options[letter] = isOn
    }
  }
  if (words[at] === '--') at++
  const shell = createShell(call, flavour, baseName(name ?? 'sh', flavour), options)
  process.memo.shell = shell
  if (isCommand) return startText(call, shell, words[at] ?? '', words[at + 1], words.slice(at + 2))
  if (reads || words[at] === undefined) {
    shell.reads = true
    const about = kernel.host.about
    shell.prompts = about.isTty || options.i === true
    shell.parameters = Object.freeze(words.slice(at))
    return undefined
  }
  const text = kernel.host.files.read(pathOf(call, words[at]!))
  if (isFileError(text)) {
    complain(
      call,
      flavour === 'bash'
        ? `${shell.name}: ${words[at]}: ${text.error}\n`
        : `${shell.name}: ${flavour === 'dash' ? '0: ' : ''}${flavour === 'dash' ? 'cannot open' : "can't open"} ${flavour === 'ash' ? `'${words[at]}'` : words[at]}: ${flavour === 'dash' ? 'No such file' : text.error}\n`,
    )
    return flavour === 'bash' ? 127 : 2
  }
  return startText(call, shell, text.replace(/^#!.*/, ''), words[at], words.slice(at + 1))
}

function baseName(name: string, flavour: ShellFlavour): string {
  return flavour === 'bash' && name.includes('/') ? name : name.replace(/^-/, '')
}

function createShell(call: Call, flavour: ShellFlavour, name: string, options: Record<string, boolean>): ShellState {
  const { process, kernel } = call
  const shell: ShellState = {
    flavour,
    code: noCode,
    pc: 0,
    frames: [],
    results: [],
    status: 0,
    resultStatus: 0,
    variables: new Map(),
    functions: new Map(),
    name,
    parameters: noWords,
    options,
    traps: {},
    lastBackground: 0,
    jobs: [],
    ownPid: process.pid,
    environment: undefined,
    resume: undefined,
    reads: false,
    prompts: false,
    pendingText: '',
    isExiting: false,
    isQuiet: false,
    started: kernel.host.now(),
  }
  for (const [key, value] of Object.entries(process.environment))
    shell.variables.set(key, Object.freeze({ value, isExported: true }))
  if (!shell.variables.has('PWD')) assign(shell, 'PWD', process.cwd)
  if (flavour === 'bash' && !shell.variables.has('HOSTNAME')) assign(shell, 'HOSTNAME', kernel.host.about.hostname)
  return shell
}

const noCode: Code = Object.freeze([])
const noWords: readonly string[] = Object.freeze([])

function startText(
  call: Call,
  shell: ShellState,
  text: string,
  name: string | undefined,
  parameters: readonly string[],
): number | undefined {
  const compiled = compileScript(text)
  if (compiled.error !== undefined) {
    complain(call, `${shellPrefix(shell, 1)}${syntaxWords(shell, compiled.error)}\n`)
    return 2
  }
  shell.code = compiled.code
  if (name !== undefined) shell.name = name
  shell.parameters = Object.freeze([...parameters])
  return undefined
}

function syntaxWords(shell: ShellState, error: string): string {
  if (error.includes('quote'))
    return shell.flavour === 'bash'
      ? 'unexpected EOF while looking for matching `"\''
      : 'Syntax error: Unterminated quoted string'
  return shell.flavour === 'ash'
    ? `syntax error: ${error}`
    : shell.flavour === 'dash'
      ? `Syntax error: ${error}`
      : `syntax error: ${error}`
}

// signals

function takeSignal(call: Call, name: string): Step | 'default' | 'ignored' {
  const shell = shellOf(call)
  const action = shell?.traps[name]
  if (!shell || action === undefined) {
    if (shell?.prompts && name === 'INT') {
      // Ctrl-C ends what the line was doing, not the shell.
      const wasBusy = shell.resume !== undefined || shell.pc < shell.code.length
      abandon(call, shell)
      shell.pendingText = ''
      shell.status = 130
      if (wasBusy) print(call, '\n')
      return 'again'
    }
    if (shell?.prompts && name === 'TERM') return 'ignored'
    return 'default'
  }
  if (action === '') return 'ignored'
  shell.pendingText ||= ''
  const pending = (call.process.memo.pending ??= []) as string[]
  pending.push(name)
  // A trap waits for the command in the foreground; `wait` it interrupts.
  if (shell.resume?.kind === 'wait') {
    shell.resume = undefined
    shell.status = 128 + 15
  }
  return 'again'
}

function runTraps(call: Call, shell: ShellState): void {
  const pending = call.process.memo.pending as string[] | undefined
  const name = pending?.shift()
  if (name === undefined) return
  const compiled = compileScript(shell.traps[name] ?? '')
  if (compiled.code) startCode(shell, compiled.code, 'trap')
}

// the interpreter

function interpretScript(call: Call, shell: ShellState): Step {
  try {
    return instructions(call, shell)
  } catch (error) {
    if (!(error instanceof ShellError)) throw error
    complain(call, `${shellPrefix(shell, lineOf(shell))}${error.message}\n`)
    shell.status = error.status
    if (shell.prompts) {
      abandon(call, shell)
      return 'again'
    }
    return finish(call, shell, error.status)
  }
}

function lineOf(shell: ShellState): number {
  const instruction = shell.code[Math.max(0, shell.pc - 1)]
  return instruction?.op === 'run' ? instruction.line : 1
}

function abandon(call: Call, shell: ShellState): void {
  while (shell.frames.length > 0) unwind(call, shell)
  shell.code = noCode
  shell.pc = 0
  shell.resume = undefined
  shell.results = []
}

function instructions(call: Call, shell: ShellState): Step {
  const { memo } = call.process
  let steps = 0
  const resumed = resume(call, shell)
  if (resumed !== undefined) return resumed
  for (; steps < turnSteps; steps++) {
    if (shell.isExiting) return finish(call, shell, shell.status)
    if (steps > 0 && call.process.signals.length > 0) break
    if (memo.pending !== undefined && (memo.pending as string[]).length > 0) runTraps(call, shell)
    const instruction = shell.code[shell.pc]
    if (instruction === undefined) {
      const ended = atEnd(call, shell)
      if (ended === undefined) continue
      memo.steps = steps
      return ended
    }
    shell.pc++
    const wait = perform(call, shell, instruction)
    if (wait !== undefined) {
      memo.steps = steps + 1
      return wait
    }
  }
  memo.steps = steps
  return 'again'
}

/** The end of a list of instructions: back to the caller, the next line, or the end of the shell. */
function atEnd(call: Call, shell: ShellState): Step | undefined {
  while (shell.frames.length > 0) {
    const isCall = shell.frames.at(-1)!.kind === 'call'
    if (isCall) {
      endCode(shell)
      return undefined
    }
    unwind(call, shell)
  }
  return shell.reads ? nextLine(call, shell) : finish(call, shell, shell.status)
}

function nextLine(call: Call, shell: ShellState): Step | undefined {
  if (shell.prompts && !call.process.memo.hasPrompted) {
    tellEnded(call, shell)
    print(call, promptOf(call, shell))
    call.process.memo.hasPrompted = true
  }
  const line = readLine(call.kernel, call.process, 0)
  if (line === undefined) return { for: 'input', fd: 0 }
  call.process.memo.hasPrompted = false
  if (line === '') {
    if (shell.prompts) print(call, shell.flavour === 'bash' ? 'exit\n' : '\n')
    return finish(call, shell, shell.status)
  }
  shell.pendingText += line
  if (isContinued(shell.pendingText)) return undefined
  const compiled = compileScript(shell.pendingText)
  if (compiled.error !== undefined) {
    if (compiled.isOpen) return undefined
    complain(call, `${shellPrefix(shell, 1)}${syntaxWords(shell, compiled.error)}\n`)
    shell.status = 2
    shell.pendingText = ''
    return shell.prompts ? undefined : finish(call, shell, 2)
  }
  shell.pendingText = ''
  shell.code = withoutTail(compiled.code)
  shell.pc = 0
  return undefined
}

/** A backslash before the newline, or a here-document whose last line has not come. */
function isContinued(text: string): boolean {
  return /(^|[^\\])(\\\\)*\\\n$/.test(text) || (text.includes('<<') && hasOpenHereDocument(text))
}

// A shell that reads on must not give its place to the last command of a line.
function withoutTail(code: Code): Code {
  return code.map((one) => (one.op === 'run' && one.isLast ? Object.freeze({ ...one, isLast: false }) : one))
}

function promptOf(call: Call, shell: ShellState): string {
  if (shell.pendingText !== '') return valueOf(shell, 'PS2') ?? '> '
  const given = valueOf(shell, 'PS1')
  if (given !== undefined) return given
  const { about } = call.kernel.host
  const mark = about.user.uid === 0 ? '#' : '$'
  if (shell.flavour === 'dash') return `${mark} `
  const home = valueOf(shell, 'HOME')
  const place = call.process.cwd === home ? '~' : call.process.cwd
  if (shell.flavour === 'ash') return `${place} ${mark} `
  return `${about.user.name || 'I have no name!'}@${about.hostname}:${place}${mark} `
}

/** The shell ends: its EXIT trap first. */
function finish(call: Call, shell: ShellState, status: number): Step {
  const action = shell.traps.EXIT
  if (action !== undefined && action !== '') {
    delete shell.traps.EXIT
    const compiled = compileScript(action)
    if (compiled.code) {
      shell.isExiting = false
      shell.reads = false
      while (shell.frames.length > 0) unwind(call, shell)
      shell.status = status
      shell.code = compiled.code
      shell.pc = 0
      call.process.memo.exitStatus = status
      return 'again'
    }
  }
  return (call.process.memo.exitStatus as number | undefined) !== undefined && !shell.isExiting
    ? (call.process.memo.exitStatus as number)
    : status
}

/** Takes up what the shell was waiting for. A wait when it is not there yet. */
function resume(call: Call, shell: ShellState): Wait | undefined {
  const waiting = shell.resume
  if (waiting === undefined) return undefined
  const { state } = call.kernel
  switch (waiting.kind) {
    case 'child':
      if (state.processes.has(waiting.pid)) return { for: 'child', pid: waiting.pid }
      shell.resume = undefined
      completed(call, shell, reap(state, waiting.pid) ?? 0, waiting.checked)
      return undefined
    case 'children': {
      if (waiting.pids.some((pid) => state.processes.has(pid))) return { for: 'children', pids: waiting.pids }
      shell.resume = undefined
      const codes = waiting.pids.map((pid) => reap(state, pid) ?? 0)
      const failed = shell.options.pipefail ? codes.findLast((code) => code !== 0) : undefined
      completed(call, shell, failed ?? codes.at(-1)!, waiting.checked)
      return undefined
    }
    case 'substitute':
      return takeResult(call, shell, waiting)
    case 'wait': {
      if (waiting.pids.some((pid) => state.processes.has(pid))) return { for: 'children', pids: waiting.pids }
      const own = [...state.processes.values()]
        .filter(({ parent }) => parent === call.process.pid)
        .map(({ pid }) => pid)
      if (waiting.pids.length === 0 && own.length > 0) return { for: 'children', pids: Object.freeze(own) }
      shell.resume = undefined
      shell.status = waiting.pids.length === 0 ? 0 : (codeOf(state, shell, waiting.pids.at(-1)!) ?? 127)
      return undefined
    }
    case 'read': {
      shell.resume = undefined
      const outcome = builtins.read!(call, shell, waiting.args)
      if (typeof outcome !== 'number') return outcome
      shell.status = outcome
      return undefined
    }
  }
}

function takeResult(call: Call, shell: ShellState, waiting: Extract<Resume, { kind: 'substitute' }>): Wait | undefined {
  const { state } = call.kernel
  if (state.processes.has(waiting.pid)) return { for: 'child', pid: waiting.pid }
  shell.resume = undefined
  shell.resultStatus = reap(state, waiting.pid) ?? 0
  const handle = state.handles.get(waiting.handle)
  const text = handle?.kind === 'capture' ? handle.text : ''
  release(call.kernel, waiting.handle)
  shell.results.push(text.replace(/\n+$/, ''))
  return undefined
}

/** A command's status is known: `set -e` may end the shell. */
function completed(call: Call, shell: ShellState, status: number, checked: boolean): void {
  shell.status = status
  if (status !== 0 && shell.options.e && !checked && !shell.isQuiet) shell.isExiting = true
}

function perform(call: Call, shell: ShellState, instruction: Instruction): Wait | undefined {
  switch (instruction.op) {
    case 'run':
      return runCommand(call, shell, instruction)
    case 'jump':
      shell.pc = instruction.to
      return undefined
    case 'branch':
      if ((shell.status === 0) === (instruction.on === 'success')) shell.pc = instruction.to
      return undefined
    case 'negate':
      shell.status = shell.status === 0 ? 1 : 0
      return undefined
    case 'status':
      shell.status = instruction.value
      return undefined
    case 'substitute':
      return substitute(call, shell, instruction.code)
    case 'loop': {
      const { continueTo, breakTo } = instruction
      if (shell.frames.length > framesMax) throw new ShellError('too many nested commands')
      const isEndless = shell.code[continueTo]?.op !== 'next'
      shell.frames.push({ kind: 'loop', continueTo, breakTo, items: noWords, index: 0, name: '', isEndless })
      return undefined
    }
    case 'endLoop':
      shell.frames.pop()
      return undefined
    case 'for': {
      const frame = shell.frames.at(-1)!
      if (frame.kind !== 'loop') return undefined
      frame.items = Object.freeze(
        instruction.words ? expandWords(instruction.words, shell, hostOf(call)) : [...shell.parameters],
      )
      frame.name = instruction.name
      dropResults(shell, instruction.slots)
      return undefined
    }
    case 'next': {
      const frame = shell.frames.at(-1)!
      if (frame.kind !== 'loop' || frame.index >= frame.items.length) shell.pc = instruction.to
      else assign(shell, frame.name, frame.items[frame.index++]!)
      return undefined
    }
    case 'case': {
      const text = expandText(instruction.word, shell)
      const item = instruction.items.find(({ patterns }) =>
        patterns.some((one) => globExpression(expandPattern(one, shell)).test(text)),
      )
      dropResults(shell, instruction.slots)
      if (!item) shell.status = 0
      shell.pc = item ? item.to : instruction.to
      return undefined
    }
    case 'pipeline':
      return pipeline(call, shell, instruction)
    case 'background': {
      const child = fork(call, shell, instruction.code, { background: true })
      shell.lastBackground = child
      shell.status = 0
      const id = addJob(call, shell, child, instruction.text)
      if (shell.prompts) complain(call, `[${id}] ${child}\n`)
      return undefined
    }
    case 'subshell': {
      const pid = fork(call, shell, instruction.code)
      return waitFor(shell, { kind: 'child', pid, checked: instruction.checked })
    }
    case 'function':
      shell.functions.set(instruction.name, instruction.code)
      shell.status = 0
      return undefined
    case 'redirect':
      saveDescriptors(call, shell)
      if (!redirect(call, shell, instruction.redirects)) {
        restore(call, shell)
        shell.status = shell.flavour === 'dash' ? 2 : 1
        shell.pc = instruction.to
      }
      dropResults(shell, instruction.slots)
      return undefined
    case 'restore':
      restore(call, shell)
      return undefined
    case 'arithmetic': {
      const value = evaluate(instruction.expression, shell, (word) => expandText(word, shell))
      dropResults(shell, instruction.slots)
      completed(call, shell, value === 0 ? 1 : 0, instruction.checked)
      return undefined
    }
    case 'test': {
      if (shell.flavour === 'dash') return void notThere(call, shell, instruction)
      const holds = isTrue(instruction.expression, call, shell)
      dropResults(shell, instruction.slots)
      completed(call, shell, holds ? 0 : 1, instruction.checked)
      return undefined
    }
  }
}

/** dash has no `[[`. */
function notThere(call: Call, shell: ShellState, instruction: Extract<Instruction, { op: 'test' }>): void {
  complain(call, `${shellPrefix(shell, 1)}[[: not found\n`)
  dropResults(shell, instruction.slots)
  completed(call, shell, 127, instruction.checked)
}

function dropResults(shell: ShellState, slots: number): void {
  if (slots > 0) shell.results.length = Math.max(0, shell.results.length - slots)
}

function hostOf(call: Call): { paths: (pattern: string) => readonly string[] } {
  return { paths: (pattern) => matchPaths(pattern, call.process.cwd, call.kernel.host.files) }
}

function waitFor(shell: ShellState, what: Resume): Wait {
  shell.resume = what
  if (what.kind === 'child' || what.kind === 'substitute') return { for: 'child', pid: what.pid }
  return { for: 'children', pids: what.kind === 'children' ? what.pids : [] }
}

/** A copy of the shell that runs some code: a subshell, a background job, a pipeline's stage. */
function fork(
  call: Call,
  shell: ShellState,
  code: Code,
  how: { stdin?: number; stdout?: number; stderr?: boolean; background?: boolean } = {},
): number {
  const { kernel, process } = call
  const fds = copyDescriptors(kernel.state, process.fds)
  const copy: ShellState = {
    ...shell,
    code,
    pc: 0,
    frames: [],
    results: [...shell.results],
    variables: new Map(shell.variables),
    functions: new Map(shell.functions),
    options: { ...shell.options },
    traps: {},
    jobs: [],
    resume: undefined,
    reads: false,
    prompts: false,
    pendingText: '',
    isExiting: false,
  }
  const endless = shell.frames.some((frame) => frame.kind === 'loop' && frame.isEndless)
  const child = startProcess(kernel, {
    parent: process.pid,
    group: process.group,
    argv: process.argv,
    program: process.program,
    cwd: process.cwd,
    environment: process.environment,
    fds,
    memo: endless || process.memo.isIdle === true ? { shell: copy, isIdle: true } : { shell: copy },
  })
  if (how.stdin !== undefined) setDescriptor(kernel, child, 0, how.stdin)
  if (how.stdout !== undefined) setDescriptor(kernel, child, 1, how.stdout)
  if (how.stderr && how.stdout !== undefined) {
    kernel.state.handles.get(how.stdout)!.refs++
    setDescriptor(kernel, child, 2, how.stdout)
  }
  if (how.background && how.stdin === undefined)
    setDescriptor(kernel, child, 0, open(kernel.state, { kind: 'null', refs: 1 }))
  return child.pid
}

function substitute(call: Call, shell: ShellState, code: Code): Wait {
  const { state } = call.kernel
  const handle = open(state, { kind: 'capture', text: '', refs: 2 })
  const pid = fork(call, shell, code.length === 1 ? asRead(code) : code, { stdout: handle })
  return waitFor(shell, { kind: 'substitute', pid, handle })
}

/** `$(< file)` is `$(cat file)`. */
function asRead(code: Code): Code {
  const [only] = code
  if (only?.op !== 'run' || only.words.length > 0 || only.redirects.length !== 1 || only.redirects[0]!.operator !== '<')
    return code
  const words = Object.freeze([Object.freeze([Object.freeze({ type: 'text' as const, value: 'cat', quoted: true })])])
  return Object.freeze([Object.freeze({ ...only, words })])
}

function pipeline(call: Call, shell: ShellState, instruction: Extract<Instruction, { op: 'pipeline' }>): Wait {
  const { kernel } = call
  const pids: number[] = []
  let input: number | undefined
  instruction.stages.forEach((code, index) => {
    const isLast = index === instruction.stages.length - 1
    const [reader, writer] = isLast ? [undefined, undefined] : openPipe(kernel.state)
    const how = {
      stderr: instruction.withErrors[index] === true,
      ...(input === undefined ? {} : { stdin: input }),
      ...(writer === undefined ? {} : { stdout: writer }),
    }
    pids.push(fork(call, shell, code, how))
    input = reader
  })
  return waitFor(shell, { kind: 'children', pids: Object.freeze(pids), checked: instruction.checked })
}

// simple commands

function runCommand(call: Call, shell: ShellState, instruction: RunInstruction): Wait | undefined {
  const words = expandWords(instruction.words, shell, hostOf(call))
  if (shell.options.x && (words.length > 0 || instruction.assignments.length > 0))
    traceCommand(call, shell, instruction, words)
  const [name] = words
  if (name === undefined) return assignOnly(call, shell, instruction)
  if (name === 'exec') return execute(call, shell, instruction, words.slice(1))
  if (name === 'command' || name === 'builtin') return prefixed(call, shell, instruction, words)
  return runNamed(call, shell, instruction, words, true)
}

function prefixed(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  words: readonly string[],
): Wait | undefined {
  if (words[1] === '-v' || words[1] === '-V') {
    return withRedirects(call, shell, instruction, () =>
      describeCommands(call, shell, words.slice(2), words[1] === '-V'),
    )
  }
  const rest = words.slice(words[1] === '-p' ? 2 : 1)
  if (rest.length === 0) return undefined
  return runNamed(call, shell, instruction, rest, false)
}

function runNamed(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  words: readonly string[],
  withFunctions: boolean,
): Wait | undefined {
  const name = words[0]!
  const body = withFunctions ? shell.functions.get(name) : undefined
  if (body) return callFunction(call, shell, instruction, body, words)
  if (Object.hasOwn(builtins, name)) {
    return withRedirects(call, shell, instruction, () => builtins[name]!(call, shell, words.slice(1)))
  }
  return external(call, shell, instruction, words)
}

function callFunction(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  body: Code,
  words: readonly string[],
): Wait | undefined {
  if (shell.frames.length > framesMax) throw new ShellError('maximum function nesting level exceeded')
  const hasRedirects = instruction.redirects.length > 0
  if (hasRedirects) saveDescriptors(call, shell)
  if (hasRedirects && !redirect(call, shell, instruction.redirects)) {
    restore(call, shell)
    completed(call, shell, 1, instruction.checked)
    return undefined
  }
  for (const one of instruction.assignments) applyAssignment(shell, one, call)
  dropResults(shell, instruction.slots)
  startCode(shell, body, 'function', words.slice(1), shell.isQuiet || instruction.checked)
  if (hasRedirects) raise(shell, shell.frames.length - 2)
  return undefined
}

/** A builtin under its redirections: those are undone once it is done. */
function withRedirects(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  run: () => ReturnType<(typeof builtins)[string]>,
): Wait | undefined {
  const { redirects, assignments, checked } = instruction
  if (redirects.length > 0) {
    saveDescriptors(call, shell)
    if (!redirect(call, shell, redirects)) {
      restore(call, shell)
      dropResults(shell, instruction.slots)
      completed(call, shell, shell.flavour === 'dash' ? 2 : 1, checked)
      return undefined
    }
  }
  const before = assignments.map(({ name }) => [name, shell.variables.get(name)] as const)
  for (const one of assignments) applyAssignment(shell, one, call)
  dropResults(shell, instruction.slots)
  const depth = shell.frames.length
  const { code } = shell
  const outcome = run()
  for (const [name, old] of before) {
    if (old) shell.variables.set(name, old)
    else shell.variables.delete(name)
  }
  if (redirects.length > 0) {
    const isThere = shell.frames[depth - 1]?.kind === 'redirect'
    if (isThere && shell.frames.length === depth) restore(call, shell)
    else if (isThere && shell.code !== code) raise(shell, depth - 1)
  }
  if (typeof outcome !== 'number') return outcome
  if (shell.isExiting) shell.status = outcome
  else completed(call, shell, outcome, checked)
  return undefined
}

/** Puts the frame of redirections above that of the code it holds for: it is undone where that code ends. */
function raise(shell: ShellState, at: number): void {
  const [frame] = shell.frames.splice(at, 1)
  if (frame) shell.frames.push(frame)
}

function assignOnly(call: Call, shell: ShellState, instruction: RunInstruction): undefined {
  if (instruction.redirects.length > 0) {
    saveDescriptors(call, shell)
    const isDone = redirect(call, shell, instruction.redirects)
    restore(call, shell)
    if (!isDone) {
      completed(call, shell, 1, instruction.checked)
      return
    }
  }
  for (const one of instruction.assignments) applyAssignment(shell, one, call)
  const status = instruction.slots > 0 ? shell.resultStatus : 0
  dropResults(shell, instruction.slots)
  completed(call, shell, status, instruction.checked)
}

function applyAssignment(shell: ShellState, one: Assignment, call: Call): void {
  if (one.isList) {
    if (shell.flavour === 'dash') throw new ShellError('Syntax error: "(" unexpected', 2)
    const list = expandWords(one.value as RunInstruction['words'], shell, hostOf(call))
    const before = one.append ? (shell.variables.get(one.name)?.list ?? []) : []
    assignList(shell, one.name, [...before, ...list])
    return
  }
  const value = expandText(one.value as RunInstruction['words'][number], shell)
  if (one.index) {
    const list = [...(shell.variables.get(one.name)?.list ?? [])]
    const at = evaluate({ type: 'word', word: one.index }, shell, (word) => expandText(word, shell))
    if (at >= 0 && at < 100_000) list[at] = value
    assignList(
      shell,
      one.name,
      Array.from(list, (item) => item ?? ''),
    )
  } else assign(shell, one.name, one.append ? joined(valueOf(shell, one.name) ?? '', value) : value)
}

function external(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  words: readonly string[],
): Wait | undefined {
  const { kernel, process } = call
  const target = locate(call, shell, instruction, words)
  if (target === undefined) return undefined
  const canReplace =
    instruction.isLast && shell.frames.length === 0 && !shell.reads && Object.keys(shell.traps).length === 0
  if (canReplace) {
    if (!redirect(call, shell, instruction.redirects)) return void failedRedirect(call, shell, instruction)
    return become(call, shell, instruction, target)
  }
  const before = copyDescriptors(kernel.state, process.fds)
  const isOpen = redirect(call, shell, instruction.redirects)
  const fds = process.fds
  process.fds = before
  if (!isOpen) {
    for (const id of fds.values()) release(kernel, id)
    return void failedRedirect(call, shell, instruction)
  }
  const isIdle = process.memo.isIdle === true || shell.frames.some((frame) => frame.kind === 'loop' && frame.isEndless)
  const child = startProcess(kernel, {
    parent: process.pid,
    group: process.group,
    argv: Object.freeze([...target.argv]),
    program: target.program,
    cwd: process.cwd,
    environment: environmentWith(call, shell, instruction),
    fds,
    ...(isIdle ? { memo: { isIdle: true } } : {}),
  })
  dropResults(shell, instruction.slots)
  return waitFor(shell, { kind: 'child', pid: child.pid, checked: instruction.checked })
}

function failedRedirect(call: Call, shell: ShellState, instruction: RunInstruction): void {
  dropResults(shell, instruction.slots)
  completed(call, shell, shell.flavour === 'dash' ? 2 : 1, instruction.checked)
}

interface Target {
  readonly program: string
  readonly argv: readonly string[]
}

/** The program behind a command's name; complains and sets the status when there is none. */
function locate(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  words: readonly string[],
): Target | undefined {
  const { kernel, process } = call
  const found = findProgram(kernel, words[0]!, process.cwd, valueOf(shell, 'PATH'))
  if (found.outcome === 'program') return { program: found.program, argv: words }
  if (found.outcome === 'script') {
    const [interpreter, ...options] = found.interpreter
    const shellProgram = findProgram(kernel, interpreter!, process.cwd, valueOf(shell, 'PATH'))
    if (shellProgram.outcome === 'program')
      return { program: shellProgram.program, argv: [interpreter!, ...options, found.path, ...words.slice(1)] }
  }
  if (kernel.host.about.isOpen && found.outcome !== 'denied')
    return { program: unknownProgram(process.group, instruction.isLast), argv: words }
  refuse(call, shell, instruction, words[0]!, found.outcome)
  return undefined
}

function refuse(call: Call, shell: ShellState, instruction: RunInstruction, name: string, outcome: string): void {
  const isPath = name.includes('/')
  const [text, status] =
    outcome === 'denied'
      ? ['Permission denied', 126]
      : outcome === 'directory'
        ? [shell.flavour === 'bash' ? 'Is a directory' : 'Permission denied', 126]
        : shell.flavour === 'bash'
          ? [isPath ? 'No such file or directory' : 'command not found', 127]
          : ['not found', 127]
  saveDescriptors(call, shell)
  if (redirect(call, shell, instruction.redirects))
    complain(call, `${shellPrefix(shell, instruction.line)}${name}: ${text}\n`)
  restore(call, shell)
  dropResults(shell, instruction.slots)
  completed(call, shell, status as number, instruction.checked)
}

function environmentWith(call: Call, shell: ShellState, instruction: RunInstruction): Readonly<Record<string, string>> {
  if (instruction.assignments.length === 0) return environmentOf(shell)
  const own: Record<string, string> = { ...environmentOf(shell) }
  for (const one of instruction.assignments) {
    if (!one.isList) own[one.name] = expandText(one.value as RunInstruction['words'][number], shell)
  }
  return Object.freeze(own)
}

/** The shell's process becomes the program: `exec`, and the last command of a script. */
function become(call: Call, shell: ShellState, instruction: RunInstruction, target: Target): Wait {
  const { process } = call
  const isIdle = process.memo.isIdle === true
  process.environment = environmentWith(call, shell, instruction)
  process.argv = Object.freeze([...target.argv])
  process.program = target.program
  process.memo = isIdle ? { isIdle } : {}
  return { for: 'time', until: call.kernel.host.now() }
}

function execute(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
  words: readonly string[],
): Wait | undefined {
  if (!redirect(call, shell, instruction.redirects)) throw new ShellError('redirection failed', 2)
  const operands = parseOptions(words, ['a'], true).operands
  if (operands.length === 0) {
    for (const one of instruction.assignments) applyAssignment(shell, one, call)
    dropResults(shell, instruction.slots)
    completed(call, shell, 0, instruction.checked)
    return undefined
  }
  const target = locate(call, shell, instruction, operands)
  if (target === undefined) {
    if (!shell.prompts) shell.isExiting = true
    return undefined
  }
  return become(call, shell, instruction, target)
}

// redirections

/** Opens files and copies descriptors; false, with a complaint, when one cannot be opened. */
function redirect(call: Call, shell: ShellState, redirects: readonly Redirect[]): boolean {
  return redirects.every((one) => {
    const text = expandText(one.target, shell)
    const { kernel, process } = call
    switch (one.operator) {
      case '<<':
      case '<<<':
        setDescriptor(
          kernel,
          process,
          one.fd,
          open(kernel.state, { kind: 'text', text: one.operator === '<<<' ? `${text}\n` : text, offset: 0, refs: 1 }),
        )
        return true
      case '<&':
      case '>&':
        return copyDescriptor(call, shell, one, text)
      case '&>':
      case '&>>': {
        if (!openFile(call, shell, one.operator === '&>' ? '>' : '>>', 1, text)) return false
        return copyDescriptor(call, shell, { ...one, fd: 2 }, '1')
      }
      default:
        return openFile(call, shell, one.operator, one.fd, text)
    }
  })
}

function copyDescriptor(call: Call, shell: ShellState, one: Redirect, text: string): boolean {
  const { kernel, process } = call
  if (text === '-') {
    const old = process.fds.get(one.fd)
    process.fds.delete(one.fd)
    if (old !== undefined) release(kernel, old)
    return true
  }
  if (!/^\d+$/.test(text))
    return openFile(call, shell, '>', 1, text) && copyDescriptor(call, shell, { ...one, fd: 2 }, '1')
  const id = process.fds.get(Number(text))
  if (id === undefined) {
    complain(call, `${shellPrefix(shell, 1)}${text}: Bad file descriptor\n`)
    return false
  }
  kernel.state.handles.get(id)!.refs++
  setDescriptor(kernel, process, one.fd, id)
  return true
}

function openFile(call: Call, shell: ShellState, operator: string, fd: number, name: string): boolean {
  const { kernel, process } = call
  const { host, state } = kernel
  const path = pathOf(call, name)
  const special = specialFile(call, path)
  if (special !== undefined) {
    setDescriptor(kernel, process, fd, special)
    return true
  }
  const isReading = operator === '<'
  const found = host.files.read(path)
  const failed = isReading ? (isFileError(found) ? found.error : undefined) : writable(call, path, operator)
  if (failed !== undefined) {
    complain(call, `${shellPrefix(shell, lineOf(shell))}${openWords(shell, isReading, name, failed)}\n`)
    return false
  }
  setDescriptor(
    kernel,
    process,
    fd,
    open(state, { kind: 'file', path, offset: 0, append: operator === '>>', writable: !isReading, refs: 1 }),
  )
  return true
}

function writable(call: Call, path: string, operator: string): string | undefined {
  const { files } = call.kernel.host
  return files.write(path, '', operator === '>>' || operator === '<>')?.error
}

function openWords(shell: ShellState, isReading: boolean, name: string, error: string): string {
  if (shell.flavour === 'bash') return `${name}: ${error}`
  const reason =
    error === 'No such file or directory'
      ? shell.flavour === 'dash'
        ? isReading
          ? 'No such file'
          : 'Directory nonexistent'
        : isReading
          ? 'no such file'
          : 'nonexistent directory'
      : error
  if (shell.flavour === 'dash') return `cannot ${isReading ? 'open' : 'create'} ${name}: ${reason}`
  return `can't ${isReading ? 'open' : 'create'} ${name}: ${reason}`
}

/** Devices and the log of pid 1: a handle of their own. */
function specialFile(call: Call, path: string): number | undefined {
  const { state } = call.kernel
  const { process } = call
  const copy = (fd: number): number | undefined => {
    const id = process.fds.get(fd)
    if (id !== undefined) state.handles.get(id)!.refs++
    return id
  }
  switch (path) {
    case '/dev/null':
      return open(state, { kind: 'null', refs: 1 })
    case '/dev/zero':
    case '/dev/urandom':
    case '/dev/random':
      return open(state, { kind: 'zero', refs: 1 })
    case '/dev/stdin':
      return copy(0)
    case '/dev/stdout':
    case '/proc/self/fd/1':
      return copy(1)
    case '/dev/stderr':
    case '/proc/self/fd/2':
      return copy(2)
    case '/proc/1/fd/1':
      return open(state, { kind: 'stream', stream: 'stdout', group: 0, refs: 1 })
    case '/proc/1/fd/2':
      return open(state, { kind: 'stream', stream: 'stderr', group: 0, refs: 1 })
    default:
      return path === '/dev/tty'
        ? open(state, { kind: 'stream', stream: 'stdout', group: process.group, refs: 1 })
        : undefined
  }
}

function traceCommand(call: Call, shell: ShellState, instruction: RunInstruction, words: readonly string[]): void {
  const quoted = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`))
  const plain = instruction.assignments.filter(({ isList }) => !isList)
  const assignments = plain.map(
    (one) => `${one.name}=${expandText(one.value as RunInstruction['words'][number], shell)}`,
  )
  complain(call, `+ ${[...assignments, ...quoted].join(' ')}\n`)
}
