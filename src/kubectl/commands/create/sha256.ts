import { utf8Of } from '../../base64.ts'

const rotate = (value: number, by: number): number => (value >>> by) | (value << (32 - by))

function primes(count: number): readonly number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 4294967296) | 0

const rounds = primes(64).map((prime) => fraction(Math.cbrt(prime)))
const initial = primes(8).map((prime) => fraction(Math.sqrt(prime)))

/** The SHA-256 of a text's UTF-8 bytes, in hexadecimal. FIPS 180-4. */
export function sha256Hex(text: string): string {
  const words = padded(utf8Of(text))
  let state = initial
  for (let at = 0; at < words.length; at += 16) state = compress(state, words.slice(at, at + 16))
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function padded(bytes: readonly number[]): number[] {
  const length = Math.ceil((bytes.length + 9) / 64) * 16
  const words = new Array<number>(length).fill(0)
  ;[...bytes, 0x80].forEach((byte, index) => (words[index >> 2]! |= byte << (24 - (index % 4) * 8)))
  words[length - 1] = bytes.length * 8
  return words
}

function compress(state: readonly number[], block: readonly number[]): number[] {
  const words = [...block]
  for (let index = 16; index < 64; index++) {
    const [x, y] = [words[index - 15]!, words[index - 2]!]
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    words[index] = (words[index - 16]! + s0 + words[index - 7]! + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
  for (let index = 0; index < 64; index++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + rounds[index]! + words[index]!) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  return [a, b, c, d, e, f, g, h].map((value, index) => (value + state[index]!) | 0)
}
