import { pathOf } from './check.ts'
import { functions, takes, type Overload } from './functions/index.ts'
import { typeNames, unescapeName } from './names.ts'
import { isBinary, type Node } from './parse.ts'
import {
  CelError,
  fail,
  isSame,
  itemsOf,
  keysOf,
  kindOf,
  memberOf,
  optional,
  tagged,
  uintOf,
  type Raw,
  type Tagged,
  type Value,
} from './values.ts'

/** Names and their values; a variable may be worked out when it is first asked for. */
export interface Frame {
  readonly find: (name: string) => Value | undefined
  /** a member of a name that is worked out on its own: `variables.replicas` */
  readonly member?: (root: string, name: string) => Value | undefined
}

/** How much an expression may cost before it is given up. */
export interface Budget {
  steps: number
}

interface Run {
  readonly frame: Frame
  readonly budget: Budget
}

/** Works an expression out. Throws a CelError for what cannot be. */
export function evaluate(node: Node, frame: Frame, budget: Budget): Value {
  return value(node, { frame, budget })
}

function value(node: Node, run: Run): Value {
  if (--run.budget.steps < 0) fail('operation cancelled: actual cost limit exceeded')
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return run.frame.find(node.args) ?? typeNamed(node.args) ?? fail(`no such attribute(s): ${node.args}`)
    case '.':
      return selected(node, run)
    case '.?':
      return optional(soft(memberIf(value(node.args[0], run), node.args[1])))
    case '[?]':
      return optional(itemIf(value(node.args[0], run), value(node.args[1], run)))
    case '[]':
      return indexed(value(node.args[0], run), value(node.args[1], run))
    case '&&':
      return both(node.args, run, false)
    case '||':
      return both(node.args, run, true)
    case '?:': {
      const [test, yes, no] = node.args
      const answer = value(test, run)
      if (typeof answer !== 'boolean') return fail('no such overload')
      return value(answer ? yes : no, run)
    }
    case '!_':
    case '-_':
      return apply(node.op, [value(node.args, run)], false)
    case 'list':
      return node.args.map((item) => value(item, run))
    case 'map':
      return new Map(node.args.map(([key, item]) => [value(key, run), value(item, run)]))
    case 'call':
      return called(node.args[0], node.args[1], run)
    case 'rcall':
      return memberCalled(node, run)
    default:
      return operator(node, run)
  }
}

const operatorNames: Readonly<Record<string, string>> = { in: '@in' }

function operator(node: Node, run: Run): Value {
  if (!isBinary(node)) return fail(`unknown operator ${node.op}`)
  const [left, right] = node.args as readonly [Node, Node]
  return apply(operatorNames[node.op] ?? `_${node.op}_`, [value(left, run), value(right, run)], false)
}

function literal(args: unknown): Value {
  if (typeof args === 'object' && args !== null && !(args instanceof Uint8Array))
    return uintOf(BigInt(String((args as { valueOf: () => unknown }).valueOf())))
  return args as Value
}

const typeNamed = (name: string): Value | undefined => (typeNames.has(name) ? tagged('type', name) : undefined)

/** Either side may decide alone, even if the other cannot be worked out. */
function both([left, right]: readonly [Node, Node], run: Run, decisive: boolean): Value {
  const first = attempt(left, run)
  if (first === decisive) return decisive
  const second = attempt(right, run)
  if (second === decisive) return decisive
  for (const each of [first, second]) if (each instanceof CelError) throw each
  return first === !decisive && second === !decisive ? !decisive : fail('no such overload')
}

function attempt(node: Node, run: Run): Value | CelError {
  try {
    return value(node, run)
  } catch (error) {
    if (error instanceof CelError) return error
    throw error
  }
}

function selected(node: Extract<Node, { op: '.' }>, run: Run): Value {
  const [operand, name] = node.args
  const path = pathOf(node)
  if (path === 'google.protobuf.Timestamp') return tagged('type', path)
  const own = operand.op === 'id' ? run.frame.member?.(operand.args, name) : undefined
  if (own !== undefined) return own
  const from = value(operand, run)
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return optional(of === undefined ? undefined : memberIf(of as Value, name))
  }
  return memberIf(from, name) ?? fail(`no such key: ${name}`)
}

function memberIf(from: Value, name: string): Value | undefined {
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return of === undefined ? undefined : memberIf(of as Value, name)
  }
  if (kindOf(from) !== 'map') return fail(`no such overload`)
  const isObject = 'type' in (from as object) && (from as Raw).type.kind === 'object'
  return memberOf(from, isObject ? unescapeName(name) : name)
}

const soft = (found: Value | undefined): Value | undefined => (found === null ? undefined : found)

function itemIf(from: Value, key: Value): Value | undefined {
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return of === undefined ? undefined : itemIf(of as Value, key)
  }
  return kindOf(from) === 'list' ? itemsOf(from)[Number(key)] : memberOf(from, key)
}

function indexed(from: Value, key: Value): Value {
  if (kindOf(from) === 'optional') return optional(itemIf(from, key))
  if (kindOf(from) === 'map') return memberOf(from, key) ?? fail(`no such key: ${String(key)}`)
  if (kindOf(from) !== 'list') return fail('no such overload')
  return itemsOf(from)[Number(key)] ?? fail(`index out of bounds: ${String(key)}`)
}

function called(name: string, args: readonly Node[], run: Run): Value {
  if (name === 'has') return has(args[0]!, run)
  const values = args.map((arg) => value(arg, run))
  if (name === 'type') return tagged('type', kindOf(values[0]!) === 'null' ? 'null_type' : kindOf(values[0]!))
  return apply(name, values, false)
}

function has(node: Node, run: Run): boolean {
  if (node.op !== '.') return fail('invalid argument to has() macro')
  const from = value(node.args[0], run)
  return memberIf(from, node.args[1]) !== undefined
}

function memberCalled({ args: [name, target, args] }: Extract<Node, { op: 'rcall' }>, run: Run): Value {
  const front = pathOf(target)
  if (front === 'cel' && name === 'bind') return bound(args, run)
  const root = front?.split('.')[0]
  if (root !== undefined && run.frame.find(root) === undefined && functions.has(`${front}.${name}`))
    return apply(
      `${front}.${name}`,
      args.map((arg) => value(arg, run)),
      false,
    )
  const own = value(target, run)
  if (macros.has(name) && args[0]?.op === 'id') return comprehension(name, own, args, run)
  return apply(name, [own, ...args.map((arg) => value(arg, run))], true)
}

function bound([name, given, body]: readonly Node[], run: Run): Value {
  const held = value(given!, run)
  return value(body!, inner(run, (name as Extract<Node, { op: 'id' }>).args, held))
}

function inner({ frame, budget }: Run, name: string, held: Value, second?: string, other?: Value): Run {
  return {
    budget,
    frame: {
      find: (asked) => (asked === name ? held : asked === second ? other : frame.find(asked)),
      ...(frame.member && { member: frame.member }),
    },
  }
}

const macros: ReadonlySet<string> = new Set([
  ...['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map'],
  ...['transformList', 'transformMap', 'optMap', 'optFlatMap'],
])

function comprehension(name: string, own: Value, args: readonly Node[], run: Run): Value {
  const variable = (args[0] as Extract<Node, { op: 'id' }>).args
  if (name === 'optMap' || name === 'optFlatMap') return optMapped(name, own, variable, args[1]!, run)
  const isPair = args.length === 3 && args[1]!.op === 'id' && name !== 'map'
  const second = isPair ? (args[1] as Extract<Node, { op: 'id' }>).args : undefined
  const bodies = args.slice(isPair ? 2 : 1)
  const rounds = roundsOf(own, isPair)
  const at = ([key, held]: readonly [Value, Value]): Run =>
    isPair ? inner(run, variable, key, second, held) : inner(run, variable, held)
  switch (name) {
    case 'all':
      return decided(rounds, at, bodies[0]!, false)
    case 'exists':
      return decided(rounds, at, bodies[0]!, true)
    case 'exists_one':
    case 'existsOne':
      return rounds.filter((round) => value(bodies[0]!, at(round)) === true).length === 1
    case 'filter':
      return rounds.filter((round) => value(bodies[0]!, at(round)) === true).map(([, held]) => held)
    default: {
      const body = bodies.at(-1)!
      const kept = bodies.length > 1 ? rounds.filter((round) => value(bodies[0]!, at(round)) === true) : rounds
      if (name === 'transformMap') return new Map(kept.map((round) => [round[0], value(body, at(round))]))
      return kept.map((round) => value(body, at(round)))
    }
  }
}

/** What a comprehension goes through: keys and what they hold; with one variable, a list's items or a map's keys. */
function roundsOf(own: Value, isPair: boolean): readonly (readonly [key: Value, held: Value])[] {
  const kind = kindOf(own)
  if (kind === 'list') return itemsOf(own).map((item, at) => [BigInt(at), item])
  if (kind !== 'map') return fail('no such overload')
  return keysOf(own).map((key) => [key, isPair ? memberOf(own, key)! : key])
}

type Rounds = ReturnType<typeof roundsOf>

/** One round may decide; an error counts only if none does. */
function decided(rounds: Rounds, at: (round: Rounds[number]) => Run, body: Node, decisive: boolean): Value {
  let error: CelError | undefined
  for (const round of rounds) {
    const answer = attempt(body, at(round))
    if (answer === decisive) return decisive
    if (answer instanceof CelError) error ??= answer
  }
  if (error !== undefined) throw error
  return !decisive
}

function optMapped(name: string, own: Value, variable: string, body: Node, run: Run): Value {
  const { of } = own as Tagged
  if (of === undefined) return own
  const result = value(body, inner(run, variable, of as Value))
  return name === 'optMap' ? optional(result) : result
}

function apply(name: string, values: readonly Value[], isMember: boolean): Value {
  const overload = functions.get(name)?.find((one) => one.isMember === isMember && fits(one, values))
  if (overload !== undefined) return overload.run(...values)
  if (name === '_==_' || name === '_!=_') return isSame(values[0]!, values[1]!) === (name === '_==_')
  return fail('no such overload')
}

const fits = ({ params }: Overload, values: readonly Value[]): boolean =>
  params.length === values.length && values.every((value, at) => takes(params[at]!, value))
