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
  const [a, b, c, d] = [uint32(), uint32(), uint32(), uint32()]
  const version = ((b & 0x0fff) | 0x4000) >>> 0
  const variant = ((c >>> 16) & 0x3fff) | 0x8000
  return `${pairs(a)}-${pairs(b).slice(0, 4)}-${version.toString(16)}-${variant.toString(16)}-${pairs(c).slice(4)}${pairs(d)}`
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function pairs(word: number): string {
  return bytes[word >>> 24]! + bytes[(word >>> 16) & 255]! + bytes[(word >>> 8) & 255]! + bytes[word & 255]!
}
