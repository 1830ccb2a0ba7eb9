import type { Bytes } from './bytes.ts'
import { CallError } from './failure.ts'
import { functions, refuseCall, type GoFunction, type Parameter } from './functions.ts'
import { nodeText, type AnyNode, type CommandNode, type NumberNode, type Operand, type PipeNode } from './nodes.ts'
import { quote } from './quote.ts'
import { complain, spend, stepCost, variableOf, type State } from './state.ts'
import { isBoxed, isTrue, typeName, unbox, type Boxed, type Concrete, type Value } from './values.ts'

// upstream: Go's text/template/exec.go

/** What comes of the command before, handed on; `hasFinal` is false for the first of all. */
interface Final {
  readonly value: Value
  readonly hasFinal: boolean
}

const nothing: Final = { value: undefined, hasFinal: false }

/** What a pipeline comes to, out of its `interface {}`; its variables are declared, or get it. */
export function evaluatePipe(state: State, dot: Value, pipe: PipeNode): Value {
  state.node = pipe
  let final = nothing
  for (const command of pipe.commands) {
    spend(state, stepCost)
    final = { value: unbox(evaluateCommand(state, dot, command, final)), hasFinal: true }
  }
  for (const { idents } of pipe.declared) {
    const [name] = idents as [Bytes]
    if (pipe.isAssign) variableOf(state, name).value = final.value
    else state.variables.push({ name, value: final.value })
  }
  return final.value
}

function evaluateCommand(state: State, dot: Value, command: CommandNode, final: Final): Value {
  const { args } = command
  const first = args[0]!
  switch (first.type) {
    case 'field':
    case 'chain':
    case 'variable':
      return evaluateFields(state, dot, first, args, final)
    case 'identifier':
      return callFunction(state, dot, first.ident, { node: first, at: command, args: args.slice(1), final })
    case 'pipe':
      refuseArguments(state, args, final)
      return evaluatePipe(state, dot, first)
  }
  state.node = first
  refuseArguments(state, args, final)
  if (first.type === 'nil') throw complain(state, 'nil is not a command')
  return constant(state, dot, first)
}

type Constant = Exclude<Operand, { type: 'field' | 'chain' | 'variable' | 'identifier' | 'pipe' | 'nil' }>

function constant(state: State, dot: Value, node: Exclude<Constant, { type: 'nil' }>): Value {
  state.node = node
  switch (node.type) {
    case 'number':
      return numberOf(state, node)
    case 'bool':
    case 'string':
      return node.value
    default:
      return dot
  }
}

/** A number's type follows from how it is written. */
function numberOf(state: State, { text, int, float, complex }: NumberNode): Value {
  if (complex !== undefined) return { type: 'complex128', real: complex[0], imaginary: complex[1] }
  const isHex = /^0[xX].[^pP]*$/.test(text)
  const isFraction = !isHex && !text.startsWith("'") && /[.eEpP]/.test(text)
  if (float !== undefined && isFraction) return { type: 'float64', value: float }
  if (int === undefined) throw complain(state, `${text} overflows int`)
  return { type: 'int', value: int }
}

function refuseArguments(state: State, args: readonly Operand[], final: Final): void {
  if (args.length > 1 || final.hasFinal)
    throw complain(state, `can't give argument to non-function ${nodeText(args[0]!)}`)
}

type FieldsNode = Extract<Operand, { type: 'field' | 'chain' | 'variable' }>

/** Follows `.a.b`, `$x.a` or `(…).a`. */
function evaluateFields(state: State, dot: Value, node: FieldsNode, args: readonly Operand[], final: Final): Value {
  state.node = node
  if (node.type === 'variable') {
    const { value } = variableOf(state, node.idents[0]!)
    if (node.idents.length === 1) refuseArguments(state, args.length > 0 ? args : [node], final)
    return follow(state, node, value, node.idents.slice(1), args, final)
  }
  if (node.type === 'field') return follow(state, node, dot, node.idents, args, final)
  const receiver = evaluateArgument(state, dot, undefined, node.node)
  return follow(state, node, receiver, node.fields, args, final)
}

function follow(
  state: State,
  node: AnyNode,
  receiver: Value,
  fields: readonly Bytes[],
  args: readonly Operand[],
  final: Final,
): Value {
  const hasArguments = args.length > 1 || final.hasFinal
  return fields.reduce(
    (value, field, index) => fieldOf(state, value, field, hasArguments && index === fields.length - 1),
    receiver,
  )
}

function fieldOf(state: State, receiver: Value, field: Bytes, hasArguments: boolean): Value {
  if (receiver === undefined) {
    if (state.isStrict) throw complain(state, `nil data; no entry for key ${quote(field)}`)
    return undefined
  }
  const inner = unbox(receiver)
  if (inner === undefined) throw complain(state, `nil pointer evaluating interface {}.${field}`)
  if (typeof inner !== 'object' || inner.type !== 'map[string]interface {}')
    throw complain(state, `can't evaluate field ${field} in type ${typeName(receiver)}`)
  if (hasArguments) throw complain(state, `${field} is not a method but has arguments`)
  const found = inner.entries.get(field)
  if (found !== undefined) return { type: 'interface {}', value: found }
  if (state.isStrict) throw complain(state, `map has no entry for key ${quote(field)}`)
  return undefined
}

/** How a function is called. */
interface Calling {
  /** the function's name */
  readonly node: AnyNode
  /** what a complaint of the function is about */
  readonly at: AnyNode
  readonly args: readonly Operand[]
  readonly final: Final
}

function callFunction(state: State, dot: Value, name: Bytes, calling: Calling): Value {
  const { node, at, args, final } = calling
  state.node = node
  const known = functions.get(name)!
  checkCount(state, name, known, calling)
  if (name === 'and' || name === 'or') return evaluateLogic(state, dot, name, args, final)
  const values = args.map((arg, index) => evaluateArgument(state, dot, parameterOf(known, index), arg))
  if (final.hasFinal) values.push(validate(state, final.value, parameterOf(known, args.length)))
  try {
    if (name === 'call')
      throw refuseCall(args[0] === undefined ? shownFinal(final.value) : nodeText(args[0]), values[0])
    return spent(state, known.run(...values), values)
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    state.node = at
    throw complain(state, `error calling ${name}: ${error.message}`)
  }
}

function spent(state: State, result: Value, args: readonly Value[]): Value {
  for (const value of [result, ...args.map(unbox)]) if (typeof value === 'string') spend(state, value.length)
  return result
}

/** How a value that was handed on calls itself. */
function shownFinal(value: Value): Bytes {
  if (typeof value === 'string') return value
  return value === undefined ? '<invalid Value>' : `<${typeName(value)} Value>`
}

function parameterOf({ fixed, variadic }: GoFunction, index: number): Parameter {
  return fixed[index] ?? variadic!
}

function checkCount(state: State, name: Bytes, { fixed, variadic }: GoFunction, { args, final }: Calling): void {
  const count = args.length + (final.hasFinal ? 1 : 0)
  if (variadic === undefined && count !== fixed.length)
    throw complain(state, `wrong number of args for ${name}: want ${fixed.length} got ${count}`)
  if (count < fixed.length)
    throw complain(state, `wrong number of args for ${name}: want at least ${fixed.length} got ${args.length}`)
}

// What comes after the value that decides is not looked at.
function evaluateLogic(state: State, dot: Value, name: 'and' | 'or', args: readonly Operand[], final: Final): Value {
  let value: Value
  for (const arg of args) {
    value = evaluateArgument(state, dot, 'reflect.Value', arg)
    if (isTrue(value) === (name === 'or')) return value
  }
  return final.hasFinal ? final.value : value
}

/** An argument as its parameter takes it; without a parameter, as it is. */
function evaluateArgument(state: State, dot: Value, parameter: Parameter | undefined, node: Operand): Value {
  state.node = node
  switch (node.type) {
    case 'dot':
      return validate(state, dot, parameter)
    case 'nil':
      if (parameter === 'string') throw complain(state, 'cannot assign nil to string')
      return undefined
    case 'field':
    case 'variable':
    case 'chain':
      return validate(state, evaluateFields(state, dot, node, [], nothing), parameter)
    case 'pipe':
      return validate(state, evaluatePipe(state, dot, node), parameter)
    case 'identifier': {
      const calling = { node, at: node, args: [], final: nothing }
      return validate(state, callFunction(state, dot, node.ident, calling), parameter)
    }
  }
  if (parameter === 'string' && node.type !== 'string')
    throw complain(state, `expected string; found ${nodeText(node)}`)
  return constant(state, dot, node)
}

/** Sees that a value fits a parameter: anything does, but where a string is asked for. */
function validate(state: State, value: Value, parameter: Parameter | undefined): Value {
  if (parameter !== 'string' || typeof value === 'string') return value
  if (value === undefined) throw complain(state, 'invalid value; expected string')
  const inner: Concrete | Boxed = (isBoxed(value) ? value.value : value) ?? value
  if (typeof inner === 'string') return inner
  throw complain(state, `wrong type for value; expected string; got ${typeName(inner)}`)
}
