import { CommandError } from '../errors.ts'
import { goPrint } from './goSyntax.ts'
import type { Block, Step } from './jsonpathParse.ts'

/** What each piece of a template finds in `data`, in order; a field that nothing has may be an error. */
// upstream: client-go/util/jsonpath/jsonpath.go
export function evaluate(blocks: readonly Block[], data: unknown, mayMiss = true): readonly (readonly unknown[])[] {
  return blocks.flatMap((block): readonly (readonly unknown[])[] => {
    if (block.type === 'text') return [[block.text]]
    if (block.type === 'end') throw new CommandError('not in range, nothing to end')
    const found = walk([data], block.steps, mayMiss)
    return block.type === 'path' ? [found] : found.flatMap((value) => evaluate(block.body, value, mayMiss))
  })
}

function walk(values: readonly unknown[], steps: readonly Step[], mayMiss = true): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((current, step) => take(current, step, mayMiss), values)
}

function take(values: readonly unknown[], step: Step, mayMiss: boolean): readonly unknown[] {
  if (step.type === 'literal') return [step.value]
  if (step.type === 'identifier') throw new CommandError(`unrecognized identifier ${step.name}`)
  if (step.type === 'field') return fieldsOf(values, step.name, mayMiss)
  if (step.type === 'wildcard') return values.flatMap(childrenOf)
  if (step.type === 'recursive') return values.flatMap(descendantsOf)
  if (step.type === 'union') return step.paths.flatMap((path) => walk(values, path, mayMiss))
  if (step.type === 'filter') return values.flatMap((value) => filterable(value).filter((item) => isKept(item, step)))
  return values.flatMap((value) => (value === null || value === undefined ? [] : slice(listOf(value), step)))
}

function fieldsOf(values: readonly unknown[], name: string, mayMiss: boolean): readonly unknown[] {
  const found = values.flatMap((value) => fieldOf(value, name))
  if (found.length === 0 && !mayMiss) throw new CommandError(`${name} is not found`)
  return found
}

function fieldOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const found = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  return found === undefined ? [] : [found]
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return []
  const record = value as Record<string, unknown>
  return Object.keys(record)
    .sort()
    .flatMap((key) => (record[key] === undefined ? [] : [record[key]]))
}

function descendantsOf(value: unknown): readonly unknown[] {
  const children = childrenOf(value)
  return children.length === 0 ? [] : [value, ...children.flatMap(descendantsOf)]
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value === null || value === undefined) return []
  throw new CommandError(`${goType(value)} is not array or slice`)
}

/** The items of a list that is to be filtered; what is none is shown in full. */
function filterable(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value === null || value === undefined) return []
  throw new CommandError(`${goPrint(value)} is not array or slice and cannot be filtered`)
}

function goType(value: unknown): string {
  if (typeof value === 'object') return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

function slice(items: readonly unknown[], step: Extract<Step, { type: 'slice' }>): readonly unknown[] {
  const { length } = items
  const start = fromEnd(step.from ?? 0, length)
  const end = step.isOne ? start + 1 : step.to === undefined ? length : fromEnd(step.to, length)
  if (start === end) return []
  if (start >= length || start < 0)
    throw new CommandError(`array index out of bounds: index ${start}, length ${length}`)
  if (end > length || end < 0) throw new CommandError(`array index out of bounds: index ${end - 1}, length ${length}`)
  if (start > end) throw new CommandError(`starting index ${start} is greater than ending index ${end}`)
  const stride = step.step ?? 1
  if (stride <= 0) throw new CommandError(`step must be > 0`)
  return items.slice(start, end).filter((_, index) => index % stride === 0)
}

const fromEnd = (index: number, length: number): number => (index < 0 ? index + length : index)

function isKept(item: unknown, { left, operator, right }: Extract<Step, { type: 'filter' }>): boolean {
  const found = walk([item], left)
  if (operator === 'exists') return found.length > 0
  if (found.length === 0) return false
  const wanted = walk([item], right)
  if (found.length > 1 || wanted.length > 1) throw new CommandError('can only compare one element at a time')
  if (wanted.length === 0) return false
  return compare(found[0], operator, wanted[0])
}

function compare(a: unknown, operator: string, b: unknown): boolean {
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  const isComparable = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string')
  if (!isComparable) throw new CommandError('incompatible types for comparison')
  const [x, y] = [a as number, b as number]
  if (operator === '<') return x < y
  if (operator === '>') return x > y
  if (operator === '<=') return x <= y
  if (operator === '>=') return x >= y
  throw new CommandError(`unrecognized filter operator ${operator}`)
}
