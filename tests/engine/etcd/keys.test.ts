import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endless, isBefore, isWithin, keysBelow } from '../../../src/engine/etcd/keys.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\u{d7ff}', '\u{e000}', '～', '\u{ffff}', '🙂', '\u{10ffff}'),
  maxLength: 4,
})
const bytesBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0

test('keys stand in the order of their bytes', () => {
  expect(isBefore('～', '🙂')).toBe(true)
  expect(isBefore('🙂', '～')).toBe(false)
  fc.assert(fc.property(text, text, (a, b) => isBefore(a, b) === bytesBefore(a, b)))
})

test('all keys that begin so are those that a range of them holds', () => {
  fc.assert(
    fc.property(text, text, (prefix, key) => {
      expect(isWithin(keysBelow(prefix), key)).toBe(prefix === '' ? key !== '' : key.startsWith(prefix))
    }),
  )
})

test.each([
  ['a', 'b'],
  ['/registry/', '/registry0'],
  ['\u{d7ff}', '\u{e000}'],
  ['a\u{10ffff}', 'b'],
  ['\u{10ffff}', endless],
])('the keys below %j end before %j', (prefix, end) => expect(keysBelow(prefix)).toEqual({ key: prefix, end }))
