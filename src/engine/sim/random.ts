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

/** The next 32 bits of a stream, as an unsigned integer. */
export function nextUint32(random: RandomState, stream: string): number {
  let state = random.streams.get(stream)
  if (state === undefined) {
    state = [...xoroshiro128plus(random.seed ^ hash32(stream)).getState()]
    random.streams.set(stream, state)
  }
  return step(state)
}

/** One step of xoroshiro128+ in place: what pure-rand's generator does, without making one for each draw. */
function step(state: number[]): number {
  const [s01, s00, s11, s10] = state as [number, number, number, number]
  const low = s10 ^ s00
  const high = s11 ^ s01
  state[1] = (s00 << 24) ^ (s01 >>> 8) ^ low ^ (low << 16)
  state[0] = (s01 << 24) ^ (s00 >>> 8) ^ high ^ ((high << 16) | (low >>> 16))
  state[3] = (high << 5) ^ (low >>> 27)
  state[2] = (low << 5) ^ (high >>> 27)
  return (s00 + s10) >>> 0
}

/** A whole number from 0 up to, but not including, `below` (1 … 2^32). */
export function nextInt(random: RandomState, stream: string, below: number): number {
  return Math.floor((nextUint32(random, stream) / 4294967296) * below)
}

/** A number from 0 up to, but not including, 1. */
export function nextFloat(random: RandomState, stream: string): number {
  return nextUint32(random, stream) / 4294967296
}

/** FNV-1a over the text's UTF-16 units: stable, and fast enough for names. `from`: the hash of what stands before the text. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
