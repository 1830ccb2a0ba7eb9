import type { Call } from '../kernel/tool.ts'
import { evaluate } from './arithmetic.ts'
import type { Assignment, RunInstruction } from './code.ts'
import { expandText, expandWords, joined } from './expand.ts'
import { restore, saveDescriptors } from './frames.ts'
import { expansionHost } from './paths.ts'
import { redirect } from './redirect.ts'
import { completed, dropResults } from './resume.ts'
import { assign, assignList, environmentOf, ShellError, valueOf, type ShellState } from './shellState.ts'

/** A command without a name: its redirections are tried, its assignments stay. The status is that of its last substitution. */
export function assignOnly(call: Call, shell: ShellState, instruction: RunInstruction): undefined {
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

/** Does one assignment: a variable, a list, or an element of one. */
export function applyAssignment(shell: ShellState, one: Assignment, call: Call): void {
  if (one.isList) {
    if (shell.flavour === 'dash') throw new ShellError('Syntax error: "(" unexpected', 2)
    const list = expandWords(one.value as RunInstruction['words'], shell, expansionHost(call))
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

/** The environment of a program with the assignments before its name. */
export function environmentWith(
  call: Call,
  shell: ShellState,
  instruction: RunInstruction,
): Readonly<Record<string, string>> {
  if (instruction.assignments.length === 0) return environmentOf(shell)
  const own: Record<string, string> = { ...environmentOf(shell) }
  for (const one of instruction.assignments) {
    if (!one.isList) own[one.name] = expandText(one.value as RunInstruction['words'][number], shell)
  }
  return Object.freeze(own)
}
