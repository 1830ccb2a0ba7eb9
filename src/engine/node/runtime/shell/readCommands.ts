import { readLine } from '../kernel/descriptors.ts'
import { complain, print, surroundingsOf } from '../kernel/io.ts'
import type { Call, Step } from '../kernel/tool.ts'
import type { Code } from './code.ts'
import { compileScript, hasOpenHereDocument } from './compile.ts'
import { shellPrefix, syntaxWords } from './complaints.ts'
import { tellEnded } from './jobs.ts'
import { valueOf, type ShellState } from './shellState.ts'
import { finish } from './traps.ts'

/** Reads the next line of a shell that reads its commands: prompts, and waits for more while a command is open. */
export function nextLine(call: Call, shell: ShellState): Step | undefined {
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
  const about = surroundingsOf(call)
  const mark = about.user.uid === 0 ? '#' : '$'
  if (shell.flavour === 'dash') return `${mark} `
  const home = valueOf(shell, 'HOME')
  const place = call.process.cwd === home ? '~' : call.process.cwd
  if (shell.flavour === 'ash') return `${place} ${mark} `
  return `${about.user.name || 'I have no name!'}@${about.hostname}:${place}${mark} `
}
