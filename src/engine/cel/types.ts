/** What the type checker knows of a value. */
export type CelType =
  | { readonly kind: Plain }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly of: CelType }
  | { readonly kind: 'object'; readonly name: string; readonly fields: () => ReadonlyMap<string, CelType> }
  | { readonly kind: 'opaque'; readonly name: string; readonly of?: CelType }
  /** a type that an overload leaves open, by its letter */
  | { readonly kind: 'param'; readonly name: string }

/** Types without parts. */
export type Plain =
  'dyn' | 'error' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'timestamp' | 'duration' | 'type'

const plain = (kind: Plain): CelType => Object.freeze({ kind })

/** Anything: found out when the expression runs. */
export const dyn = plain('dyn')
/** What has already been complained about. */
export const errorType = plain('error')
/** The type of `null`. */
export const nullType = plain('null')
/** The type of `true`. */
export const bool = plain('bool')
/** Whole numbers of 64 bits. */
export const int = plain('int')
/** Whole numbers without a sign. */
export const uint = plain('uint')
/** Numbers with a fraction. */
export const double = plain('double')
/** Text. */
export const string = plain('string')
/** Bytes. */
export const bytes = plain('bytes')
/** Moments. */
export const timestamp = plain('timestamp')
/** Lengths of time. */
export const duration = plain('duration')
/** The type of types. */
export const typeType = plain('type')

/** Lists of a type. */
export const listOf = (of: CelType): CelType => ({ kind: 'list', of })
/** Maps from one type to another. */
export const mapOf = (key: CelType, of: CelType): CelType => ({ kind: 'map', key, of })
/** A named type without fields. */
export const opaque = (name: string): CelType => ({ kind: 'opaque', name })
/** A value that may be missing. */
export const optionalOf = (of: CelType): CelType => ({ kind: 'opaque', name: 'optional_type', of })

/** A type as Go's messages print it: `list(int)`. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${formatType(type.of)})`
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.of)})`
    case 'object':
      return type.name
    case 'opaque':
      return type.of === undefined ? type.name : `${type.name}(${formatType(type.of)})`
    case 'param':
      return type.name
    case 'error':
      return '!error!'
    default:
      return type.kind
  }
}

/** Letters of an overload, and what they have turned out to stand for. */
export type Bindings = Map<string, CelType>

/** Whether a value of type `given` may stand where `wanted` is asked for. Letters are bound on the way. */
export function isAssignable(wanted: CelType, given: CelType, bindings: Bindings): boolean {
  if (wanted.kind === 'param') return bind(wanted.name, given, bindings)
  if (isOpen(wanted) || isOpen(given) || wanted === given) return true
  if (wanted.kind === 'list' && given.kind === 'list') return isAssignable(wanted.of, given.of, bindings)
  if (wanted.kind === 'map' && given.kind === 'map')
    return isAssignable(wanted.key, given.key, bindings) && isAssignable(wanted.of, given.of, bindings)
  if (wanted.kind === 'opaque' && given.kind === 'opaque')
    return wanted.name === given.name && (!wanted.of || !given.of || isAssignable(wanted.of, given.of, bindings))
  if (given.kind === 'null') return ['object', 'opaque', 'timestamp', 'duration'].includes(wanted.kind)
  if (wanted.kind === 'null') return ['object', 'opaque', 'timestamp', 'duration'].includes(given.kind)
  return isSameType(wanted, given)
}

const isOpen = ({ kind }: CelType): boolean => kind === 'dyn' || kind === 'error'

function bind(name: string, given: CelType, bindings: Bindings): boolean {
  const known = bindings.get(name)
  if (known === undefined || (isOpen(known) && !isOpen(given))) {
    bindings.set(name, given)
    return true
  }
  if (!isAssignable(known, given, bindings)) return false
  if (isOpen(given)) bindings.set(name, dyn)
  return true
}

/** A type with its letters replaced. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  if (type.kind === 'param') return bindings.get(type.name) ?? dyn
  if (type.kind === 'list') return listOf(substitute(type.of, bindings))
  if (type.kind === 'map') return mapOf(substitute(type.key, bindings), substitute(type.of, bindings))
  if (type.kind === 'opaque' && type.of) return { ...type, of: substitute(type.of, bindings) }
  return type
}

/** The name of objects that have none of their own: each is of its own type. */
export const nameless = 'object'

/** Whether two types are the same. */
export function isSameType(a: CelType, b: CelType): boolean {
  if (a === b) return true
  if (a.kind === 'list' && b.kind === 'list') return isSameType(a.of, b.of)
  if (a.kind === 'map' && b.kind === 'map') return isSameType(a.key, b.key) && isSameType(a.of, b.of)
  if (a.kind === 'object' && b.kind === 'object') return a.name === b.name && a.name !== nameless
  if (a.kind === 'opaque' && b.kind === 'opaque')
    return a.name === b.name && (a.of === b.of || (a.of !== undefined && b.of !== undefined && isSameType(a.of, b.of)))
  return a.kind === b.kind && formatType(a) === formatType(b)
}

/** Two branches in one: the same type, or anything. */
export function joined(a: CelType, b: CelType): CelType {
  if (isSameType(a, b)) return a
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  return dyn
}

const words: Readonly<Record<string, CelType>> = {
  dyn,
  bool,
  int,
  uint,
  double,
  string,
  bytes,
  timestamp,
  duration,
  null: nullType,
  type: typeType,
}

/** Reads a type as signatures write it: `list(A)`, `map(string, B)`, `Quantity`. */
export function parseType(text: string): CelType {
  const known = words[text]
  if (known !== undefined) return known
  const inner = /^(list|map|optional)\((.*)\)$/.exec(text)
  if (inner === null) return /^[A-Z]$/.test(text) ? { kind: 'param', name: text } : opaque(text)
  const [, outer, rest = ''] = inner
  if (outer === 'list') return listOf(parseType(rest))
  if (outer === 'optional') return optionalOf(parseType(rest))
  const comma = rest.indexOf(', ')
  return mapOf(parseType(rest.slice(0, comma)), parseType(rest.slice(comma + 2)))
}
