import { checkCel, type Scope } from './check.ts'
import { evaluate, type Budget, type Frame } from './evaluate.ts'
import { formatIssues, isIssue, parseCel, type Node } from './parse.ts'
import type { CelType } from './types.ts'
import type { Value } from './values.ts'

/** An expression that was read and checked; `error` says in Go's words why it cannot be used. */
export interface Program {
  readonly expression: string
  readonly type: CelType
  readonly error?: string
  /** Whether the expression speaks of a name. */
  readonly mentions: (name: string) => boolean
  /** Throws a CelError for what cannot be worked out. */
  readonly run: (frame: Frame, budget?: Budget) => Value
}

/** How many steps one expression may take. upstream limits a cost of its own (PerCallLimit) */
const stepsMax = 200_000

/** Reads and checks an expression over names of known types. */
export function compile(expression: string, scope: Scope): Program {
  const node = parseCel(expression)
  const { type, issues } = checkCel(node, scope)
  const error = issues.length === 0 ? undefined : `compilation failed: ${formatIssues(expression, issues)}`
  return {
    expression,
    type,
    ...(error !== undefined && { error }),
    mentions: (name) => !isIssue(node) && speaksOf(node, name),
    run: (frame, budget = { steps: stepsMax }) => evaluate(node as Node, frame, budget),
  }
}

function speaksOf(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((one) => speaksOf(one, name))
  if (typeof node !== 'object' || node === null || !('op' in node)) return false
  const { op, args } = node as { readonly op: string; readonly args: unknown }
  return op === 'id' ? args === name : speaksOf(args, name)
}
