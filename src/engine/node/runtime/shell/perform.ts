import { complain } from '../kernel/io.ts'
import type { Wait } from '../kernel/kernelState.ts'
import type { Call } from '../kernel/tool.ts'
import { evaluate } from './arithmetic.ts'
import type { Instruction } from './code.ts'
import { shellPrefix } from './complaints.ts'
import { isTrue } from './conditions.ts'
import { expandPattern, expandText, expandWords } from './expand.ts'
import { fork, pipeline, substitute } from './fork.ts'
import { framesMax, restore, saveDescriptors } from './frames.ts'
import { globExpression } from './glob.ts'
import { addJob } from './jobs.ts'
import { expansionHost } from './paths.ts'
import { redirect } from './redirect.ts'
import { completed, dropResults, waitFor } from './resume.ts'
import { runCommand } from './runCommand.ts'
import { assign, noWords, ShellError, type ShellState } from './shellState.ts'

/** Does one instruction. A wait when what comes next depends on processes it started. */
export function perform(call: Call, shell: ShellState, instruction: Instruction): Wait | undefined {
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
        instruction.words ? expandWords(instruction.words, shell, expansionHost(call)) : [...shell.parameters],
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
