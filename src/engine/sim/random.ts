import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded numbers: one stream per component name, so that a new draw in one place moves nothing elsewhere. */
export interface RandomState {
  readonly seed: number
  streams: Map<string, readonly number[]>
}

/** No stream has been drawn from yet. */
export function createRandom(seed: number): RandomState {
  return { seed: seed | 0, streams: new Map() }
}

/** The next 32 bits of a stream, as an unsigned integer. */
export function nextUint32(random: RandomState, stream: string): number {
  const state = random.streams.get(stream)
  const generator = state ? xoroshiro128plusFromState(state) : xoroshiro128plus(random.seed ^ hash32(stream))
  const value = generator.next() >>> 0
  random.streams.set(stream, Object.freeze([...generator.getState()]))
  return value
}

/** A whole number from 0 up to, but not including, `below` (1 … 2^32). */
export function nextInt(random: RandomState, stream: string, below: number): number {
  return Math.floor((nextUint32(random, stream) / 4294967296) * below)
}

/** A number from 0 up to, but not including, 1. */
export function nextFloat(random: RandomState, stream: string): number {
  return nextUint32(random, stream) / 4294967296
}

/** FNV-1a over the text's UTF-16 units: stable, and fast enough for names. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
