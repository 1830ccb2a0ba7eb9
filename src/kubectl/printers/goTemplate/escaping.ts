import { decodeRune, encodeRune, type Bytes } from './bytes.ts'
import { CallError } from './failure.ts'
import { isPrintable } from './quote.ts'

// upstream: Go's text/template/funcs.go, net/url and encoding/base64

const entities: Readonly<Record<string, string>> = {
  '\0': '\xef\xbf\xbd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

/** A text as HTML shows it. */
export function escapeHtml(text: Bytes): Bytes {
  return text.replace(/[\0"'&<>]/g, (character) => entities[character]!)
}

/** A text as it can stand in a string of JavaScript. */
export function escapeJs(text: Bytes): Bytes {
  let escaped = ''
  for (let at = 0; at < text.length;) {
    const { code, width } = decodeRune(text, at)
    at += width
    const character = String.fromCodePoint(code)
    if (code >= 0x80) escaped += isPrintable(code) ? encodeRune(code) : `\\u${hex(code)}`
    else if (/[\\'"]/.test(character)) escaped += `\\${character}`
    else escaped += code < 0x20 || /[<>&=]/.test(character) ? `\\u${hex(code)}` : character
  }
  return escaped
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')

/** A text as it can stand in the query of a URL. */
export function escapeQuery(text: Bytes): Bytes {
  return text.replace(/[^\w\-.~]/g, (character) =>
    character === ' ' ? '+' : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What base64 says; line ends are passed over. Throws a CallError that tells the first wrong byte. */
export function decodeBase64(text: Bytes): Bytes {
  const pieces: string[] = []
  let bits = 0
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\n' || character === '\r') continue
    if (character === '=') return pieces.join('') + lastOf(text, at, bits, count)
    const value = alphabet.indexOf(character)
    if (value < 0) throw corrupt(at)
    bits = ((bits << 6) | value) & 0xffffff
    if (++count % 4 === 0) pieces.push(bytesOf(bits, 3))
  }
  if (count % 4 !== 0) throw corrupt(text.length - (count % 4))
  return pieces.join('')
}

/** What the last, filled up four say: one byte or two. */
function lastOf(text: Bytes, equals: number, bits: number, count: number): Bytes {
  const digits = count % 4
  if (digits < 2) throw corrupt(equals)
  let at = pastLineEnds(text, equals + 1)
  if (digits === 2) {
    if (at === text.length) throw corrupt(text.length)
    if (text[at] !== '=') throw corrupt(at - 1)
    at = pastLineEnds(text, at + 1)
  }
  if (at < text.length) throw corrupt(at)
  return bytesOf(bits << (6 * (4 - digits)), digits - 1)
}

function pastLineEnds(text: Bytes, from: number): number {
  let at = from
  while (text[at] === '\n' || text[at] === '\r') at++
  return at
}

function bytesOf(bits: number, count: number): Bytes {
  return String.fromCharCode((bits >> 16) & 255, (bits >> 8) & 255, bits & 255).slice(0, count)
}

function corrupt(at: number): CallError {
  return new CallError(`base64 decode failed: illegal base64 data at input byte ${at}`)
}
