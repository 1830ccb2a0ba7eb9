import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded numbers: one stream per component name, so that a new draw in one place moves nothing elsewhere. */
export interface RandomState {
  readonly seed: number
  /** four 32-bit words each, as pure-rand's xoroshiro128+ has them: s01, s00, s11, s10 */
  streams: Map<string, number[]>
}

/** No stream has been drawn from yet. */
export function createRandom(seed: number): RandomState {
  return { seed: seed | 0, streams: new Map() }
}

/** The stream of that name; it begins when it is first asked for. */
export function streamOf(random: RandomState, name: string): number[] {
  let stream = random.streams.get(name)
  if (stream === undefined) {
    stream = [...xoroshiro128plus(random.seed ^ hash32(name)).getState()]
    random.streams.set(name, stream)
  }
  return stream
}

/** The next 32 bits of a stream, as an unsigned integer: one step of pure-rand's xoroshiro128+ in place, without making one for each draw. */
export function nextUint32(stream: number[]): number {
  const s01 = stream[0]!
  const s00 = stream[1]!
  const s11 = stream[2]!
  const s10 = stream[3]!
  const low = s10 ^ s00
  const high = s11 ^ s01
  stream[0] = (s01 << 24) ^ (s00 >>> 8) ^ high ^ ((high << 16) | (low >>> 16))
  stream[1] = (s00 << 24) ^ (s01 >>> 8) ^ low ^ (low << 16)
  stream[2] = (low << 5) ^ (high >>> 27)
  stream[3] = (high << 5) ^ (low >>> 27)
  return (s00 + s10) >>> 0
}

/** A whole number from 0 up to, but not including, `below` (1 … 2^32). */
export function nextInt(stream: number[], below: number): number {
  return Math.floor((nextUint32(stream) / 4294967296) * below)
}

/** A number from 0 up to, but not including, 1. */
export function nextFloat(stream: number[]): number {
  return nextUint32(stream) / 4294967296
}

const prime = 0x01000193
const bar = '|'.charCodeAt(0)

/** FNV-1a over the text's UTF-16 units: stable, and fast enough for names. `from`: the hash of what stands before the text. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime)
  return hash >>> 0
}

/** The hash of a text that is hashed already, a bar and more text, without putting them together. */
export function hashJoined(hash: number, text: string): number {
  return hash32(text, Math.imul(hash ^ bar, prime))
}
