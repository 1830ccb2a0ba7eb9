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
  const hex = (value: number): string => value.toString(16).padStart(8, '0')
  const digits = hex(uint32()) + hex(uint32()) + hex(uint32()) + hex(uint32())
  const variant = '89ab'[parseInt(digits[16]!, 16) & 3]!
  const tail = `${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${tail}`
}
