import { serialize, type Environment } from '@marcbachmann/cel-js'
import type { Expression } from './vocabulary.ts'

/** How a clause stands: whether it is met, what it sees and what it wants, in a few words. */
export interface Verdict {
  readonly isMet: boolean
  readonly sees: string
  readonly wants: string
  /** 0…1, how near it is */
  readonly fraction: number
}

/** Evaluates one expression of a prepared clause. */
type Look = (context: Readonly<Record<string, unknown>>) => unknown

/** A clause made ready: the whole expression, and the parts that tell what it sees. */
export interface Judge {
  readonly judge: (context: Readonly<Record<string, unknown>>) => Verdict
}

type Node = Expression['ast']
type Value = { readonly is: unknown } | { readonly missing: string }

/** Prepares an expression. A field that is missing makes it false, never an error. */
export function prepare(env: Environment, expression: string): Judge {
  const whole = env.parse(expression)
  const tell = tellerOf(whole.ast, (text) => env.parse(text))
  return {
    judge(context) {
      const value = look(whole, context)
      const isMet = 'is' in value && value.is === true
      const { sees, wants, fraction } = tell(context, value)
      return { isMet, sees, wants, fraction: isMet ? 1 : Math.min(Math.max(fraction, 0), 0.99) }
    },
  }
}

type Teller = (context: Readonly<Record<string, unknown>>, value: Value) => Omit<Verdict, 'isMet'>

function tellerOf(node: Node, part: (text: string) => Look): Teller {
  const comparison = comparisons[node.op]
  if (comparison !== undefined) {
    const [left, right] = (node.args as [Node, Node]).map((side) => part(serialize(side))) as [Look, Look]
    return (context) => comparison(look(left, context), look(right, context))
  }
  if (node.op === 'rcall') {
    const [name, receiver, [variable, predicate]] = node.args as [string, Node, Node[]]
    const list = serialize(receiver)
    if (variable && predicate && (name === 'all' || name === 'exists'))
      return counting(
        name,
        part(`${list}.size()`),
        part(`${list}.filter(${serialize(variable)}, ${serialize(predicate)}).size()`),
      )
  }
  return (_, value) => ({ sees: shown(value), wants: 'yes', fraction: 0 })
}

function counting(name: 'all' | 'exists', size: Look, fitting: Look): Teller {
  return (context) => {
    const all = numberOf(look(size, context))
    const some = numberOf(look(fitting, context)) ?? 0
    if (all === undefined) return { sees: 'nothing yet', wants: name === 'all' ? 'all' : 'one', fraction: 0 }
    return {
      sees: `${some} of ${all}`,
      wants: name === 'all' ? 'all' : 'at least one',
      fraction: name === 'all' && all > 0 ? some / all : 0,
    }
  }
}

type Comparison = (left: Value, right: Value) => Omit<Verdict, 'isMet'>

const worded =
  (words: string, near: (left: number, right: number) => number): Comparison =>
  (left, right) => {
    const [a, b] = [numberOf(left), numberOf(right)]
    const fraction = a === undefined || b === undefined ? 0 : near(a, b)
    return { sees: shown(left), wants: `${words}${shown(right)}`, fraction }
  }

/** How far a count has grown. From above there is no telling how far it has come: it may have begun anywhere. */
const upTo = (a: number, b: number): number => (a <= b && b > 0 ? a / b : 0)
const none = (): number => 0

/** A list names what is wanted; of an object it is enough to tell whether the field is there. */
const member: Comparison = (left, right) => {
  if ('is' in right && Array.isArray(right.is)) return worded('one of ', none)(left, right)
  const isThere = 'is' in left && 'is' in right && hasField(right.is, left.is)
  return { sees: isThere ? 'yes' : 'no', wants: 'yes', fraction: 0 }
}

const comparisons: Readonly<Partial<Record<string, Comparison>>> = {
  '==': worded('', upTo),
  '!=': worded('not ', none),
  '>=': worded('at least ', upTo),
  '>': worded('more than ', upTo),
  '<=': worded('at most ', none),
  '<': worded('less than ', none),
  in: member,
}

function look(run: Look, context: Readonly<Record<string, unknown>>): Value {
  try {
    return { is: run(context) }
  } catch (error) {
    if (error instanceof RangeError) return { missing: error.message }
    return { missing: 'nothing yet' }
  }
}

function numberOf(value: Value): number | undefined {
  if (!('is' in value)) return undefined
  return typeof value.is === 'number' || typeof value.is === 'bigint' ? Number(value.is) : undefined
}

function shown(value: Value): string {
  if ('missing' in value) return value.missing
  const { is } = value
  if (is === null || is === undefined) return 'nothing'
  if (is === true) return 'yes'
  if (is === false) return 'no'
  if (is === '') return 'an empty text'
  if (typeof is === 'number') return String(is < 10 ? Math.round(is * 100) / 100 : Math.floor(is))
  if (typeof is === 'object')
    return Array.isArray(is) ? `${is.length === 0 ? 'none' : is.slice(0, 5).map(nameOf).join(', ')}` : nameOf(is)
  return shortUid(String(is)).slice(0, 80)
}

const hasField = (object: unknown, field: unknown): boolean =>
  typeof object === 'object' && object !== null && Object.hasOwn(object, String(field))

/** Of a UID its first block is enough to tell it from another. */
function shortUid(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1…')
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return shortUid(String(value))
  const { kind, metadata } = value as { kind?: string; metadata?: { name?: string } }
  return metadata?.name === undefined ? '{…}' : `${kind ?? ''} ${metadata.name}`.trim()
}
