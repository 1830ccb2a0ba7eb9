import { complain } from '../kernel/io.ts'
import type { Call, Step } from '../kernel/tool.ts'
import { lineOf, shellPrefix } from './complaints.ts'
import { endCode, unwind } from './frames.ts'
import { perform } from './perform.ts'
import { nextLine } from './readCommands.ts'
import { resume } from './resume.ts'
import { ShellError, type ShellState } from './shellState.ts'
import { abandon, finish, runTraps } from './traps.ts'

const turnSteps = 200

/** Runs a shell until it ends, waits, or has had its turn. What refuses to expand ends the script, or only the line that was typed. */
export function interpretScript(call: Call, shell: ShellState): Step {
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
