import { copyDescriptors, openPipe, setDescriptor } from '../kernel/descriptors.ts'
import { open, retain } from '../kernel/handles.ts'
import type { Wait } from '../kernel/kernelState.ts'
import { startProcess } from '../kernel/processes.ts'
import type { Call } from '../kernel/tool.ts'
import type { Code, Instruction } from './code.ts'
import { waitFor } from './resume.ts'
import type { ShellState } from './shellState.ts'

/** A copy of the shell that runs some code: a subshell, a background job, a pipeline's stage. Its pid. */
export function fork(
  call: Call,
  shell: ShellState,
  code: Code,
  how: { stdin?: number; stdout?: number; stderr?: boolean; background?: boolean } = {},
): number {
  const { kernel, process } = call
  const fds = copyDescriptors(kernel.state, process)
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
    retain(kernel.state, how.stdout)
    setDescriptor(kernel, child, 2, how.stdout)
  }
  if (how.background && how.stdin === undefined)
    setDescriptor(kernel, child, 0, open(kernel.state, { kind: 'null', refs: 1 }))
  return child.pid
}

/** Starts a command substitution: a copy of the shell whose output is kept. */
export function substitute(call: Call, shell: ShellState, code: Code): Wait {
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

/** Starts the stages of a pipeline, each a copy of the shell. */
export function pipeline(call: Call, shell: ShellState, instruction: Extract<Instruction, { op: 'pipeline' }>): Wait {
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
