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
  spell(uid, uidPlaces, 0, a)
  spell(uid, uidPlaces, 8, b)
  spell(uid, uidPlaces, 16, c)
  spell(uid, uidPlaces, 24, d)
  return String.fromCharCode.apply(null, uid)
}

const uint32s = 4_294_967_296

/** Two 32-bit numbers as sixteen hexadecimal digits. */
export function hexDigits(high: number, low: number): string {
  spell(hex, hexPlaces, 0, high)
  spell(hex, hexPlaces, 8, low)
  return String.fromCharCode.apply(null, hex)
}

// where they are spelled: made in one piece, a text need not be put together before the first Map hashes it
const uid = Array.from('00000000-0000-0000-0000-000000000000', (char) => char.charCodeAt(0))
const hex = Array.from('0000000000000000', (char) => char.charCodeAt(0))
const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Where the digits of a text stand. */
const placesIn = (text: readonly number[]): readonly number[] =>
  [...text.keys()].filter((place) => text[place] === digits[0])
const uidPlaces = placesIn(uid)
const hexPlaces = placesIn(hex)

/** Writes 32 bits as eight digits, the first of them at the place of that number. */
function spell(text: number[], places: readonly number[], first: number, bits: number): void {
  for (let index = 0; index < 8; index++) text[places[first + index]!] = digits[(bits >>> (28 - 4 * index)) & 15]!
}
