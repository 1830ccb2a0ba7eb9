import { expect, test } from 'vitest'
import { CelError, compile, dyn, fromJson, int, listOf, string, type CelType } from '../../../src/engine/cel/index.ts'

// What the libraries of Kubernetes 1.36 answer, asked with the real ones.

const scope = new Map<string, CelType>([
  ['x', dyn],
  ['i', int],
  ['s', string],
  ['l', listOf(string)],
])
const values: Readonly<Record<string, unknown>> = {
  x: { a: 1, n: null, b: [1, null], c: { d: 'e' } },
  i: 7,
  s: 'hello',
  l: ['a', 'b', 'c'],
}
const frame = {
  find: (name: string) => (name in values ? fromJson(values[name], scope.get(name) ?? dyn) : undefined),
}

/** `true`, or what is wrong with an expression. */
function answer(expression: string): unknown {
  const program = compile(expression, scope)
  if (program.error !== undefined)
    return program.error.replace('compilation failed: ERROR: <input>:', '').split('\n')[0]
  try {
    return program.run(frame)
  } catch (error) {
    if (error instanceof CelError) return error.message
    throw error
  }
}

test.each([
  'x.n == null',
  'null == null',
  'x.b[1] == null',
  'x.b.map(y, y) == [dyn(1), dyn(null)]',
  '!has(x.a.b)',
  '!has(x.n.q)',
  'x.?n.hasValue()',
  'x.b[0u] == 1',
  'optional.unwrap([optional.of(1), optional.none()]) == [1]',
  'optional.ofNonZeroValue({}) == optional.none()',
  "'abc'.replace('', '_') == '_a_b_c_'",
  "'hello'.indexOf('l', 9) == -1",
  "'a\\nb'.matches('(?s)a.b')",
  "'%s'.format([[1, 'a', 2.0]]) == '[1, \"a\", 2.000000]'",
  "'%s'.format([{'b': 1, 'a': 2}]) == '{\"a\":2, \"b\":1}'",
  "'%e'.format([1234.5]) == '1.234500×10⁰³'",
  "'%.1f %.0f %f'.format([0.25, 2.5, 1e6]) == '0.2 2 1,000,000.000000'",
  "'%x %X'.format(['abc', 255]) == '616263 FF'",
  "string(1e6) == '1e+06' && string(123456.0) == '123456' && string(0.00001) == '1e-05'",
  "string(duration('1ms')) == '0.001s'",
  "[duration('1h'), duration('1m')].sum() == duration('61m')",
  '[1u, 2u].sum() == 3u',
  '[[1], [2]].flatten() == [1, 2]',
  '[[[1]], [[2]]].flatten(2) == [1, 2]',
  'lists.range(3) == [0, 1, 2]',
  "[{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n == 1",
  '[1, 2].transformList(a, b, b > 1, a + b) == [3]',
  "{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}",
  "type(timestamp(0)) == google.protobuf.Timestamp && type(duration('1s')) == google.protobuf.Duration",
  "sign(quantity('-1')) == -1",
  "!quantity('9999999999999999999').isInteger()",
  "semver('1.2.3-alpha.2').isLessThan(semver('1.2.3-alpha.10'))",
  "!isSemver('1.2.3-01')",
  "url('https://a.b/c d').getEscapedPath() == '/c%20d'",
  "url('//a/b').getHost() == 'a'",
  "!isURL('https://a:b') && isURL('a:b') && isURL('*')",
])('%s', (expression) => {
  expect(answer(expression)).toBe(true)
})

test.each<[string, string]>([
  ['x.a.b', 'no such key: b'],
  ["x.b['a']", "unsupported index type 'string' in list"],
  ['dyn(i).all(y, y > 0)', "got 'types.Int', expected iterable type"],
  ['l.filter(y, x.a)', 'no such overload'],
  ['dyn(1).size() == 1', 'no such overload: size'],
  ['quantity(x.a) == quantity("1")', 'no such overload: quantity(int)'],
  ['[1,2].slice(1, 9)', 'cannot slice(1, 9), list is length 2'],
  ["timestamp('9999-12-31T23:59:59Z') + duration('1h')", 'timestamp overflow'],
  ['int(s)', "type conversion error from 'string' to 'int'"],
  ['duration(s)', "type conversion error from 'string' to 'google.protobuf.Duration'"],
  ["s.matches(s + '[')", 'error parsing regexp: missing closing ]: `[`'],
  ["('%d' + s).format([s])", 'error during formatting: decimal clause can only be used on integers, was given string'],
  [
    "ip('1.2.3')",
    'IP Address "1.2.3" parse error during conversion from string: ParseAddr("1.2.3"): IPv4 address too short',
  ],
  ["ip('::ffff:1.2.3.4')", 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  [
    "ip('1::2::3')",
    'IP Address "1::2::3" parse error during conversion from string: ParseAddr("1::2::3"): multiple :: in address (at ":3")',
  ],
  [
    "cidr('10.1.2.3/33')",
    'network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("10.1.2.3/33"): prefix length out of range',
  ],
  ["semver('01.2.3')", 'Major number must not contain leading zeroes "01"'],
  [
    "url('https://a:b/')",
    'URL parse error during conversion from string: parse "https://a:b/": invalid port ":b" after host',
  ],
])('%s cannot be worked out', (expression, text) => {
  expect(answer(expression)).toBe(text)
})

test.each<[string, string]>([
  ["[1, 'a']", "1:5: expected type 'int' but found 'string'"],
  ["{'a': 1, 'b': null}", "1:15: expected type 'int' but found 'null'"],
  ["'abc'.matches('[')", '1:15: invalid matches argument'],
  ["duration('1d')", '1:10: invalid duration argument'],
  ["timestamp('2020-01-01')", '1:11: invalid timestamp argument'],
  ['has(s)', '1:5: invalid argument to has() macro'],
  ['l.all(y, 1)', "1:10: expected type 'bool' but found 'int'"],
  ['l.filter(y, 1)', "1:9: found no matching overload for '_?_:_' applied to '(int, list(string), list(string))'"],
  ['l.all(y, y, y)', '1:10: duplicate variable name: y'],
  ['l.existsOne(y, true)', "1:12: undeclared reference to 'existsOne' (in container '')"],
  ['math.abs(-1)', "1:1: undeclared reference to 'math' (in container '')"],
  ["['a'].sum()", "1:10: found no matching overload for 'sum' applied to 'list(string).()'"],
  ['for', '1:1: reserved identifier: for'],
])('%s is refused', (expression, text) => {
  expect(answer(expression)).toBe(text)
})

test.each([
  'lists.range(5000000000).size() > 0',
  "'%.101f'.format([1.0]) == ''",
  '[dyn(1), dyn(1.5)].sum() == 2',
  '[1].transformMapEntry(i, v, dyn(5)) == {}',
  'optional.unwrap([dyn(null)]) == []',
])('%s fails as an expression fails', (expression) => {
  const program = compile(expression, scope)
  if (program.error !== undefined) return
  expect(() => program.run(frame)).toThrow(CelError)
})
