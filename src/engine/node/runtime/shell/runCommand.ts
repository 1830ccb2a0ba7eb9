import { complain } from '../kernel/io.ts'
import type { Wait } from '../kernel/kernelState.ts'
import type { Call } from '../kernel/tool.ts'
import { applyAssignment, assignOnly } from './assignments.ts'
import { builtins, describeCommands } from './builtins.ts'
import type { Code, RunInstruction } from './code.ts'
import { expandText, expandWords } from './expand.ts'
import { execute, external } from './external.ts'
import { framesMax, restore, saveDescriptors, startCode } from './frames.ts'
import { expansionHost } from './paths.ts'
import { redirect } from './redirect.ts'
import { completed, dropResults } from './resume.ts'
import { ShellError, type ShellState } from './shellState.ts'

/** Runs a simple command: assignments alone, `exec`, a function, a builtin, or a program. */
export function runCommand(call: Call, shell: ShellState, instruction: RunInstruction): Wait | undefined {
  const words = expandWords(instruction.words, shell, expansionHost(call))
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

function traceCommand(call: Call, shell: ShellState, instruction: RunInstruction, words: readonly string[]): void {
  const quoted = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`))
  const plain = instruction.assignments.filter(({ isList }) => !isList)
  const assignments = plain.map(
    (one) => `${one.name}=${expandText(one.value as RunInstruction['words'][number], shell)}`,
  )
  complain(call, `+ ${[...assignments, ...quoted].join(' ')}\n`)
}
