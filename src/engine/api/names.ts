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
    digits[a >>> 28]!, digits[(a >>> 24) & 15]!, digits[(a >>> 20) & 15]!, digits[(a >>> 16) & 15]!,
    digits[(a >>> 12) & 15]!, digits[(a >>> 8) & 15]!, digits[(a >>> 4) & 15]!, digits[a & 15]!,
    dash, digits[b >>> 28]!, digits[(b >>> 24) & 15]!, digits[(b >>> 20) & 15]!, digits[(b >>> 16) & 15]!,
    dash, digits[(b >>> 12) & 15]!, digits[(b >>> 8) & 15]!, digits[(b >>> 4) & 15]!, digits[b & 15]!,
    dash, digits[c >>> 28]!, digits[(c >>> 24) & 15]!, digits[(c >>> 20) & 15]!, digits[(c >>> 16) & 15]!,
    dash, digits[(c >>> 12) & 15]!, digits[(c >>> 8) & 15]!, digits[(c >>> 4) & 15]!, digits[c & 15]!,
    digits[d >>> 28]!, digits[(d >>> 24) & 15]!, digits[(d >>> 20) & 15]!, digits[(d >>> 16) & 15]!,
    digits[(d >>> 12) & 15]!, digits[(d >>> 8) & 15]!, digits[(d >>> 4) & 15]!, digits[d & 15]!,
  )
}

const uint32s = 4_294_967_296

/** How an Event's name ends: a dot, and two 32-bit numbers as sixteen hexadecimal digits. */
export function eventSuffix(high: number, low: number): string {
  // prettier-ignore
  return String.fromCharCode(
    dot, digits[high >>> 28]!, digits[(high >>> 24) & 15]!, digits[(high >>> 20) & 15]!, digits[(high >>> 16) & 15]!,
    digits[(high >>> 12) & 15]!, digits[(high >>> 8) & 15]!, digits[(high >>> 4) & 15]!, digits[high & 15]!,
    digits[low >>> 28]!, digits[(low >>> 24) & 15]!, digits[(low >>> 20) & 15]!, digits[(low >>> 16) & 15]!,
    digits[(low >>> 12) & 15]!, digits[(low >>> 8) & 15]!, digits[(low >>> 4) & 15]!, digits[low & 15]!,
  )
}

const dash = '-'.charCodeAt(0)
const dot = '.'.charCodeAt(0)
/** by what they stand for: texts are made of codes in one piece, so that no Map need put them together */
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
