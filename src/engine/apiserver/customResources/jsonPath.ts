import { isObject } from '../../kinds/apiextensions/schema.ts'

type Step =
  | { readonly do: 'name'; readonly name: string }
  | { readonly do: 'at'; readonly index: number }
  | { readonly do: 'slice'; readonly from: number; readonly to: number | undefined }
  | { readonly do: 'all' }
  | { readonly do: 'where'; readonly path: readonly Step[]; readonly operator: string; readonly wanted: unknown }

/** What a simple path like `.status.conditions[?(@.type=="Ready")].status` finds in an object. */
export function findAll(path: string, object: unknown): readonly unknown[] {
  return follow(stepsOf(path), object)
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const known = new Map<string, readonly Step[]>()

function stepsOf(path: string): readonly Step[] {
  let steps = known.get(path)
  if (steps === undefined) {
    if (known.size > 1000) known.clear()
    known.set(path, (steps = parse(path)))
  }
  return steps
}

const shape =
  /\.([A-Za-z_][\w-]*(?:\\\.[\w/-]+)*)|\['([^']*)'\]|\["([^"]*)"\]|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]|(\[\*\]|\.\*)|\[\?\((.*?)\)\]/g

function parse(path: string): readonly Step[] {
  const steps: Step[] = []
  for (const [, plain, single, double, index, from, to, all, test] of path.matchAll(shape)) {
    const name = plain?.replace(/\\/g, '') ?? single ?? double
    if (name !== undefined) steps.push({ do: 'name', name })
    else if (index !== undefined) steps.push({ do: 'at', index: Number(index) })
    else if (from !== undefined) steps.push({ do: 'slice', from: Number(from), to: to ? Number(to) : undefined })
    else if (all !== undefined) steps.push({ do: 'all' })
    else if (test !== undefined) steps.push(testOf(test))
  }
  return steps
}

function testOf(text: string): Step {
  const match = /^@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*))?$/.exec(text)
  const [, path = '', operator = '', literal = ''] = match ?? []
  return { do: 'where', path: parse(path), operator, wanted: literalOf(literal.trim()) }
}

function literalOf(text: string): unknown {
  if (/^(['"]).*\1$/.test(text)) return text.slice(1, -1)
  if (text === 'true' || text === 'false') return text === 'true'
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

function follow(steps: readonly Step[], object: unknown): readonly unknown[] {
  let found: readonly unknown[] = [object]
  for (const step of steps) found = found.flatMap((value) => next(step, value))
  return found
}

function next(step: Step, value: unknown): readonly unknown[] {
  if (step.do === 'name') return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : []
  const items = Array.isArray(value)
    ? (value as readonly unknown[])
    : step.do === 'all' && isObject(value)
      ? Object.values(value)
      : []
  if (step.do === 'all') return items
  if (step.do === 'slice') return items.slice(step.from, step.to)
  if (step.do === 'where') return items.filter((item) => holds(step, item))
  const item = items.at(step.index)
  return item === undefined ? [] : [item]
}

function holds({ path, operator, wanted }: Extract<Step, { do: 'where' }>, item: unknown): boolean {
  const [value] = follow(path, item)
  if (operator === '') return value !== undefined
  if (operator === '==') return value === wanted
  if (operator === '!=') return value !== wanted
  if (typeof value !== typeof wanted) return false
  const [a, b] = [value as number, wanted as number]
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b
}

/** The value at a plain path of names: `.spec.replicas`. */
export function valueAt(path: string, object: unknown): unknown {
  return follow(stepsOf(path), object)[0]
}

/** The object with another value at a plain path of names. */
export function withValueAt<T extends object>(path: string, object: T, value: unknown): T {
  const names = stepsOf(path).flatMap((step) => (step.do === 'name' ? [step.name] : []))
  return set(object, names, value) as T
}

function set(object: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value
  const inner = isObject(object) ? object : {}
  return { ...inner, [first]: set(inner[first], rest, value) }
}
