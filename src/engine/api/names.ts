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
    hex[a >>> 28]!, hex[(a >>> 24) & 15]!, hex[(a >>> 20) & 15]!, hex[(a >>> 16) & 15]!,
    hex[(a >>> 12) & 15]!, hex[(a >>> 8) & 15]!, hex[(a >>> 4) & 15]!, hex[a & 15]!, dash,
    hex[b >>> 28]!, hex[(b >>> 24) & 15]!, hex[(b >>> 20) & 15]!, hex[(b >>> 16) & 15]!, dash,
    hex[(b >>> 12) & 15]!, hex[(b >>> 8) & 15]!, hex[(b >>> 4) & 15]!, hex[b & 15]!, dash,
    hex[c >>> 28]!, hex[(c >>> 24) & 15]!, hex[(c >>> 20) & 15]!, hex[(c >>> 16) & 15]!, dash,
    hex[(c >>> 12) & 15]!, hex[(c >>> 8) & 15]!, hex[(c >>> 4) & 15]!, hex[c & 15]!,
    hex[d >>> 28]!, hex[(d >>> 24) & 15]!, hex[(d >>> 20) & 15]!, hex[(d >>> 16) & 15]!,
    hex[(d >>> 12) & 15]!, hex[(d >>> 8) & 15]!, hex[(d >>> 4) & 15]!, hex[d & 15]!,
  )
}

const uint32s = 4_294_967_296

/** Two 32-bit numbers as sixteen hexadecimal digits. */
export function hexDigits(high: number, low: number): string {
  // prettier-ignore
  return String.fromCharCode(
    hex[high >>> 28]!, hex[(high >>> 24) & 15]!, hex[(high >>> 20) & 15]!, hex[(high >>> 16) & 15]!,
    hex[(high >>> 12) & 15]!, hex[(high >>> 8) & 15]!, hex[(high >>> 4) & 15]!, hex[high & 15]!,
    hex[low >>> 28]!, hex[(low >>> 24) & 15]!, hex[(low >>> 20) & 15]!, hex[(low >>> 16) & 15]!,
    hex[(low >>> 12) & 15]!, hex[(low >>> 8) & 15]!, hex[(low >>> 4) & 15]!, hex[low & 15]!,
  )
}

// Texts are made in one piece, of all their characters: one that was put together would be again when the first Map hashes it.
const hex: readonly number[] = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const dash = '-'.charCodeAt(0)
