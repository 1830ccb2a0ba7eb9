import { expect, test } from 'vitest'
import { wordsOf } from '../../src/session/words.ts'

test.each<[line: string, words: string[]]>([
  ['get pods -l app=web', ['get', 'pods', '-l', 'app=web']],
  [`patch cm one -p '{"data":{"k":"v"}}'`, ['patch', 'cm', 'one', '-p', '{"data":{"k":"v"}}']],
  [`-o jsonpath='{.a}{"\\n"}'`, ['-o', 'jsonpath={.a}{"\\n"}']],
  [`a "b \\"c\\" d" e\\ f ''`, ['a', 'b "c" d', 'e f', '']],
  ['  ', []],
])('splits %s as a shell does', (line, words) => {
  expect(wordsOf(line)).toEqual(words)
})

test('refuses an open quote', () => {
  expect(() => wordsOf(`a 'b`)).toThrow(/unterminated/)
})
