import type { Bytes } from './bytes.ts'
import { TemplateError } from './failure.ts'
import { nodeText, type AnyNode, type TemplateNode } from './nodes.ts'
import type { Templates } from './parse.ts'
import { quote } from './quote.ts'
import type { Value } from './values.ts'

/** A variable and what it holds. */
export interface Variable {
  readonly name: Bytes
  value: Value
}

/** What is being carried out, and what waits for it. */
export type Frame =
  | {
      readonly type: 'list'
      readonly nodes: readonly TemplateNode[]
      at: number
      readonly dot: Value
      /** how many variables are left after it */
      readonly mark: number
    }
  | {
      readonly type: 'range'
      readonly count: number
      at: number
      /** carries out one turn */
      readonly turn: (at: number) => void
      readonly mark: number
    }
  | { readonly type: 'return'; readonly name: Bytes; readonly variables: Variable[] }

/** The execution of a template. */
export interface State {
  /** in complaints, of the text */
  readonly parseName: Bytes
  readonly text: Bytes
  readonly templates: Templates
  /** that a key is missing is an error, not nil */
  readonly isStrict: boolean
  /** of the template that is being carried out */
  name: Bytes
  /** what a complaint is about */
  node: AnyNode | undefined
  variables: Variable[]
  readonly frames: Frame[]
  depth: number
  readonly output: Bytes[]
  /** what was done till now; see `spend` */
  work: number
}

/** A complaint about the node the state is at. */
export function complain(state: State, message: Bytes): TemplateError {
  const { node, name, parseName, text } = state
  if (node === undefined) return new TemplateError(`template: ${name}: ${message}`)
  const before = text.slice(0, node.pos)
  const line = before.split('\n').length
  const column = node.pos - (before.lastIndexOf('\n') + 1)
  return new TemplateError(
    `template: ${parseName}:${line}:${column}: executing ${quote(name)} at <${nodeText(node)}>: ${message}`,
  )
}

/** What one step costs; a byte that is written or read by a function costs 1. */
export const stepCost = 30

const workMax = 30_000_000

/** Counts work. Throws a TemplateError when a template does more than any good one: a million steps, or 30 MB. */
// differs: Go goes on for as long as somebody waits
export function spend(state: State, cost: number): void {
  state.work += cost
  if (state.work > workMax) throw complain(state, 'the template takes too long')
}

/** The variable of a name that was declared last. Throws a TemplateError where none was, which an `=` may run into. */
export function variableOf(state: State, name: Bytes): Variable {
  const { variables } = state
  const at = variables.findLastIndex((variable) => variable.name === name)
  spend(state, 10 * (variables.length - at))
  if (at < 0) throw complain(state, `undefined variable: ${name}`)
  return variables[at]!
}
