import { isIssue, isBinary, placeOf, type Issue, type Node } from './parse.ts'
import { functions, type Overload } from './functions/index.ts'
import {
  bool,
  bytes,
  double,
  dyn,
  errorType,
  formatType,
  int,
  isAssignable,
  isSameType,
  joined,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  string,
  substitute,
  typeType,
  uint,
  type Bindings,
  type CelType,
} from './types.ts'
import { goPatternError } from './goPattern.ts'
import { typeNames, unescapeName } from './names.ts'
import { isMoment, parseDuration } from './values.ts'

/** Names and their types. */
export type Scope = ReadonlyMap<string, CelType>

interface Checker {
  readonly issues: Issue[]
  /** inside the arguments of `format`, whose types may differ */
  readonly isFree: boolean
}

/** The type of an expression, and what is wrong with it. */
export function checkCel(
  node: Node | Issue,
  scope: Scope,
): { readonly type: CelType; readonly issues: readonly Issue[] } {
  if (isIssue(node)) return { type: errorType, issues: [node] }
  const checker: Checker = { issues: [], isFree: false }
  const type = typeOf(node, scope, checker)
  return { type, issues: checker.issues.toSorted((a, b) => a.at - b.at) }
}

function report({ issues }: Checker, at: number, text: string): CelType {
  issues.push({ at, text })
  return errorType
}

function typeOf(node: Node, scope: Scope, checker: Checker): CelType {
  if (isBinary(node)) return operator(node, node.op, node.args as readonly Node[], scope, checker)
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return scope.get(node.args) ?? named(node, scope, checker)
    case '.':
    case '.?':
      return selected(node, scope, checker)
    case '[]':
      return operator(node, '[]', node.args, scope, checker)
    case '[?]':
      return optionalOf(operator(node, '[]', node.args, scope, checker))
    case '!_':
    case '-_':
      return call(node, node.op, [typeOf(node.args, scope, checker)], false, checker)
    case '?:':
      return operator(node, '?:', node.args, scope, checker)
    case 'list':
      return listOf(common(node.args, scope, checker))
    case 'map':
      return mapOf(
        common(
          node.args.map(([key]) => key),
          scope,
          checker,
        ),
        common(
          node.args.map(([, value]) => value),
          scope,
          checker,
        ),
      )
    case 'call':
      return called(node, scope, checker)
    case 'rcall':
      return memberCalled(node, scope, checker)
    default:
      return dyn
  }
}

function literal(value: unknown): CelType {
  if (value === null) return nullType
  if (typeof value === 'bigint') return int
  if (typeof value === 'number') return double
  if (typeof value === 'string') return string
  if (typeof value === 'boolean') return bool
  return value instanceof Uint8Array ? bytes : uint
}

function named(node: Extract<Node, { op: 'id' }>, _: Scope, checker: Checker): CelType {
  if (typeNames.has(node.args)) return typeType
  return report(checker, node.start, `undeclared reference to '${node.args}' (in container '')`)
}

/** The type of all members of a list or map, which must be the same. */
// upstream: cel-go HomogeneousAggregateLiterals and its validator; what is to be formatted is free
function common(nodes: readonly Node[], scope: Scope, checker: Checker): CelType {
  const [first = dyn, ...others] = nodes.map((node) => typeOf(node, scope, checker))
  const at = checker.isFree ? -1 : others.findIndex((type) => !isAlike(first, type))
  if (at >= 0) {
    const text = `expected type '${formatType(first)}' but found '${formatType(others[at]!)}'`
    report(checker, placeOf(nodes[at + 1]!), text)
  }
  return others.reduce(joined, first)
}

const isMade = ({ kind }: CelType): boolean => kind === 'list' || kind === 'map' || kind === 'opaque'

function isAlike(a: CelType, b: CelType): boolean {
  if (a.kind === 'error' || b.kind === 'error' || isSameType(a, b)) return true
  return isMade(a) && isMade(b) && isAssignable(a, b, new Map())
}

const operatorNames: Readonly<Record<string, string>> = { in: '@in', '[]': '_[_]', '?:': '_?_:_' }

function operator(node: Node, op: string, args: readonly Node[], scope: Scope, checker: Checker): CelType {
  const types = args.map((arg) => typeOf(arg, scope, checker))
  return call(node, operatorNames[op] ?? `_${op}_`, types, false, checker)
}

/** Finds the overloads that take these arguments; the result is what they agree on. */
function call(node: Node, name: string, types: readonly CelType[], isMember: boolean, checker: Checker): CelType {
  if (types.some(({ kind }) => kind === 'error')) return errorType
  if (name === '_[_]' && types[0]!.kind === 'opaque' && types[0]!.name === 'optional_type') return types[0]!
  const results: CelType[] = []
  for (const overload of functions.get(name) ?? []) {
    if (overload.isMember !== isMember) continue
    const result = resultOf(overload, types)
    if (result !== undefined && !results.some((known) => isSameType(known, result))) results.push(result)
  }
  if (results.length > 0) return results.length === 1 ? results[0]! : dyn
  const shown = types.map(formatType)
  const applied = isMember ? `${shown[0]}.(${shown.slice(1).join(', ')})` : `(${shown.join(', ')})`
  return report(checker, placeOf(node), `found no matching overload for '${name}' applied to '${applied}'`)
}

function resultOf({ params, result }: Overload, types: readonly CelType[]): CelType | undefined {
  if (params.length !== types.length) return undefined
  const bindings: Bindings = new Map()
  return types.every((type, at) => isAssignable(params[at]!, type, bindings)) ? substitute(result, bindings) : undefined
}

type Select = Extract<Node, { op: '.' | '.?' }>

function selected(node: Select, scope: Scope, checker: Checker): CelType {
  const [operand, name] = node.args
  const path = pathOf(node)
  if (path !== undefined && !scope.has(rootOf(path)) && typeNames.has(path)) return typeType
  const type = member(typeOf(operand, scope, checker), name, node, checker)
  return node.op === '.?' && type.kind !== 'error' ? optionalOf(type) : type
}

function member(type: CelType, name: string, node: Node, checker: Checker): CelType {
  if (type.kind === 'error' || type.kind === 'dyn') return type
  if (type.kind === 'map') return type.of
  if (type.kind === 'opaque' && type.name === 'optional_type')
    return optionalOf(member(type.of ?? dyn, name, node, checker))
  if (type.kind === 'object') {
    const field = type.fields().get(unescapeName(name))
    return field ?? report(checker, placeOf(node), `undefined field '${name}'`)
  }
  return report(checker, placeOf(node), `type '${formatType(type)}' does not support field selection`)
}

/** `a.b.c` as a text, if a node is nothing but names. */
export function pathOf(node: Node): string | undefined {
  if (node.op === 'id') return node.args
  if (node.op !== '.') return undefined
  const front = pathOf(node.args[0])
  return front === undefined ? undefined : `${front}.${node.args[1]}`
}

const rootOf = (path: string): string => path.split('.')[0]!

function called(node: Extract<Node, { op: 'call' }>, scope: Scope, checker: Checker): CelType {
  const [name, args] = node.args
  if (name === 'has' && args.length === 1) return has(node, args, scope, checker)
  const types = args.map((arg) => typeOf(arg, scope, checker))
  if (name === 'type') return typeType
  if (!functions.has(name)) return report(checker, placeOf(node), `undeclared reference to '${name}' (in container '')`)
  checkLiteral(name, args, 0, checker)
  return call(node, name, types, false, checker)
}

/** What can be told of a text before anything is worked out. */
const literals: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => !Number.isNaN(parseDuration(text)),
  timestamp: (text) => isMoment(text),
  matches: (text) => goPatternError(text) === undefined,
}

// upstream: cel-go ValidateDurationLiterals, ValidateTimestampLiterals, ValidateRegexLiterals
function checkLiteral(name: string, args: readonly Node[], at: number, checker: Checker): void {
  const node = args[at]
  if (node?.op !== 'value' || typeof node.args !== 'string' || !Object.hasOwn(literals, name)) return
  if (!literals[name]!(node.args)) report(checker, node.start, `invalid ${name} argument`)
}

function has(node: Node, [arg]: readonly Node[], scope: Scope, checker: Checker): CelType {
  if (arg?.op !== '.') return report(checker, arg?.start ?? placeOf(node), 'invalid argument to has() macro')
  const [operand, name] = arg.args
  member(typeOf(operand, scope, checker), name, node, checker)
  return bool
}

function memberCalled(node: Extract<Node, { op: 'rcall' }>, scope: Scope, checker: Checker): CelType {
  const [name, target, args] = node.args
  const front = pathOf(target)
  if (front === 'cel' && name === 'bind') return bound(args, scope, checker)
  const whole = front === undefined ? name : `${front}.${name}`
  if (front !== undefined && !scope.has(rootOf(front)) && functions.has(whole))
    return call(
      node,
      whole,
      args.map((arg) => typeOf(arg, scope, checker)),
      false,
      checker,
    )
  const own = typeOf(target, scope, checker)
  const macro = comprehension(name, own, args, scope, checker, node)
  if (macro !== undefined) return macro
  const free = name === 'format' ? { ...checker, isFree: true } : checker
  const types = [own, ...args.map((arg) => typeOf(arg, scope, free))]
  if (!functions.has(name)) return report(checker, placeOf(node), `undeclared reference to '${name}' (in container '')`)
  checkLiteral(name, args, 0, checker)
  return call(node, name, types, true, checker)
}

function bound([name, value, body]: readonly Node[], scope: Scope, checker: Checker): CelType {
  if (name?.op !== 'id' || value === undefined || body === undefined) return errorType
  return typeOf(body, new Map(scope).set(name.args, typeOf(value, scope, checker)), checker)
}

/** Macros that go through a list or map; undefined for what is none. */
function comprehension(
  name: string,
  own: CelType,
  args: readonly Node[],
  scope: Scope,
  checker: Checker,
  node: Node,
): CelType | undefined {
  if (name === 'optMap' || name === 'optFlatMap') return optMapped(own, args, scope, checker, name)
  const counts = macros.get(name)
  if (counts === undefined || args[0]?.op !== 'id') return undefined
  const isPair = isPairMacro(name, args)
  if (!counts[isPair ? 'pair' : 'single'].includes(args.length)) return undefined
  const element = elementOf(own, node, checker)
  const inner = new Map(scope).set(args[0].args, isPair ? indexOf(own) : element)
  if (isPair && args[1]?.op === 'id') {
    if (args[1].args === args[0].args) return report(checker, args[1].start, `duplicate variable name: ${args[1].args}`)
    inner.set(args[1].args, own.kind === 'map' ? own.of : element)
  }
  const bodies = args.slice(isPair ? 2 : 1).map((body) => ({ body, type: typeOf(body, inner, checker) }))
  const last = bodies.at(-1)!
  const result = resultOfMacro(name, own, element, last.type)
  const tests = name === 'map' || name.startsWith('transform') ? bodies.slice(0, -1) : name === 'sortBy' ? [] : bodies
  for (const { body, type } of tests) mustBeBool(body, type, name, result, node, checker)
  return result
}

function resultOfMacro(name: string, own: CelType, element: CelType, body: CelType): CelType {
  if (name === 'filter' || name === 'sortBy') return listOf(element)
  if (name === 'map' || name === 'transformList') return listOf(body)
  if (name === 'transformMapEntry') return body
  return name === 'transformMap' ? mapOf(indexOf(own), body) : bool
}

/** How many arguments a macro has, with one variable and with two. */
const macros: ReadonlyMap<string, { readonly single: readonly number[]; readonly pair: readonly number[] }> = new Map([
  ['all', { single: [2], pair: [3] }],
  ['exists', { single: [2], pair: [3] }],
  ['exists_one', { single: [2], pair: [3] }],
  ['existsOne', { single: [], pair: [3] }],
  ['filter', { single: [2], pair: [] }],
  ['map', { single: [2, 3], pair: [] }],
  ['sortBy', { single: [2], pair: [] }],
  ['transformList', { single: [], pair: [3, 4] }],
  ['transformMap', { single: [], pair: [3, 4] }],
  ['transformMapEntry', { single: [], pair: [3, 4] }],
])

/** Whether a macro is given two variables. */
export function isPairMacro(name: string, args: readonly Node[]): boolean {
  return args.length >= 3 && args[1]!.op === 'id' && macros.get(name)?.pair.length !== 0
}

function mustBeBool(body: Node, type: CelType, name: string, result: CelType, node: Node, checker: Checker): void {
  if (type.kind === 'bool' || type.kind === 'dyn' || type.kind === 'error') return
  if (name === 'all' || name === 'exists')
    return void report(checker, placeOf(body), `expected type 'bool' but found '${formatType(type)}'`)
  const branch = result.kind === 'bool' ? 'int' : formatType(result)
  report(
    checker,
    placeOf(node),
    `found no matching overload for '_?_:_' applied to '(${formatType(type)}, ${branch}, ${branch})'`,
  )
}

function elementOf(type: CelType, node: Node, checker: Checker): CelType {
  if (type.kind === 'list') return type.of
  if (type.kind === 'map') return type.key
  if (type.kind === 'dyn' || type.kind === 'error') return type
  const at = node.op === 'rcall' ? placeOfOperand(node.args[1]) : node.start
  return report(
    checker,
    at,
    `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
  )
}

const placeOfOperand = (node: Node): number => placeOf(node)

const indexOf = (type: CelType): CelType => (type.kind === 'map' ? type.key : type.kind === 'list' ? int : dyn)

function optMapped(own: CelType, args: readonly Node[], scope: Scope, checker: Checker, name: string): CelType {
  const [variable, body] = args
  if (variable?.op !== 'id' || body === undefined) return errorType
  const of = own.kind === 'opaque' ? (own.of ?? dyn) : dyn
  const type = typeOf(body, new Map(scope).set(variable.args, of), checker)
  return name === 'optMap' ? optionalOf(type) : type
}
