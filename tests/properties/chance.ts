/** A seeded die for tests that throw things. */
export interface Chance {
  /** a whole number below `below` */
  readonly int: (below: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  /** true once in `of` times */
  readonly once: (of: number) => boolean
}

/** Makes a die. upstream of nothing: mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { int, pick: (list) => list[int(list.length)]!, once: (of) => int(of) === 0 }
}

const junk: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  1.5,
  65536,
  2147483648,
  1e300,
  '',
  'x',
  'x'.repeat(300),
  'ä🙂\u0000',
  '-',
  '1',
  '10%',
  '100m',
  '1e400',
  '1Gi',
  '99999999999999999999Ei',
  '0x1f',
  'UTC',
  '*/5 * * * *',
  '2026-01-01T00:00:00Z',
  '10.0.0.1',
  '::1/129',
  'a/b/c',
  'In',
  'Exists',
  'kubernetes.io/hostname',
  [],
  {},
  [null],
  [[]],
  [{}],
  { a: null },
  { '': '' },
  { constructor: 1, toString: 'x' },
  JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  { $patch: 'delete' },
  { $patch: 'replace', name: 'a' },
  { '$setElementOrder/containers': [{ name: 'x' }] },
]

/** Changes a few things about a value of JSON, in a copy: junk put in, parts left out, doubled, swapped. */
export function mutated<T>(chance: Chance, value: T): T {
  const copy = JSON.parse(JSON.stringify({ value })) as { value: T }
  const times = 1 + chance.int(3)
  for (let time = 0; time < times; time++) mutateOnce(chance, copy)
  return copy.value
}

function mutateOnce(chance: Chance, root: object): void {
  const places: (readonly [container: Record<string, unknown> | unknown[], key: string])[] = []
  const visit = (container: object): void => {
    for (const key of Object.keys(container)) {
      const inner = (container as Record<string, unknown>)[key]
      places.push([container as Record<string, unknown>, key])
      if (typeof inner === 'object' && inner !== null) visit(inner)
    }
  }
  visit(root)
  const [container, key] = chance.pick(places)
  const holder = container as Record<string, unknown>
  switch (chance.int(6)) {
    case 0:
      if (Array.isArray(container)) container.splice(Number(key), 1)
      else if ((container as object) !== root) delete holder[key]
      break
    case 1:
      if (Array.isArray(container)) container.push(copied(container[Number(key)]))
      else holder[`${key}x`] = copied(holder[key])
      break
    case 2: {
      const [other, from] = chance.pick(places)
      holder[key] = copied((other as Record<string, unknown>)[from])
      break
    }
    default:
      holder[key] = copied(chance.pick(junk))
  }
}

/** A piece of junk. */
export const anyJunk = (chance: Chance): unknown => copied(chance.pick(junk))

const copied = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown)
