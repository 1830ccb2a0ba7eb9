import { expect, test } from 'vitest'
import { composeDots, stampOf } from '../../../../src/ui/views/stage/dotInk.ts'
import type { Pixels, Stamps } from '../../../../src/ui/views/stage/dotInk.ts'
import type { Dot } from '../../../../src/ui/views/stage/dots.ts'

const [white, red, green, halfRed] = [0xffffffff, 0xff0000ff, 0xff00ff00, 0x800000ff]

const sheet = (colour: number, size = 8): Pixels => ({
  width: size,
  height: size,
  data: new Uint32Array(size * size).fill(colour),
})
const dot = (x: number, y: number, changes: Partial<Dot> = {}): Dot => ({
  key: `${x},${y}`,
  x,
  y,
  phase: 'ready',
  owner: '',
  isTrouble: false,
  ...changes,
})
const one = (colour: number) => stampOf({ width: 1, height: 1, data: Uint32Array.of(colour) })
const stamps = { ready: one(green), crash: one(red), pending: one(halfRed) } as unknown as Stamps

function drawn(dots: readonly Dot[], scale = 1, ground = white) {
  const target = sheet(0)
  composeDots(target, sheet(ground), stamps, dots, (one) => one, scale)
  return (x: number, y: number) => target.data[y * 8 + x]
}

test('a dot lies on the ground, at its place on this screen, and nowhere else', () => {
  const at = drawn([dot(2.6, 1)], 2)
  expect([at(5, 2), at(4, 2), at(2, 1)]).toEqual([green, white, white])
})

test('trouble is never covered, whatever comes first', () => {
  const at = drawn([dot(3, 3, { phase: 'crash', isTrouble: true }), dot(3, 3)])
  expect(at(3, 3)).toBe(red)
})

test('an edge is mixed with what is beneath, and stands alone on nothing', () => {
  expect(drawn([dot(1, 1, { phase: 'pending' })])(1, 1)).toBe(0xff7e7eff)
  expect(drawn([dot(1, 1, { phase: 'pending' })], 1, 0)(1, 1)).toBe(halfRed)
})

test('what lies beyond the edge is left out', () => {
  const at = drawn([dot(8, 3), dot(-1, 4), dot(3, 99)])
  expect([at(0, 4), at(7, 3), at(0, 3)]).toEqual([white, white, white])
})

test('a stamp keeps the px that are not empty, from its middle', () => {
  const data = Uint32Array.of(0, red, 0, 0)
  expect(stampOf({ width: 2, height: 2, data })).toEqual({ dx: [0], dy: [-1], colours: [red] })
})
