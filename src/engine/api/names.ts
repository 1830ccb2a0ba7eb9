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

/** A random version 4 UUID; `int` draws a whole number below its argument. */
export function randomUid(int: (below: number) => number): string {
  const a = int(uint32s)
  const b = (int(uint32s) & 0xffff0fff) | 0x4000
  const c = (int(uint32s) & 0x3fffffff) | 0x80000000
  const d = int(uint32s)
  // prettier-ignore
  return String.fromCharCode(
    hex(a, 28), hex(a, 24), hex(a, 20), hex(a, 16), hex(a, 12), hex(a, 8), hex(a, 4), hex(a, 0), dash,
    hex(b, 28), hex(b, 24), hex(b, 20), hex(b, 16), dash, hex(b, 12), hex(b, 8), hex(b, 4), hex(b, 0), dash,
    hex(c, 28), hex(c, 24), hex(c, 20), hex(c, 16), dash, hex(c, 12), hex(c, 8), hex(c, 4), hex(c, 0),
    hex(d, 28), hex(d, 24), hex(d, 20), hex(d, 16), hex(d, 12), hex(d, 8), hex(d, 4), hex(d, 0),
  )
}

const uint32s = 4_294_967_296

/** How an Event's name ends: a dot, and two 32-bit numbers as sixteen hexadecimal digits. */
export function eventSuffix(high: number, low: number): string {
  // prettier-ignore
  return String.fromCharCode(dot,
    hex(high, 28), hex(high, 24), hex(high, 20), hex(high, 16), hex(high, 12), hex(high, 8), hex(high, 4), hex(high, 0),
    hex(low, 28), hex(low, 24), hex(low, 20), hex(low, 16), hex(low, 12), hex(low, 8), hex(low, 4), hex(low, 0),
  )
}

const dash = '-'.charCodeAt(0)
const dot = '.'.charCodeAt(0)
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** The code of one hexadecimal digit of 32 bits. Texts are made of codes in one piece, so that no Map need put them together. */
const hex = (bits: number, shift: number): number => digits[(bits >>> shift) & 15]!
