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
  const b = ((uint32() & 0xffff0fff) | 0x4000) >>> 0
  const c = ((uint32() & 0x3fffffff) | 0x80000000) >>> 0
  return `${pairs(a)}-${high(b)}-${low(b)}-${high(c)}-${low(c)}${pairs(uint32())}`
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const high = (word: number): string => bytes[word >>> 24]! + bytes[(word >>> 16) & 255]!
const low = (word: number): string => bytes[(word >>> 8) & 255]! + bytes[word & 255]!

const pairs = (word: number): string => high(word) + low(word)
