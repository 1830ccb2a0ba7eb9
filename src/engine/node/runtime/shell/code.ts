/**
 * A shell script compiled to frozen plain data: a flat list of instructions with jumps. A running shell is then a place in such a
 * list and a few stacks, which a checkpoint copies without ever visiting the script itself.
 */
export type Code = readonly Instruction[]

/** A script without an instruction. */
export const noCode: Code = Object.freeze([])

/** One step of a compiled script. `checked` marks what `set -e` overlooks: conditions and all but the last of `&&` and `||`. */
export type Instruction =
  | RunInstruction
  | { readonly op: 'substitute'; readonly code: Code }
  | { readonly op: 'jump'; readonly to: number }
  /** jumps by the last status: zero is success */
  | { readonly op: 'branch'; readonly on: 'success' | 'failure'; readonly to: number }
  | { readonly op: 'negate' }
  | { readonly op: 'status'; readonly value: number }
  | { readonly op: 'loop'; readonly continueTo: number; readonly breakTo: number }
  | { readonly op: 'for'; readonly name: string; readonly words: readonly Word[] | undefined; readonly slots: number }
  | { readonly op: 'next'; readonly to: number }
  | { readonly op: 'endLoop' }
  | {
      readonly op: 'case'
      readonly word: Word
      readonly slots: number
      readonly items: readonly CaseBranch[]
      readonly to: number
    }
  | {
      readonly op: 'pipeline'
      readonly stages: readonly Code[]
      readonly withErrors: readonly boolean[]
      readonly checked: boolean
    }
  | { readonly op: 'background'; readonly code: Code; readonly text: string }
  | { readonly op: 'subshell'; readonly code: Code; readonly checked: boolean }
  | { readonly op: 'function'; readonly name: string; readonly code: Code }
  | { readonly op: 'redirect'; readonly redirects: readonly Redirect[]; readonly slots: number; readonly to: number }
  | { readonly op: 'restore' }
  | { readonly op: 'arithmetic'; readonly expression: Arithmetic; readonly slots: number; readonly checked: boolean }
  | { readonly op: 'test'; readonly expression: Condition; readonly slots: number; readonly checked: boolean }

/** A simple command: assignments, words, redirections. */
export interface RunInstruction {
  readonly op: 'run'
  readonly words: readonly Word[]
  readonly assignments: readonly Assignment[]
  readonly redirects: readonly Redirect[]
  /** how many results of command substitutions it takes */
  readonly slots: number
  readonly checked: boolean
  /** nothing follows it in the script: its process may take the shell's place */
  readonly isLast: boolean
  readonly line: number
}

export interface CaseBranch {
  readonly patterns: readonly Word[]
  readonly to: number
}

export interface Assignment {
  readonly name: string
  readonly index?: Word
  readonly append: boolean
  readonly value: Word | readonly Word[]
  readonly isList: boolean
}

export interface Redirect {
  readonly operator: '>' | '>>' | '<' | '<>' | '<&' | '>&' | '>|' | '&>' | '&>>' | '<<' | '<<<'
  readonly fd: number
  readonly target: Word
}

/** A word before expansion; parts follow each other without a gap. */
export type Word = readonly Part[]

export type Part =
  | { readonly type: 'text'; readonly value: string; readonly quoted: boolean }
  | { readonly type: 'glob'; readonly value: string }
  | { readonly type: 'home' }
  | VariablePart
  /** the result of the slot-th command substitution run before the command */
  | { readonly type: 'result'; readonly slot: number; readonly quoted: boolean }
  | { readonly type: 'arithmetic'; readonly expression: Arithmetic; readonly quoted: boolean }

export interface VariablePart {
  readonly type: 'variable'
  readonly name: string
  readonly quoted: boolean
  readonly prefix?: '!' | '#'
  readonly index?: Word
  readonly operator?: string
  readonly operand?: Word
  readonly second?: Word
}

export type Arithmetic =
  | { readonly type: 'binary'; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Arithmetic; readonly prefix: boolean }
  | { readonly type: 'choice'; readonly test: Arithmetic; readonly yes: Arithmetic; readonly no: Arithmetic }
  | { readonly type: 'word'; readonly word: Word }

/** What stands between `[[` and `]]`. */
export type Condition =
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Word }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly type: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly type: 'not'; readonly operand: Condition }
