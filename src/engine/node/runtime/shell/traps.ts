import { print } from '../kernel/io.ts'
import type { Call, Step } from '../kernel/tool.ts'
import { noCode } from './code.ts'
import { compileScript } from './compile.ts'
import { startCode, unwind } from './frames.ts'
import type { ShellState } from './shellState.ts'

/** A signal reaches a shell: a trap takes it at the next instruction, Ctrl-C ends the line that was typed, all else is as for any program. */
export function takeSignal(call: Call, name: string): Step | 'default' | 'ignored' {
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

/** Enters the code of the oldest trap whose signal has come. */
export function runTraps(call: Call, shell: ShellState): void {
  const pending = call.process.memo.pending as string[] | undefined
  const name = pending?.shift()
  if (name === undefined) return
  const compiled = compileScript(shell.traps[name] ?? '')
  if (compiled.code) startCode(shell, compiled.code, 'trap')
}

/** The shell ends: its EXIT trap first. */
export function finish(call: Call, shell: ShellState, status: number): Step {
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

/** Leaves whatever the shell is in the middle of; its variables stay. */
export function abandon(call: Call, shell: ShellState): void {
  while (shell.frames.length > 0) unwind(call, shell)
  shell.code = noCode
  shell.pc = 0
  shell.resume = undefined
  shell.results = []
}

function shellOf(call: Call): ShellState | undefined {
  return call.process.memo.shell as ShellState | undefined
}
