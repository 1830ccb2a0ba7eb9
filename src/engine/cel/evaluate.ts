import { isPairMacro, pathOf } from './check.ts'
import { functions, takes, type Overload } from './functions/index.ts'
import { typeNames, unescapeName } from './names.ts'
import { isBinary, type Node } from './parse.ts'
import {
  CelError,
  compare,
  fail,
  isSame,
  itemsOf,
  keysOf,
  kindOf,
  memberOf,
  numeric,
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
      return named(node.args, run)
    case '.':
      return selected(node, run)
    case '.?':
      return optional(memberIf(value(node.args[0], run), node.args[1]))
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

/** What a name stands for; null is a value, too. */
function named(name: string, { frame }: Run): Value {
  const held = frame.find(name)
  if (held !== undefined) return held
  return typeNamed(name) ?? fail(`no such attribute(s): ${name}`)
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
  if (path !== undefined && typeNames.has(path)) return tagged('type', path)
  const own = operand.op === 'id' ? run.frame.member?.(operand.args, name) : undefined
  if (own !== undefined) return own
  const from = value(operand, run)
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return optional(of === undefined ? undefined : memberIf(of as Value, name))
  }
  const found = memberIf(from, name)
  return found === undefined ? fail(`no such key: ${name}`) : found
}

function memberIf(from: Value, name: string): Value | undefined {
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return of === undefined ? undefined : memberIf(of as Value, name)
  }
  if (kindOf(from) === 'list') return fail(oddIndex(name))
  if (kindOf(from) !== 'map') return undefined
  const isObject = 'type' in (from as object) && (from as Raw).type.kind === 'object'
  return memberOf(from, isObject ? unescapeName(name) : name)
}

function itemIf(from: Value, key: Value): Value | undefined {
  if (kindOf(from) === 'optional') {
    const { of } = from as Tagged
    return of === undefined ? undefined : itemIf(of as Value, key)
  }
  return kindOf(from) === 'list' ? itemsOf(from)[indexOf(key)] : memberOf(from, key)
}

const oddIndex = (key: Value): string => `unsupported index type '${kindOf(key)}' in list`

function indexOf(key: Value): number {
  const index = numeric(key)
  return index === undefined ? fail(oddIndex(key)) : Number(index)
}

function indexed(from: Value, key: Value): Value {
  if (kindOf(from) === 'optional') return optional(itemIf(from, key))
  const found = kindOf(from) === 'map' ? memberOf(from, key) : kindOf(from) === 'list' ? itemIf(from, key) : undefined
  if (found !== undefined) return found
  const shown = String(numeric(key) ?? (key as string))
  return fail(kindOf(from) === 'list' ? `index out of bounds: ${shown}` : `no such key: ${shown}`)
}

function called(name: string, args: readonly Node[], run: Run): Value {
  if (name === 'has') return has(args[0]!, run)
  const values = args.map((arg) => value(arg, run))
  if (name === 'type') return tagged('type', typeNameOf(values[0]!))
  return apply(name, values, false)
}

const longNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  optional: 'optional_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}

const typeNameOf = (held: Value): string => longNames[kindOf(held)] ?? kindOf(held)

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
  ...['transformList', 'transformMap', 'transformMapEntry', 'sortBy', 'optMap', 'optFlatMap'],
])

function comprehension(name: string, own: Value, args: readonly Node[], run: Run): Value {
  const variable = (args[0] as Extract<Node, { op: 'id' }>).args
  if (name === 'optMap' || name === 'optFlatMap') return optMapped(name, own, variable, args[1]!, run)
  const isPair = isPairMacro(name, args)
  const second = isPair ? (args[1] as Extract<Node, { op: 'id' }>).args : undefined
  const bodies = args.slice(isPair ? 2 : 1)
  const rounds = roundsOf(own, isPair)
  const at = ([key, held]: readonly [Value, Value]): Run =>
    isPair ? inner(run, variable, key, second, held) : inner(run, variable, held)
  const holding = (): Rounds => rounds.filter((round) => truth(value(bodies[0]!, at(round))))
  switch (name) {
    case 'all':
      return decided(rounds, at, bodies[0]!, false)
    case 'exists':
      return decided(rounds, at, bodies[0]!, true)
    case 'exists_one':
    case 'existsOne':
      return holding().length === 1
    case 'filter':
      return holding().map(([, held]) => held)
    case 'sortBy':
      return sortedBy(rounds.map((round) => [round[1], value(bodies[0]!, at(round))] as const))
    default: {
      const results = (bodies.length > 1 ? holding() : rounds).map(
        (round) => [round[0], value(bodies.at(-1)!, at(round))] as const,
      )
      if (name === 'transformMap') return new Map(results)
      return name === 'transformMapEntry' ? merged(results.map(([, entry]) => entry)) : results.map(([, held]) => held)
    }
  }
}

const truth = (answer: Value): boolean => (typeof answer === 'boolean' ? answer : fail('no such overload'))

function sortedBy(pairs: readonly (readonly [held: Value, by: Value])[]): Value {
  return pairs.toSorted(([, a], [, b]) => compare(a, b) ?? fail('no such overload')).map(([held]) => held)
}

function merged(entries: readonly Value[]): Value {
  const all = new Map<Value, Value>()
  for (const entry of entries) {
    if (kindOf(entry) !== 'map') fail('no such overload')
    for (const key of keysOf(entry)) {
      if (memberOf(all, key) !== undefined)
        fail(`insert failed: key ${String(numeric(key) ?? (key as string))} already exists`)
      all.set(key, memberOf(entry, key)!)
    }
  }
  return all
}

/** What a comprehension goes through: keys and what they hold; with one variable, a list's items or a map's keys. */
function roundsOf(own: Value, isPair: boolean): readonly (readonly [key: Value, held: Value])[] {
  const kind = kindOf(own)
  if (kind === 'list') return itemsOf(own).map((item, at) => [BigInt(at), item])
  if (kind !== 'map') return fail(`got 'types.${kind[0]!.toUpperCase()}${kind.slice(1)}', expected iterable type`)
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
    else if (answer !== !decisive) error ??= new CelError('no such overload')
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
  if (overload !== undefined) return carriedOut(overload, values)
  if (name === '_==_' || name === '_!=_') return isSame(values[0]!, values[1]!) === (name === '_==_')
  return fail(
    /^\W|^@|_$|^(contains|startsWith|endsWith|matches|get[A-Z]\w*)$/.test(name)
      ? 'no such overload'
      : `no such overload: ${name}${name === 'size' ? '' : `(${values.map(typeNameOf).join(', ')})`}`,
  )
}

/** Values that only show themselves when a rule runs (a lone surrogate, a million digits) may be more than JavaScript's own functions bear. */
function carriedOut(overload: Overload, values: readonly Value[]): Value {
  try {
    return overload.run(...values)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError || error instanceof URIError)
      return fail('no such overload')
    throw error
  }
}

const fits = ({ params }: Overload, values: readonly Value[]): boolean =>
  params.length === values.length && values.every((value, at) => takes(params[at]!, value))
