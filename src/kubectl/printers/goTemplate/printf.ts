import { decodeRune, type Bytes } from './bytes.ts'
import { noFlags, type Flags } from './flags.ts'
import { printArgument, write, written, type Writer } from './print.ts'
import { isInteger, typeName, type Concrete } from './values.ts'

// upstream: Go's fmt/print.go doPrintf

type Arguments = readonly (Concrete | undefined)[]

/** Where a format is read. */
interface Reading {
  readonly format: Bytes
  readonly values: Arguments
  at: number
  /** of the argument that is next */
  next: number
  /** a number like `[3]` was read just now */
  isAfterIndex: boolean
  isIndexGood: boolean
  isReordered: boolean
}

/** A format filled in, as `printf` does. */
export function sprintf(format: Bytes, values: Arguments): Bytes {
  return written((writer) => {
    const reading: Reading = {
      format,
      values,
      at: 0,
      next: 0,
      isAfterIndex: false,
      isIndexGood: true,
      isReordered: false,
    }
    while (reading.at < format.length) {
      const percent = format.indexOf('%', reading.at)
      const end = percent < 0 ? format.length : percent
      if (end > reading.at) write(writer, format.slice(reading.at, end))
      reading.at = end + 1
      if (percent >= 0) printOne(writer, reading)
    }
    if (!reading.isReordered && reading.next < values.length) printExtra(writer, values.slice(reading.next))
  })
}

function printOne(writer: Writer, reading: Reading): void {
  const { format, values } = reading
  const flags = readFlags(reading)
  reading.isIndexGood = true
  readIndex(reading)
  readWidth(writer, reading, flags)
  readPrecision(writer, reading, flags)
  if (!reading.isAfterIndex) readIndex(reading)
  if (reading.at >= format.length) return write(writer, '%!(NOVERB)')
  const { width } = decodeRune(format, reading.at)
  const verb = format.slice(reading.at, reading.at + width)
  reading.at += width
  if (verb === '%') write(writer, '%')
  else if (!reading.isIndexGood) write(writer, `%!${verb}(BADINDEX)`)
  else if (reading.next >= values.length) write(writer, `%!${verb}(MISSING)`)
  else printArgument(writer, values[reading.next++], verb, verb === 'v' || verb === 'w' ? inGoSyntax(flags) : flags)
}

const inGoSyntax = (flags: Flags): Flags => ({
  ...flags,
  sharpV: flags.sharp,
  sharp: false,
  plusV: flags.plus,
  plus: false,
})

function printExtra(writer: Writer, values: Arguments): void {
  write(writer, '%!(EXTRA ')
  values.forEach((value, index) => {
    if (index > 0) write(writer, ', ')
    if (value === undefined) return write(writer, '<nil>')
    write(writer, `${typeName(value)}=`)
    printArgument(writer, value, 'v', noFlags())
  })
  write(writer, ')')
}

const flagNames = { '#': 'sharp', '0': 'zero', '+': 'plus', '-': 'minus', ' ': 'space' } as const

function readFlags(reading: Reading): Flags {
  const flags = noFlags()
  for (; reading.at < reading.format.length; reading.at++) {
    const name = flagNames[reading.format[reading.at] as keyof typeof flagNames]
    if (name === undefined) break
    flags[name] = true
  }
  return flags
}

function readWidth(writer: Writer, reading: Reading, flags: Flags): void {
  if (reading.format[reading.at] === '*') {
    reading.at++
    const width = takeInteger(reading)
    if (width === undefined) write(writer, '%!(BADWIDTH)')
    else flags.width = Math.abs(width)
    if (width !== undefined && width < 0) {
      flags.minus = true
      flags.zero = false
    }
    reading.isAfterIndex = false
    return
  }
  flags.width = readNumber(reading, reading.format.length)
  if (reading.isAfterIndex && flags.width !== undefined) reading.isIndexGood = false
}

function readPrecision(writer: Writer, reading: Reading, flags: Flags): void {
  if (reading.at + 1 >= reading.format.length || reading.format[reading.at] !== '.') return
  reading.at++
  if (reading.isAfterIndex) reading.isIndexGood = false
  readIndex(reading)
  if (reading.format[reading.at] !== '*') {
    flags.precision = readNumber(reading, reading.format.length) ?? 0
    return
  }
  reading.at++
  const precision = takeInteger(reading)
  if (precision === undefined || precision < 0) write(writer, '%!(BADPREC)')
  else flags.precision = precision
  reading.isAfterIndex = false
}

const sizeMax = 1_000_000

/** Takes an argument as a width; undefined where it is none, or too large. */
function takeInteger(reading: Reading): number | undefined {
  if (reading.next >= reading.values.length) return undefined
  const value = reading.values[reading.next++]
  if (!isInteger(value)) return undefined
  const size = Number(value.value)
  return Math.abs(size) > sizeMax ? undefined : size
}

/** Reads digits up to an end; undefined where there are none. A number too large takes all of the rest with it. */
function readNumber(reading: Reading, end: number): number | undefined {
  let number: number | undefined
  for (; reading.at < end && /[0-9]/.test(reading.format[reading.at]!); reading.at++) {
    if ((number ?? 0) > sizeMax) {
      reading.at = end
      return undefined
    }
    number = (number ?? 0) * 10 + Number(reading.format[reading.at])
  }
  return number
}

/** Reads `[3]`, the number of the argument that is meant. */
function readIndex(reading: Reading): void {
  const { format, values, at } = reading
  reading.isAfterIndex = false
  if (format[at] !== '[') return
  reading.isReordered = true
  const end = at + 3 > format.length ? -1 : format.indexOf(']', at + 1)
  reading.at = end < 0 ? at + 1 : end + 1
  const inner: Reading = { ...reading, at: at + 1 }
  const number = end < 0 ? undefined : readNumber(inner, end)
  const isNumber = number !== undefined && inner.at === end
  if (isNumber && number >= 1 && number <= values.length) reading.next = number - 1
  else reading.isIndexGood = false
  reading.isAfterIndex = isNumber
}
