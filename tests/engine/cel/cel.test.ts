import { describe, expect, test } from 'vitest'
import { compile, dyn, fromJson, toJson, typeOfSchema } from '../../../src/engine/cel/index.ts'

const schema = {
  type: 'object',
  properties: {
    length: { type: 'integer' },
    share: { type: 'number' },
    names: { type: 'array', items: { type: 'string' } },
    counts: { type: 'object', additionalProperties: { type: 'integer' } },
    when: { type: 'string', format: 'date-time' },
    memory: { type: 'string' },
    inner: {
      type: 'object',
      properties: { a: { type: 'string' }, namespace: { type: 'string' }, 'x-y': { type: 'string' } },
    },
  },
}
const self = {
  length: 5,
  share: 2,
  names: ['a', 'b', 'c'],
  counts: { x: 1, y: 2 },
  when: '2026-01-02T03:04:05Z',
  memory: '1Gi',
  inner: { 'x-y': 'dash', namespace: 'ns' },
}
const object = {
  spec: { replicas: 4, ratio: 1.5, list: [{ name: 'a', port: 1 }] },
  metadata: { labels: { app: 'web' } },
}

const type = typeOfSchema(schema)!
const scope = new Map([
  ['self', type],
  ['object', dyn],
])
const values = new Map([
  ['self', fromJson(self, type)],
  ['object', fromJson(object)],
])

const run = (expression: string): unknown => {
  const program = compile(expression, scope)
  if (program.error !== undefined) throw new Error(program.error)
  return toJson(program.run({ find: (name) => values.get(name) }))
}

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['self.length > 4 && self.share == 2.0', true],
    ["self.names.all(x, x in ['a', 'b', 'c'])", true],
    ['self.counts.exists(k, self.counts[k] == 2)', true],
    ['self.counts.all(k, v, v > 0)', true],
    ["self.names.filter(x, x != 'b').map(x, x + '!').join(',')", 'a!,c!'],
    ["has(self.inner.a) ? self.inner.a : 'none'", 'none'],
    ["self.inner.?a.orValue('z')", 'z'],
    ['self.inner.x__dash__y', 'dash'],
    ['self.inner.__namespace__', 'ns'],
    ['self.when.getFullYear()', 2026],
    ["timestamp('2026-01-02T04:04:05Z') - self.when == duration('1h')", true],
    ["quantity(self.memory).isGreaterThan(quantity('500Mi'))", true],
    ["quantity('1.5').add(quantity('500m')).asInteger()", 2],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3')", true],
    ["ip('::1').isLoopback() && ip('192.168.0.1').family() == 4", true],
    ["semver('1.2.3').isLessThan(semver('1.10.0'))", true],
    ["url('https://a.b:80/c?x=1').getHostname()", 'a.b'],
    ["format.dns1123Label().validate('A_').hasValue()", true],
    ["'abc 123'.find('[0-9]+')", '123'],
    ["'%s-%d-%.1f'.format(['a', 3, 2.5])", 'a-3-2.5'],
    ['cel.bind(x, self.length + 1, x * x)', 36],
    ['[3, 1, 2].isSorted() || [1, 2, 3].sum() == 6', true],
    ['sets.contains([1, 2], [1]) && [1, 2].max() == 2', true],
    ['object.spec.replicas <= 3', false],
    ['object.spec.ratio > 1 && object.spec.list[0].port == 1', true],
    ["'app' in object.metadata.labels && object.metadata.labels['app'] == 'web'", true],
    ["object.spec.list.exists_one(c, c.name == 'a')", true],
    ["size(self.names) == 3 || self.inner.a == 'x'", true],
    ['type(self.length) == int', true],
  ])('%s', (expression, result) => {
    expect(run(expression)).toEqual(result)
  })

  test.each([
    ['self.length / 0 == 1', 'division by zero'],
    ["self.inner.a == 'x'", 'no such key: a'],
    ['self.names[9] == "x"', 'index out of bounds: 9'],
    ['object.spec.replicas == 4 && object.spec.nothing', 'no such key: nothing'],
    ['9223372036854775807 + self.length > 0', 'integer overflow'],
  ])('%s cannot be worked out', (expression, text) => {
    expect(() => run(expression)).toThrow(text)
  })
})

describe('the checker says, as the real one does', () => {
  test.each([
    ['self.length.size() > 1', 17, "found no matching overload for 'size' applied to 'int.()'"],
    ['self.foo == 1', 5, "undefined field 'foo'"],
    ['other > 1', 1, "undeclared reference to 'other' (in container '')"],
    ['self.names + 1', 12, "found no matching overload for '_+_' applied to '(list(string), int)'"],
    ["self.length == 'x'", 13, "found no matching overload for '_==_' applied to '(int, string)'"],
    ['foo(self)', 4, "undeclared reference to 'foo' (in container '')"],
    [
      'self.length.all(x, x > 1)',
      5,
      "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
    ],
  ])('%s', (expression, column, text) => {
    const dots = '.'.repeat(column - 1)
    expect(compile(expression, scope).error).toBe(
      `compilation failed: ERROR: <input>:1:${column}: ${text}\n | ${expression}\n | ${dots}^`,
    )
  })

  test('where an expression ends too early', () => {
    expect(compile('self.length >', scope).error).toContain("<input>:1:14: Syntax error: mismatched input '<EOF>'")
  })

  test('nothing for ever: what takes too long is given up', () => {
    const list = `[${Array.from({ length: 100 }, (_, at) => at).join(',')}]`
    const program = compile(`${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`, scope)
    expect(() => program.run({ find: () => undefined })).toThrow('actual cost limit exceeded')
  })
})
