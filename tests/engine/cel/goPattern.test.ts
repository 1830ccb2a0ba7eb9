import { expect, test } from 'vitest'
import { goPattern, goPatternError } from '../../../src/engine/cel/goPattern.ts'
import { growth, growthMax } from '../growth.ts'

// the answers are those of Go 1.26's regexp
test.each<[string, string, boolean]>([
  ['^[a-z]+$', 'abc', true],
  ['^[a-z]+$', 'abc\n', false],
  ['(?i)ABC', 'xabcx', true],
  ['a(?i:B)c', 'abc', true],
  [String.raw`\Aab\z`, 'ab', true],
  [String.raw`\Qa.b\E`, 'a.b', true],
  [String.raw`\Qa.b\E`, 'axb', false],
  [String.raw`\pL`, 'é', true],
  ['^[[:alpha:]]$', 'é', false],
  [String.raw`^\s$`, '\u00a0', false],
  ['^.$', '😀', true],
  ['(?P<a>x)(?<b>y)', 'xy', true],
])('%s on %j: %s', (pattern, text, isThere) => {
  expect(goPattern(pattern)?.test(text)).toBe(isThere)
})

test.each<[string, string]>([
  ['a**', 'invalid nested repetition operator: `**`'],
  ['x{2}{3}', 'invalid nested repetition operator: `{2}{3}`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['((((a{100}){100}){100}){100})', 'invalid repeat count: `{100}`'],
  [String.raw`\8`, 'invalid escape sequence: `\\8`'],
  [String.raw`\Z`, 'invalid escape sequence: `\\Z`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?P<n', 'invalid named capture: `(?P<n`'],
  ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
  ['\\', 'trailing backslash at end of expression: ``'],
])('%s is none', (pattern, message) => {
  expect(goPattern(pattern)).toBeUndefined()
  expect(goPatternError(pattern)).toBe(`error parsing regexp: ${message}`)
})

test('a pattern that is nested too deeply is none', () => {
  expect(goPatternError('('.repeat(20_000) + ')'.repeat(20_000))).toContain('expression nests too deeply')
})

test.each<[string, string, readonly string[]]>([
  ['a*', 'baaab', ['', 'aaa', '']],
  ['b|', 'abc', ['', 'b', '']],
  ['', 'ab', ['', '', '']],
  ['.', 'a😀', ['a', '😀']],
])('%s in %s', (pattern, text, parts) => {
  expect(goPattern(pattern)!.findAll(text, Infinity)).toEqual(parts)
  expect(goPattern(pattern)!.findAll(text, 1)).toEqual(parts.slice(0, 1))
})

test.each(['^(a+)+$', '^(a|aa)+$', '^(a|a)*$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y|a*a*a*c'])(
  'no text makes %s run for ever',
  (pattern) => {
    const prepare = (count: number) => () => void goPattern(pattern)!.test(`${'a'.repeat(count)}!`)
    expect(growth(7, prepare)).toBeLessThan(growthMax)
    expect(growth(10_000, prepare)).toBeLessThan(growthMax)
  },
)
