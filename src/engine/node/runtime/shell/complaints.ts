import { complain } from '../kernel/io.ts'
import type { Call } from '../kernel/tool.ts'
import type { ShellState } from './shellState.ts'

/** How a shell starts its complaints: `sh: 1: `, `sh: `, `bash: line 1: `. */
export function shellPrefix(shell: ShellState, line: number): string {
  if (shell.flavour === 'ash') return `${shell.name}: `
  if (shell.flavour === 'dash') return `${shell.name}: ${line}: `
  return shell.reads ? `${shell.name}: ` : `${shell.name}: line ${line}: `
}

/** An error in the shell's own manner. */
export function fail(call: Call, shell: ShellState, name: string, message: string, status: number): number {
  complain(call, `${shellPrefix(shell, 1)}${name}: ${message}\n`)
  return status
}

/** The line of the script at which the shell stands. */
export function lineOf(shell: ShellState): number {
  const instruction = shell.code[Math.max(0, shell.pc - 1)]
  return instruction?.op === 'run' ? instruction.line : 1
}

/** What a shell says of a text that it cannot parse. */
export function syntaxWords(shell: ShellState, error: string): string {
  if (error.includes('quote'))
    return shell.flavour === 'bash'
      ? 'unexpected EOF while looking for matching `"\''
      : 'Syntax error: Unterminated quoted string'
  return shell.flavour === 'ash'
    ? `syntax error: ${error}`
    : shell.flavour === 'dash'
      ? `Syntax error: ${error}`
      : `syntax error: ${error}`
}

/** What a shell says of a file that a redirection could not open. */
export function openWords(shell: ShellState, isReading: boolean, name: string, error: string): string {
  if (shell.flavour === 'bash') return `${name}: ${error}`
  const reason =
    error === 'No such file or directory'
      ? shell.flavour === 'dash'
        ? isReading
          ? 'No such file'
          : 'Directory nonexistent'
        : isReading
          ? 'no such file'
          : 'nonexistent directory'
      : error
  if (shell.flavour === 'dash') return `cannot ${isReading ? 'open' : 'create'} ${name}: ${reason}`
  return `can't ${isReading ? 'open' : 'create'} ${name}: ${reason}`
}
