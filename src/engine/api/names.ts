// upstream: apimachinery/pkg/util/rand/rand.go: no vowels, no 0, 1 and 3, so that no words appear
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Five characters as `generateName` appends them; `int` draws a whole number below its argument. */
export function randomSuffix(int: (below: number) => number, length = 5): string {
  let suffix = ''
  for (let index = 0; index < length; index++) suffix += alphabet[int(alphabet.length)]
  return suffix
}

/** upstream: apiserver/pkg/storage/names/generate.go: the base is cut so that the name stays within 63 characters. */
export function generateName(base: string, int: (below: number) => number): string {
  return base.slice(0, 58) + randomSuffix(int)
}

/** upstream: rand.SafeEncodeString: each character of a decimal number becomes a harmless letter. */
export function safeEncode(text: string): string {
  let encoded = ''
  for (let index = 0; index < text.length; index++) encoded += alphabet[text.charCodeAt(index) % alphabet.length]
  return encoded
}

/** A random version 4 UUID, from 32-bit draws. */
export function randomUid(uint32: () => number): string {
  const a = uint32()
  const b = (uint32() & 0xffff0fff) | 0x4000
  const c = (uint32() & 0x3fffffff) | 0x80000000
  const d = uint32()
  spell(uid, 0, a >>> 16)
  spell(uid, 4, a & 0xffff)
  spell(uid, 9, b >>> 16)
  spell(uid, 14, b & 0xffff)
  spell(uid, 19, c >>> 16)
  spell(uid, 24, c & 0xffff)
  spell(uid, 28, d >>> 16)
  spell(uid, 32, d & 0xffff)
  return String.fromCharCode.apply(null, uid)
}

/** Two 32-bit numbers as sixteen hexadecimal digits. */
export function hexDigits(high: number, low: number): string {
  spell(hex, 0, high >>> 16)
  spell(hex, 4, high & 0xffff)
  spell(hex, 8, low >>> 16)
  spell(hex, 12, low & 0xffff)
  return String.fromCharCode.apply(null, hex)
}

// where they are spelled: made in one piece, a text need not be put together before the first Map hashes it
const uid = Array.from({ length: 36 }, () => '-'.charCodeAt(0))
const hex = Array.from({ length: 16 }, () => '0'.charCodeAt(0))
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Writes 16 bits as four digits. */
function spell(text: number[], at: number, bits: number): void {
  text[at] = digits[bits >>> 12]!
  text[at + 1] = digits[(bits >>> 8) & 15]!
  text[at + 2] = digits[(bits >>> 4) & 15]!
  text[at + 3] = digits[bits & 15]!
}
