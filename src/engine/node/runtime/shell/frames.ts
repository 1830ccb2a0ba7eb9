import { closeAll, copyDescriptors } from '../kernel/descriptors.ts'
import type { Call } from '../kernel/tool.ts'
import type { Code } from './code.ts'
import type { Frame, ShellState } from './shellState.ts'

/** how deep functions and loops may nest */
export const framesMax = 1000

/** Enters code of its own: a function, an `eval`, a trap. It goes on where it left off at the end. */
export function startCode(
  shell: ShellState,
  code: Code,
  why: Extract<Frame, { kind: 'call' }>['why'],
  parameters?: readonly string[],
  isQuiet = shell.isQuiet,
): void {
  shell.frames.push({
    kind: 'call',
    why,
    code: shell.code,
    pc: shell.pc,
    parameters: shell.parameters,
    locals: new Map(),
    isQuiet: shell.isQuiet,
    status: shell.status,
    results: shell.results,
  })
  shell.isQuiet = isQuiet
  shell.results = []
  if (parameters) shell.parameters = Object.freeze([...parameters])
  shell.code = code
  shell.pc = 0
}

/** The end of the innermost code: back to who entered it. False when there is none. */
export function endCode(shell: ShellState): boolean {
  const frame = shell.frames.pop()
  if (frame?.kind !== 'call') return false
  for (const [name, old] of frame.locals) {
    if (old) shell.variables.set(name, old)
    else shell.variables.delete(name)
    shell.environment = undefined
  }
  shell.code = frame.code
  shell.pc = frame.pc
  shell.isQuiet = frame.isQuiet
  shell.results = frame.results
  if (frame.why === 'function' || frame.why === 'source') shell.parameters = frame.parameters
  if (frame.why === 'trap') shell.status = frame.status
  return true
}

/** `return`: jumps to the end of the innermost function or sourced file. False when there is none. */
export function leaveCall(call: Call, shell: ShellState): boolean {
  const isTarget = (frame: Frame): boolean =>
    frame.kind === 'call' && (frame.why === 'function' || frame.why === 'source')
  if (!shell.frames.some(isTarget)) return false
  while (!isTarget(shell.frames.at(-1)!)) unwind(call, shell)
  shell.pc = shell.code.length
  return true
}

/** `break` and `continue`: out of so many loops, undoing redirections on the way. */
export function leaveLoops(call: Call, shell: ShellState, count: number, how: 'break' | 'continue'): void {
  let left = Math.max(1, count)
  for (let depth = shell.frames.length - 1; depth >= 0 && left > 0; depth--) {
    const frame = shell.frames[depth]!
    if (frame.kind === 'call' && frame.why === 'function') return
    if (frame.kind !== 'loop' || --left > 0) continue
    while (shell.frames.length > depth + 1) unwind(call, shell)
    shell.pc = how === 'break' ? frame.breakTo : frame.continueTo
  }
}

/** Drops the innermost frame, whatever it is. */
export function unwind(call: Call, shell: ShellState): void {
  const frame = shell.frames.at(-1)
  if (frame?.kind === 'call') endCode(shell)
  else if (frame?.kind === 'redirect') restore(call, shell)
  else shell.frames.pop()
}

/** Remembers the descriptors before redirections change them. */
export function saveDescriptors(call: Call, shell: ShellState): void {
  shell.frames.push({ kind: 'redirect', saved: copyDescriptors(call.kernel.state, call.process) })
}

/** Takes back the innermost redirections. */
export function restore(call: Call, shell: ShellState): void {
  const frame = shell.frames.pop()
  if (frame?.kind !== 'redirect') return
  closeAll(call.kernel, call.process)
  call.process.fds = new Map(frame.saved)
}
