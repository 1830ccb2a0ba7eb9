import type { Bytes } from './bytes.ts'
import { quote, unquoteChar } from './quote.ts'

// upstream: Go's text/template/parse/node.go newNumber, and strconv

/** A number constant as all that it can be; undefined for what it cannot. */
export interface NumberForms {
  readonly text: Bytes
  readonly int: bigint | undefined
  readonly uint: bigint | undefined
  readonly float: number | undefined
  /** real and imaginary */
  readonly complex: readonly [number, number] | undefined
}

/** Reads a number or a character constant; a text says what is wrong with it. */
export function parseNumber(text: Bytes, type: 'number' | 'complex' | 'charConstant'): NumberForms | string {
  if (type === 'charConstant') return parseCharacter(text)
  if (type === 'complex') return parseComplex(text)
  const imaginary = text.endsWith('i') ? parseFloatText(text.slice(0, -1)) : undefined
  if (imaginary !== undefined) return ofComplex(text, 0, imaginary)
  const whole = parseWhole(text)
  const uint = whole !== undefined && (!/^[+-]/.test(text) || whole === 0n) ? fitting(whole, 64n, false) : undefined
  const int = whole === undefined ? undefined : fitting(whole, 64n, true)
  if (int !== undefined || uint !== undefined)
    return { text, int, uint, float: Number(int ?? uint), complex: undefined }
  const float = parseFloatText(text)
  if (float === undefined) return `illegal number syntax: ${quote(text)}`
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`
  return { text, ...wholeForms(float), float, complex: undefined }
}

function parseCharacter(text: Bytes): NumberForms | string {
  const read = unquoteChar(text.slice(1), "'")
  if (read === undefined) return 'invalid syntax'
  if (read.rest !== "'") return `malformed character constant: ${text}`
  const { code } = read
  return { text, int: BigInt(code), uint: BigInt(code), float: code, complex: undefined }
}

function parseComplex(text: Bytes): NumberForms | string {
  const [, real = '', imaginary = ''] = /^(.*[^eEpP+-])([+-].*)i$/.exec(text) ?? []
  if (/^[+-]?$/.test(imaginary)) return 'syntax error scanning complex number'
  const values = [parseFloatText(real), parseFloatText(imaginary)] as const
  const wrong = values.indexOf(undefined)
  if (wrong >= 0) return `strconv.ParseFloat: parsing ${quote([real, imaginary][wrong]!)}: invalid syntax`
  return ofComplex(text, values[0]!, values[1]!)
}

function ofComplex(text: Bytes, real: number, imaginary: number): NumberForms {
  const isReal = imaginary === 0
  const forms = isReal ? wholeForms(real) : { int: undefined, uint: undefined }
  return { text, ...forms, float: isReal ? real : undefined, complex: [real, imaginary] }
}

function wholeForms(float: number): Pick<NumberForms, 'int' | 'uint'> {
  if (!Number.isInteger(float)) return { int: undefined, uint: undefined }
  const whole = BigInt(float)
  return { int: fitting(whole, 64n, true), uint: fitting(whole, 64n, false) }
}

function fitting(value: bigint, bits: bigint, isSigned: boolean): bigint | undefined {
  const bound = isSigned ? 1n << (bits - 1n) : 1n << bits
  return value < bound && value >= (isSigned ? -bound : 0n) ? value : undefined
}

const wholeShape = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/

// Numbers longer than this fit nowhere, and to read them is not free.
const digitsMax = 2000

/** A whole number in any base: 12, 0x_ff, 0b1, 0o17, 017. */
function parseWhole(text: Bytes): bigint | undefined {
  if (!wholeShape.test(text) || text.length > digitsMax) return undefined
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return text.startsWith('-') ? -value : value
}

const floatShape = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/
const hexFloatShape = /^([+-]?)0[xX]((?:_?[\da-fA-F])*)(?:\.((?:[\da-fA-F](?:_?[\da-fA-F])*)?))?[pP]([+-]?\d(?:_?\d)*)$/

/** A number with a fraction, decimal or 0x1p-2; undefined where it is none, or beyond what there is. */
export function parseFloatText(text: Bytes): number | undefined {
  const value = floatShape.test(text) ? Number(text.replaceAll('_', '')) : parseHexFloat(text)
  return value === undefined || !Number.isFinite(value) ? undefined : value
}

function parseHexFloat(text: Bytes): number | undefined {
  const [found, sign, whole = '', fraction = '', exponent = ''] = hexFloatShape.exec(text) ?? []
  const digits = (whole + fraction).replaceAll('_', '')
  if (found === undefined || digits === '' || digits.length > digitsMax) return undefined
  const power = Number(exponent.replaceAll('_', '')) - 4 * fraction.replaceAll('_', '').length
  const half = Math.trunc(power / 2)
  const value = Number(BigInt(`0x${digits}`)) * 2 ** half * 2 ** (power - half)
  return sign === '-' ? -value : value
}
