import { toText, type Bytes } from './bytes.ts'
import { evaluatePipe } from './evaluate.ts'
import { TemplateError } from './failure.ts'
import type { BranchNode, CallNode, TemplateNode } from './nodes.ts'
import type { Templates } from './parse.ts'
import { noValue } from './functions.ts'
import { sprint, sprintHeld } from './print.ts'
import { quote } from './quote.ts'
import { complain, spend, stepCost, variableOf, type Frame, type State } from './state.ts'
import { box, int, isInteger, isTrue, itemAt, unbox, type GoInteger, type Held, type Value } from './values.ts'

// upstream: Go's text/template/exec.go
// Templates and blocks wait in `state.frames`, not on the stack, so that a template may call itself as often as Go allows.

/** What came of a template: what it wrote, and what stopped it. */
export interface Executed {
  readonly text: string
  readonly error: TemplateError | undefined
}

/** Carries out the template of a name. */
export function execute(templates: Templates, text: Bytes, name: Bytes, data: Held, isStrict: boolean): Executed {
  const state: State = {
    parseName: name,
    text,
    templates,
    isStrict,
    name,
    node: undefined,
    variables: [{ name: '$', value: data ?? undefined }],
    frames: [{ type: 'list', nodes: templates.get(name)!, at: 0, dot: data ?? undefined, mark: 1 }],
    depth: 0,
    output: [],
    work: 0,
  }
  try {
    for (let frame = state.frames.at(-1); frame !== undefined; frame = state.frames.at(-1)) goOn(state, frame)
    return { text: toText(state.output.join('')), error: undefined }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { text: toText(state.output.join('')), error }
  }
}

function goOn(state: State, frame: Frame): void {
  spend(state, stepCost)
  if (frame.type === 'return') {
    state.frames.pop()
    state.name = frame.name
    state.variables = frame.variables
    state.depth--
  } else if (frame.type === 'list') {
    const node = frame.nodes[frame.at++]
    if (node === undefined) leave(state)
    else step(state, node, frame.dot)
  } else if (frame.at < frame.count) {
    frame.turn(frame.at++)
  } else leave(state)
}

/** Ends the innermost block, and forgets its variables. */
function leave(state: State): Frame | undefined {
  const frame = state.frames.pop()
  if (frame !== undefined && frame.type !== 'return') state.variables.length = frame.mark
  return frame
}

function enter(state: State, nodes: readonly TemplateNode[], dot: Value, mark: number): void {
  state.frames.push({ type: 'list', nodes, at: 0, dot, mark })
}

function step(state: State, node: TemplateNode, dot: Value): void {
  state.node = node
  switch (node.type) {
    case 'text':
      return emit(state, node.text)
    case 'action': {
      const value = evaluatePipe(state, dot, node.pipe)
      state.node = node
      if (node.pipe.declared.length === 0) emit(state, textOf(value))
      return
    }
    case 'if':
    case 'with':
      return stepIf(state, node, dot)
    case 'range':
      return stepRange(state, node, dot)
    case 'template':
      return stepCall(state, node, dot)
    // the parser lets neither stand outside of a range
    case 'break':
      while (leave(state)?.type !== 'range');
      return
    case 'continue':
      while (state.frames.at(-1)?.type !== 'range') leave(state)
  }
}

function emit(state: State, text: Bytes): void {
  spend(state, text.length)
  state.output.push(text)
}

function textOf(value: Value): Bytes {
  const inner = unbox(value)
  return inner === undefined ? noValue : sprint([inner])
}

function stepIf(state: State, node: BranchNode, dot: Value): void {
  const mark = state.variables.length
  const value = evaluatePipe(state, dot, node.pipe)
  if (isTrue(value)) enter(state, node.body, node.type === 'with' ? value : dot, mark)
  else if (node.otherwise !== undefined) enter(state, node.otherwise, dot, mark)
  else state.variables.length = mark
}

function stepRange(state: State, node: BranchNode, dot: Value): void {
  const mark = state.variables.length
  const value = unbox(evaluatePipe(state, dot, node.pipe))
  const turns = turnsOf(state, node, value)
  if (turns.count > 0) {
    const inner = state.variables.length
    const turn = (at: number): void => {
      const [key, item] = turns.itemAt(at)
      bind(state, node, key, item)
      enter(state, node.body, item, inner)
    }
    state.frames.push({ type: 'range', count: turns.count, at: 0, turn, mark })
  } else if (node.otherwise !== undefined) enter(state, node.otherwise, dot, mark)
  else state.variables.length = mark
}

interface Turns {
  readonly count: number
  readonly itemAt: (at: number) => readonly [key: Value, item: Value]
}

function turnsOf(state: State, { pipe }: BranchNode, value: Exclude<Value, { type: 'interface {}' }>): Turns {
  if (value === undefined) return { count: 0, itemAt: () => [undefined, undefined] }
  if (isInteger(value)) {
    if (pipe.declared.length > 1)
      throw complain(state, `can't use ${value.value} to iterate over more than one variable`)
    const { type } = value
    return { count: Number(value.value), itemAt: (at) => [undefined, { type, value: BigInt(at) } satisfies GoInteger] }
  }
  if (typeof value === 'object' && value.type === '[]interface {}')
    return { count: value.length, itemAt: (at) => [int(at), box(itemAt(value, at))] }
  if (typeof value === 'object' && value.type === 'map[string]interface {}') {
    const entries = [...value.entries]
    spend(state, entries.length)
    return { count: entries.length, itemAt: (at) => [entries[at]![0], box(entries[at]![1])] }
  }
  throw complain(state, `range can't iterate over ${sprintHeld(value)}`)
}

/** Gives the variables of a range what a turn brings: the key and the item, or the item alone. */
function bind(state: State, { pipe }: BranchNode, key: Value, item: Value): void {
  const { declared, isAssign } = pipe
  const values = declared.length > 1 ? [key, item] : [item]
  declared.forEach(({ idents }, index) => {
    const { variables } = state
    const variable = isAssign ? variableOf(state, idents[0]!) : variables[variables.length - declared.length + index]!
    variable.value = values[index]
  })
}

/** How deep templates may call each other. */
const depthMax = 100_000

function stepCall(state: State, node: CallNode, dot: Value): void {
  const nodes = state.templates.get(node.name)
  if (nodes === undefined) throw complain(state, `template ${quote(node.name)} not defined`)
  if (state.depth === depthMax) throw complain(state, `exceeded maximum template depth (${depthMax})`)
  const value = node.pipe === undefined ? undefined : evaluatePipe(state, dot, node.pipe)
  state.frames.push({ type: 'return', name: state.name, variables: state.variables })
  state.name = node.name
  state.variables = [{ name: '$', value }]
  state.depth++
  enter(state, nodes, value, 1)
}
