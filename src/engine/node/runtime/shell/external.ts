import { copyDescriptors, release } from '../kernel/descriptors.ts'
import { descriptorsOf } from '../kernel/handles.ts'
import { complain, parseOptions, surroundingsOf } from '../kernel/io.ts'
import type { Wait } from '../kernel/kernelState.ts'
import { startProcess } from '../kernel/processes.ts'
import { findProgram, unknownProgram } from '../kernel/programs.ts'
import type { Call } from '../kernel/tool.ts'
import { applyAssignment, environmentWith } from './assignments.ts'
import type { RunInstruction } from './code.ts'
import { shellPrefix } from './complaints.ts'
import { restore, saveDescriptors } from './frames.ts'
import { redirect } from './redirect.ts'
import { completed, dropResults, waitFor } from './resume.ts'
import { ShellError, valueOf, type ShellState } from './shellState.ts'

/** Runs a program in a process of its own, or in the shell's where nothing comes after it. */
export function external(
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
  const before = copyDescriptors(kernel.state, process)
  const isOpen = redirect(call, shell, instruction.redirects)
  const fds = descriptorsOf(kernel.state, process)
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

/** `exec`: the shell becomes the program; without one its redirections stay. */
export function execute(
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
  if (surroundingsOf(call).isOpen && found.outcome !== 'denied')
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

function failedRedirect(call: Call, shell: ShellState, instruction: RunInstruction): void {
  dropResults(shell, instruction.slots)
  completed(call, shell, shell.flavour === 'dash' ? 2 : 1, instruction.checked)
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
