import { release } from '../kernel/descriptors.ts'
import { isAlive, type Wait } from '../kernel/kernelState.ts'
import { reap } from '../kernel/processes.ts'
import type { Call } from '../kernel/tool.ts'
import { builtins } from './builtins.ts'
import { codeOf } from './jobs.ts'
import type { Resume, ShellState } from './shellState.ts'

/** Waits for processes; `resume` goes on with what is given here. */
export function waitFor(shell: ShellState, what: Resume): Wait {
  shell.resume = what
  if (what.kind === 'child' || what.kind === 'substitute') return { for: 'child', pid: what.pid }
  return { for: 'children', pids: what.kind === 'children' ? what.pids : [] }
}

/** Takes up what the shell was waiting for. A wait when it is not there yet. */
export function resume(call: Call, shell: ShellState): Wait | undefined {
  const waiting = shell.resume
  if (waiting === undefined) return undefined
  const { state } = call.kernel
  switch (waiting.kind) {
    case 'child':
      if (isAlive(state, waiting.pid)) return { for: 'child', pid: waiting.pid }
      shell.resume = undefined
      completed(call, shell, reap(state, waiting.pid) ?? 0, waiting.checked)
      return undefined
    case 'children': {
      if (waiting.pids.some((pid) => isAlive(state, pid))) return { for: 'children', pids: waiting.pids }
      shell.resume = undefined
      const codes = waiting.pids.map((pid) => reap(state, pid) ?? 0)
      const failed = shell.options.pipefail ? codes.findLast((code) => code !== 0) : undefined
      completed(call, shell, failed ?? codes.at(-1)!, waiting.checked)
      return undefined
    }
    case 'substitute':
      return takeResult(call, shell, waiting)
    case 'wait': {
      if (waiting.pids.some((pid) => isAlive(state, pid))) return { for: 'children', pids: waiting.pids }
      const own = state.processes.filter(({ parent }) => parent === call.process.pid).map(({ pid }) => pid)
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
  if (isAlive(state, waiting.pid)) return { for: 'child', pid: waiting.pid }
  shell.resume = undefined
  shell.resultStatus = reap(state, waiting.pid) ?? 0
  const handle = state.handles?.get(waiting.handle)
  const text = handle?.kind === 'capture' ? handle.text : ''
  release(call.kernel, waiting.handle)
  shell.results.push(text.replace(/\n+$/, ''))
  return undefined
}

/** A command's status is known: `set -e` may end the shell. */
export function completed(call: Call, shell: ShellState, status: number, checked: boolean): void {
  shell.status = status
  if (status !== 0 && shell.options.e && !checked && !shell.isQuiet) shell.isExiting = true
}

/** A command took its results of substitutions: so many go. */
export function dropResults(shell: ShellState, slots: number): void {
  if (slots > 0) shell.results.length = Math.max(0, shell.results.length - slots)
}
