/** A string of Go: bytes, here a text whose every character is one byte (0 to 255). Data may be no UTF-8 at all. */
export type Bytes = string

/** What stands for bytes that are no character. */
export const runeError = 0xfffd

/** The greatest code point. */
export const runeMax = 0x10ffff

/** A text as UTF-8; half a surrogate pair becomes U+FFFD. */
export function toBytes(text: string): Bytes {
  if (/^\p{ASCII}*$/u.test(text)) return text
  let bytes = ''
  for (const character of text) bytes += encodeRune(character.codePointAt(0)!)
  return bytes
}

/** UTF-8 as a text; each byte that belongs to no character becomes U+FFFD. */
export function toText(bytes: Bytes): string {
  if (/^\p{ASCII}*$/u.test(bytes)) return bytes
  const pieces: string[] = []
  const plain = /\p{ASCII}*/uy
  for (let at = 0; at < bytes.length;) {
    plain.lastIndex = at
    pieces.push(plain.exec(bytes)![0])
    at = plain.lastIndex
    if (at === bytes.length) break
    const { code, width } = decodeRune(bytes, at)
    pieces.push(String.fromCodePoint(code))
    at += width
  }
  return pieces.join('')
}

/** A character among bytes. */
export interface Rune {
  readonly code: number
  readonly width: number
}

/** The character at a place before the end; what is none is U+FFFD, one byte wide. */
export function decodeRune(bytes: Bytes, at: number): Rune {
  const first = bytes.charCodeAt(at)
  if (first < 0x80) return { code: first, width: 1 }
  const width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  let code = first & (0x7f >> width)
  for (let index = 1; index < width; index++) {
    const next = bytes.charCodeAt(at + index)
    if (!(next >= 0x80 && next < 0xc0)) return broken
    code = (code << 6) | (next & 63)
  }
  const isWhole = width > 0 && code >= (width === 3 ? 0x800 : width === 4 ? 0x10000 : 0) && isRune(code)
  return isWhole ? { code, width } : broken
}

const broken: Rune = { code: runeError, width: 1 }

/** Whether a number is a character's: no half of a surrogate pair, nothing beyond Unicode. */
export function isRune(code: number): boolean {
  return code >= 0 && code <= runeMax && (code < 0xd800 || code > 0xdfff)
}

/** A character as UTF-8; a number that is none becomes U+FFFD. */
export function encodeRune(code: number): Bytes {
  if (!isRune(code)) return '\xef\xbf\xbd'
  if (code < 0x80) return String.fromCharCode(code)
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 63)
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(0))
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(6), tail(0))
  return String.fromCharCode(0xf0 | (code >> 18), tail(12), tail(6), tail(0))
}

/** How many characters bytes make. */
export function countRunes(bytes: Bytes): number {
  let count = 0
  for (let at = 0; at < bytes.length; count++) at += decodeRune(bytes, at).width
  return count
}
