import { expect, test } from 'vitest'
import { jsonError } from '../../../src/engine/api/goJson.ts'

test.each([
  ['{}', undefined],
  ['', 'unexpected end of JSON input'],
  ['hello', "invalid character 'h' looking for beginning of value"],
  ['{"a": 1', 'unexpected end of JSON input'],
  ["{'a': 1}", String.raw`invalid character '\'' looking for beginning of object key string`],
  ['[1, 2}', "invalid character '}' after array element"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['nul', 'unexpected end of JSON input'],
  ['['.repeat(500) + ']'.repeat(500), undefined],
  ['[[],'.repeat(499) + '[]' + ']'.repeat(499), undefined],
  ['['.repeat(20_000), "invalid character '[' exceeded max depth"],
  ['{"a":'.repeat(20_000), "invalid character '{' exceeded max depth"],
])('%j', (text, error) => {
  expect(jsonError(text)).toBe(error)
})
