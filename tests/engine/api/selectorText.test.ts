import { expect, test } from 'vitest'
import {
  ApiError,
  formatSelector,
  matches,
  parseFieldSelector,
  parseLabelSelector,
} from '../../../src/engine/api/index.ts'

test.each([
  ['a constructor b', "unable to parse requirement: found 'constructor', expected: in, notin, =, ==, !=, gt, lt"],
  ['=', "found '=', expected: !, identifier, or 'end of string'"],
  ['a,,b', "found ',', expected: identifier after ','"],
  ['a,=', "found '=', expected: identifier after ','"],
  ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
  ['a in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
  ['a in (b,=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  [
    'a>x',
    "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  ['a=1\u00a0', /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "1\\u00a0": a valid label must be/],
  ['a<-', /^unable to parse requirement: \[values\[0\]: .* must be an integer, values\[0\]\[a\]: Invalid value: "-"/],
])('refuses the label selector %j', (text, words) => {
  expect(refusal(() => parseLabelSelector(text))).toMatch(words)
})

test.each([
  ['a in ()', 'a', ['']],
  ['a in (,)', 'a', ['']],
  ['a in (y,x,x,)', 'a', ['', 'x', 'y']],
  ['in in (in)', 'in', ['in']],
])('reads the set of %j', (text, key, values) => {
  expect(parseLabelSelector(text)).toEqual([{ key, operator: 'in', values }])
})

test.each([
  ['n>9007199254740992', '9007199254740993', true],
  ['n<5', '-7', true],
  ['n<5', '1e0', false],
  ['n>5', '99999999999999999999', false],
])('compares as whole numbers of 64 bits: %s with %s', (selector, value, isMatch) => {
  expect(matches(parseLabelSelector(selector), { n: value })).toBe(isMatch)
})

test('prints a label as an equality and an expression as a set', () => {
  const selector = { matchLabels: { b: 'x' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['y'] }] }
  expect(formatSelector(selector)).toBe('a in (y),b=x')
})

test.each([
  ['b=2,a!=1', ['a!=1', 'b=2']],
  ['a==1,,', ['a=1']],
  ['a=x\\,y\\=z\\\\', ['a=x,y=z\\']],
  ['!a=b', ['!a=b']],
  ['=', []],
])('reads the field selector %j', (text, terms) => {
  const read = parseFieldSelector(text).map(({ field, value, equals }) => `${field}${equals ? '=' : '!='}${value}`)
  expect(read).toEqual(terms)
})

test.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
  ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
])('refuses the field selector %j', (text, words) => {
  expect(refusal(() => parseFieldSelector(text))).toBe(words)
})

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
  return ''
}
