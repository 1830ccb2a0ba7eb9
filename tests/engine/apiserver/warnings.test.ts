import { expect, test } from 'vitest'
import { toldWarnings } from '../../../src/engine/apiserver/warnings.ts'

const long = (letter: string, length = 1000): string => letter.repeat(length)

test('warnings are told once, and none that is empty', () => {
  expect(toldWarnings(['a', 'b', '', 'a'])).toEqual(['a', 'b'])
  expect(toldWarnings([])).toEqual([])
})

test('up to 4096 characters they are told whole', () => {
  const texts = ['a', 'b', 'c', 'd'].map((letter) => long(letter, 1024))
  expect(toldWarnings(texts)).toEqual(texts)
  expect(toldWarnings([...texts, 'e'])).toEqual([...['a', 'b', 'c', 'd'].map((letter) => long(letter, 256)), 'e'])
})

test('then each is cut short, until there are too many all the same', () => {
  const texts = Array.from({ length: 100 }, (_, index) => `${index} ${long('x')}`)
  const told = toldWarnings(texts)
  expect(told).toHaveLength(16)
  expect(told.every((text, index) => text === texts[index]!.slice(0, 256))).toBe(true)
  const many = Array.from({ length: 5000 }, (_, index) => String(index))
  expect(toldWarnings(many)).toEqual(many.slice(0, toldWarnings(many).length))
  expect(toldWarnings(many).join('').length).toBeLessThan(4096 + 8)
})

test('characters are counted, not halves of them', () =>
  expect(toldWarnings([long('🙂', 4097)])).toEqual([long('🙂', 256)]))
