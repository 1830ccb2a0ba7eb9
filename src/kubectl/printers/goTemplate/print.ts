import type { Bytes } from './bytes.ts'
import { CallError } from './failure.ts'
import { noFlags, pad, type Flags } from './flags.ts'
import { formatComplex, formatFloatBy, formatInteger, formatString, hexAddress } from './scalars.ts'
import { isBoxed, itemAt, typeName, unbox, type Boxed, type Concrete, type GoMap, type GoSlice } from './values.ts'
import type { Held, Value } from './values.ts'

// upstream: Go's fmt/print.go

/** How much one call may write, in bytes. */
// differs: Go writes as much as memory holds
export const printedMax = 32 * 1024 * 1024

/** Pieces that are put together while they fit. */
export interface Writer {
  readonly pieces: Bytes[]
  size: number
}

/** Adds a piece. Throws a CallError where it is too much. */
export function write(writer: Writer, bytes: Bytes): void {
  writer.size += bytes.length
  if (writer.size > printedMax) throw new CallError(`result exceeds ${printedMax} bytes`)
  writer.pieces.push(bytes)
}

/** Values as `print` writes them: a space between two of which neither is a string. */
export function sprint(values: readonly (Concrete | undefined)[]): Bytes {
  return written((writer) =>
    values.forEach((value, index) => {
      const isApart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string'
      if (isApart) write(writer, ' ')
      printArgument(writer, value, 'v', noFlags())
    }),
  )
}

/** Values as `println` writes them: a space between all, and a line's end. */
export function sprintln(values: readonly (Concrete | undefined)[]): Bytes {
  return written((writer) => {
    values.forEach((value, index) => {
      if (index > 0) write(writer, ' ')
      printArgument(writer, value, 'v', noFlags())
    })
    write(writer, '\n')
  })
}

/** What is written while a function runs. */
export function written(run: (writer: Writer) => void): Bytes {
  const writer: Writer = { pieces: [], size: 0 }
  run(writer)
  return writer.pieces.join('')
}

/** A value as Go's `%v` or another verb writes what a `reflect.Value` holds. */
export function sprintHeld(value: Value, verb: 'v' | 's' = 'v'): Bytes {
  if (value === undefined) return '<invalid reflect.Value>'
  return written((writer) => printNested(writer, value, verb, noFlags()))
}

// Where things lie in memory says nothing here, so all maps and lists lie at one place.
const address = 0xc000010000n

/** Writes one argument by a verb. */
export function printArgument(writer: Writer, value: Concrete | undefined, verb: string, flags: Flags): void {
  if (value === undefined) {
    if (verb === 'T' || verb === 'v') write(writer, pad('<nil>', flags))
    else badVerb(writer, undefined, verb, flags)
    return
  }
  const isPointer = typeof value === 'object' && (value.type === '[]interface {}' || 'entries' in value)
  if (verb === 'T') write(writer, formatString(typeName(value), 's', flags)!)
  else if (verb === 'p' && isPointer) write(writer, hexAddress(address, !flags.sharp, flags))
  else if (verb === 'p' || (verb === 'w' && isPointer)) badVerb(writer, value, verb, flags)
  else printNested(writer, value, verb, flags)
}

function printNested(writer: Writer, value: Concrete | Boxed, verb: string, flags: Flags): void {
  if (isBoxed(value)) {
    const inner = unbox(value)
    if (inner === undefined) write(writer, flags.sharpV ? 'interface {}(nil)' : '<nil>')
    else printNested(writer, inner, verb, flags)
  } else if (typeof value === 'object' && value.type === '[]interface {}') printSlice(writer, value, verb, flags)
  else if (typeof value === 'object' && value.type === 'map[string]interface {}') printMap(writer, value, verb, flags)
  else {
    const shown = formatScalar(value, verb, flags)
    if (shown === undefined) badVerb(writer, value, verb, flags)
    else write(writer, shown)
  }
}

function formatScalar(value: Exclude<Concrete, GoSlice | GoMap>, verb: string, flags: Flags): Bytes | undefined {
  if (typeof value === 'string') return formatString(value, verb, flags)
  if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? pad(String(value), flags) : undefined
  if (value.type === 'complex128') return formatComplex(value.real, value.imaginary, verb, flags)
  if (value.type === 'float64') return formatFloatBy(value.value, verb, flags)
  return formatInteger(value.value, value.type !== 'uint8', verb, flags)
}

const boxed = (value: Held): Boxed => ({ type: 'interface {}', value })

function printSlice(writer: Writer, slice: GoSlice, verb: string, flags: Flags): void {
  write(writer, flags.sharpV ? '[]interface {}{' : '[')
  for (let index = 0; index < slice.length; index++) {
    if (index > 0) write(writer, flags.sharpV ? ', ' : ' ')
    printNested(writer, boxed(itemAt(slice, index)), verb, flags)
  }
  write(writer, flags.sharpV ? '}' : ']')
}

function printMap(writer: Writer, { entries }: GoMap, verb: string, flags: Flags): void {
  write(writer, flags.sharpV ? 'map[string]interface {}{' : 'map[')
  let isFirst = true
  for (const [key, value] of entries) {
    if (!isFirst) write(writer, flags.sharpV ? ', ' : ' ')
    isFirst = false
    printNested(writer, key, verb, flags)
    write(writer, ':')
    printNested(writer, boxed(value), verb, flags)
  }
  write(writer, flags.sharpV ? '}' : ']')
}

/** `%!d(string=a)` */
function badVerb(writer: Writer, value: Concrete | undefined, verb: string, flags: Flags): void {
  if (value === undefined) return write(writer, `%!${verb}(<nil>)`)
  write(writer, `%!${verb}(${typeName(value)}=`)
  printNested(writer, value, 'v', flags)
  write(writer, ')')
}
