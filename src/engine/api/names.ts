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
  spell(0, a >>> 16)
  spell(4, a & 0xffff)
  spell(9, b >>> 16)
  spell(14, b & 0xffff)
  spell(19, c >>> 16)
  spell(24, c & 0xffff)
  spell(28, d >>> 16)
  spell(32, d & 0xffff)
  return String.fromCharCode.apply(null, letters)
}

// where a uid is spelled: made in one piece, it need not be put together before the first Map hashes it
const letters = Array.from({ length: 36 }, () => '-'.charCodeAt(0))
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Writes 16 bits as four digits. */
function spell(at: number, bits: number): void {
  letters[at] = digits[bits >>> 12]!
  letters[at + 1] = digits[(bits >>> 8) & 15]!
  letters[at + 2] = digits[(bits >>> 4) & 15]!
  letters[at + 3] = digits[bits & 15]!
}
