import { decodeRune, encodeRune, isRune, runeError, type Bytes } from './bytes.ts'

// upstream: Go's strconv/quote.go

/** Whether Go prints a character as it is: letters, marks, numbers, punctuation, symbols and the space. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20
  return isRune(code) && /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(String.fromCodePoint(code))
}

/** A string as a literal of Go: `"a\n"`. */
export function quote(bytes: Bytes, isAscii = false): Bytes {
  let quoted = '"'
  for (let at = 0; at < bytes.length;) {
    const { code, width } = decodeRune(bytes, at)
    const isBroken = code === runeError && width === 1
    quoted += isBroken ? `\\x${hex(bytes.charCodeAt(at), 2)}` : escaped(code, '"', isAscii)
    at += width
  }
  return `${quoted}"`
}

/** A character as a literal of Go: `'a'`. */
export function quoteRune(code: number, isAscii = false): Bytes {
  return `'${escaped(isRune(code) ? code : runeError, "'", isAscii)}'`
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0')

const letters: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }
const named = new Map(Object.entries(letters).map(([letter, code]) => [code, letter]))

function escaped(code: number, mark: string, isAscii: boolean): Bytes {
  const character = String.fromCodePoint(code)
  if (character === mark || character === '\\') return `\\${character}`
  if (isPrintable(code) && !(isAscii && code > 0x7f)) return encodeRune(code)
  const letter = named.get(code)
  if (letter !== undefined) return `\\${letter}`
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

/** Whether a string can stand between backquotes: no control characters but tabs, all of it UTF-8. */
export function canBackquote(bytes: Bytes): boolean {
  for (let at = 0; at < bytes.length;) {
    const { code, width } = decodeRune(bytes, at)
    at += width
    if (code === 0xfeff || (code === runeError && width === 1)) return false
    if ((code < 0x20 && code !== 9) || code === 0x60 || code === 0x7f) return false
  }
  return true
}

/** What a literal between quotes or backquotes says; undefined where it is none. */
export function unquote(literal: Bytes): Bytes | undefined {
  const mark = literal[0]!
  const inner = literal.slice(1, -1)
  if (mark === '`') return inner.replaceAll('\r', '')
  let text = ''
  for (let rest = inner; rest !== '';) {
    const read = unquoteChar(rest, mark)
    if (read === undefined || rest.startsWith('\n')) return undefined
    text += read.bytes
    rest = read.rest
  }
  return text
}

/** The first character of a literal's inside. */
export interface Unquoted {
  readonly code: number
  readonly bytes: Bytes
  readonly rest: Bytes
}

/** Reads one character, escaped or not; undefined where it makes no sense between such quotes. */
export function unquoteChar(text: Bytes, mark: string): Unquoted | undefined {
  const first = text[0]
  if (first === undefined || first === mark) return undefined
  if (first !== '\\') {
    const { code, width } = decodeRune(text, 0)
    return { code, bytes: encodeRune(code), rest: text.slice(width) }
  }
  const digits = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/.exec(text)
  if (digits) return ofDigits(digits, text.slice(digits[0].length))
  const letter = text[1] ?? ''
  const code = letters[letter] ?? (letter === '\\' || letter === mark ? letter.charCodeAt(0) : undefined)
  return code === undefined ? undefined : { code, bytes: String.fromCharCode(code), rest: text.slice(2) }
}

function ofDigits([, byte, short, long, octal]: RegExpExecArray, rest: Bytes): Unquoted | undefined {
  if (byte !== undefined || octal !== undefined) {
    const code = byte === undefined ? parseInt(octal!, 8) : parseInt(byte, 16)
    return code > 255 ? undefined : { code, bytes: String.fromCharCode(code), rest }
  }
  const code = parseInt((short ?? long)!, 16)
  return isRune(code) ? { code, bytes: encodeRune(code), rest } : undefined
}
