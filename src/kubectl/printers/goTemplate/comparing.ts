import { CallError } from './failure.ts'
import { sprintHeld } from './print.ts'
import { typeName, unbox, type Concrete, type Value } from './values.ts'

// upstream: Go's text/template/funcs.go

type Kind = 'bool' | 'complex' | 'int' | 'uint' | 'float' | 'string' | 'other'

function kindOf(value: Concrete | undefined): Kind {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  switch (value?.type) {
    case 'int':
    case 'int64':
      return 'int'
    case 'uint8':
      return 'uint'
    case 'float64':
      return 'float'
    case 'complex128':
      return 'complex'
  }
  return 'other'
}

const isWhole = (kind: Kind): boolean => kind === 'int' || kind === 'uint'

function incompatible(a: Concrete, b: Concrete): CallError {
  return new CallError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
}

/** Whether the first value equals one of the others. Throws a CallError where they cannot be compared. */
export function isEqualToAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new CallError('missing argument for comparison')
  const one = unbox(first)
  return others.some((other) => areEqual(one, unbox(other)))
}

function areEqual(a: Concrete | undefined, b: Concrete | undefined): boolean {
  const [kindA, kindB] = [kindOf(a), kindOf(b)]
  if (a === undefined || b === undefined) return a === b
  if (kindA !== kindB && !(isWhole(kindA) && isWhole(kindB))) throw incompatible(a, b)
  if (kindA === 'other') throw incomparable(a, b)
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if (a.type === 'complex128' && b.type === 'complex128') return a.real === b.real && a.imaginary === b.imaginary
  return 'value' in a && 'value' in b && a.value === b.value
}

// Maps and lists are equal to nothing but nil, and then only where they are nil.
function incomparable(a: Concrete, b: Concrete): CallError {
  const [one, other] = [sprintHeld(a, 's'), sprintHeld(b, 's')]
  return new CallError(
    typeName(a) === typeName(b)
      ? `non-comparable type ${other}: ${typeName(b)}`
      : `non-comparable types ${one}: ${typeName(a)}, ${typeName(b)}: ${sprintHeld(b)}`,
  )
}

/** Whether a value is less than another. Throws a CallError where they have no order. */
export function isLess(first: Value, second: Value): boolean {
  const [a, b] = [unbox(first), unbox(second)]
  const [kindA, kindB] = [kindOf(a), kindOf(b)]
  if (a === undefined || b === undefined || kindA === 'other' || kindB === 'other') throw invalidType()
  if (kindA !== kindB && !(isWhole(kindA) && isWhole(kindB))) throw incompatible(a, b)
  if (typeof a === 'string' && typeof b === 'string') return a < b
  if (typeof a === 'object' && typeof b === 'object' && 'value' in a && 'value' in b) return a.value < b.value
  throw invalidType()
}

const invalidType = (): CallError => new CallError('invalid type for comparison')

/** Whether a value is less than another, or equal to it. */
export function isLessOrEqual(first: Value, second: Value): boolean {
  return isLess(first, second) || isEqualToAny(first, [second])
}
