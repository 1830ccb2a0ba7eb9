import type { Code } from './code.ts'
import type { Job } from './jobs.ts'

/** A running shell as plain data: where it stands in which script, and what it remembers. */
export interface ShellState {
  /** which shell it imitates: its words for errors, its arrays */
  readonly flavour: ShellFlavour
  code: Code
  pc: number
  frames: Frame[]
  /** results of command substitutions that the next command takes */
  results: string[]
  status: number
  /** how the last command substitution ended: the status of `x=$(…)` */
  resultStatus: number
  variables: Map<string, Variable>
  functions: Map<string, Code>
  /** $0, and $1 … */
  name: string
  parameters: readonly string[]
  options: Record<string, boolean>
  traps: Record<string, string>
  lastBackground: number
  /** what was sent to the background and not yet told to be over */
  jobs: Job[]
  /** the parent shell's pid, which is what $$ says in subshells too */
  readonly ownPid: number
  /** the exported variables as programs see them; undefined when a change made it stale */
  environment: Readonly<Record<string, string>> | undefined
  resume: Resume | undefined
  /** reads commands from its input, line by line; with a prompt where there is a terminal */
  reads: boolean
  prompts: boolean
  pendingText: string
  isExiting: boolean
  isQuiet: boolean
  started: number
}

export type ShellFlavour = 'dash' | 'ash' | 'bash'

/** Frozen: forks of a shell share it. */
export interface Variable {
  readonly value: string
  readonly list?: readonly string[]
  readonly isExported?: boolean
  readonly isReadonly?: boolean
}

/** What a shell stands in the middle of, innermost last. */
export type Frame =
  | {
      kind: 'loop'
      continueTo: number
      breakTo: number
      items: readonly string[]
      index: number
      name: string
      isEndless: boolean
    }
  | { kind: 'redirect'; saved: Map<number, number> }
  | {
      kind: 'call'
      why: 'function' | 'source' | 'eval' | 'trap'
      code: Code
      pc: number
      parameters: readonly string[]
      locals: Map<string, Variable | undefined>
      isQuiet: boolean
      status: number
      results: string[]
    }

/** What a shell goes on with once what it waits for has come. */
export type Resume =
  | { kind: 'child'; pid: number; checked: boolean }
  | { kind: 'children'; pids: readonly number[]; checked: boolean }
  | { kind: 'substitute'; pid: number; handle: number }
  | { kind: 'wait'; pids: readonly number[] }
  | { kind: 'read'; args: readonly string[] }

/** No words at all: shared, so that shells without parameters are alike. */
export const noWords: readonly string[] = Object.freeze([])

/** Who refuses to expand: an unset variable under `set -u`, `${x:?}`, a bad number. The shell prints it and may end. */
export class ShellError extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

/** A variable's value; positional and special ones included. */
export function valueOf(shell: ShellState, name: string): string | undefined {
  const variable = shell.variables.get(name)
  if (variable !== undefined) return variable.list ? variable.list[0] : variable.value
  return specialValue(shell, name)
}

function specialValue(shell: ShellState, name: string): string | undefined {
  if (name.length === 1) {
    switch (name) {
      case '?':
        return String(shell.status)
      case '$':
        return String(shell.ownPid)
      case '#':
        return String(shell.parameters.length)
      case '!':
        return shell.lastBackground === 0 ? '' : String(shell.lastBackground)
      case '0':
        return shell.name
      case '@':
      case '*':
        return shell.parameters.length === 0 ? undefined : shell.parameters.join(' ')
      case '-':
        return Object.keys(shell.options)
          .filter((option) => option.length === 1 && shell.options[option])
          .join('')
    }
  }
  return /^[1-9]\d*$/.test(name) ? shell.parameters[Number(name) - 1] : undefined
}

/** Gives a variable a value; it stays exported if it was. */
export function assign(shell: ShellState, name: string, value: string): void {
  const old = shell.variables.get(name)
  if (old?.isReadonly)
    throw new ShellError(shell.flavour === 'bash' ? `${name}: readonly variable` : `${name}: is read only`, 2)
  const isExported = old?.isExported === true || shell.options.a === true
  shell.variables.set(name, Object.freeze(isExported ? { value, isExported } : { value }))
  if (isExported) shell.environment = undefined
}

/** Gives an array its elements. */
export function assignList(shell: ShellState, name: string, list: readonly string[]): void {
  shell.variables.set(name, Object.freeze({ value: list[0] ?? '', list: Object.freeze([...list]) }))
}

/** Marks a variable for the environment of programs. */
export function exportVariable(shell: ShellState, name: string, isExported = true): void {
  const old = shell.variables.get(name)
  shell.variables.set(name, Object.freeze({ ...old, value: old?.value ?? '', isExported }))
  shell.environment = undefined
}

/** What programs started now see. */
export function environmentOf(shell: ShellState): Readonly<Record<string, string>> {
  if (shell.environment === undefined) {
    const environment: Record<string, string> = {}
    for (const [name, { value, isExported }] of shell.variables) if (isExported) environment[name] = value
    shell.environment = Object.freeze(environment)
  }
  return shell.environment
}
