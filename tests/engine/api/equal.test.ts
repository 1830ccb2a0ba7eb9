import { expect, test } from 'vitest'
import { copyOf, shallowCopy } from '../../../src/engine/api/equal.ts'

const data = (): object => JSON.parse('{"__proto__": {"a": 1}, "b": "2"}') as object

test.each([
  ['whole', copyOf],
  ['of its first level', shallowCopy],
])('a copy %s has every field of its own, whatever its name', (_, copy) => {
  expect(JSON.stringify(copy(data()))).toBe('{"__proto__":{"a":1},"b":"2"}')
  expect('a' in copy(data())).toBe(false)
})
