import { expect, test } from 'vitest'
import { parseTarget } from '../../../../src/engine/node/network/url.ts'

test.each([
  ['http://web', { scheme: 'http', host: 'web', port: 80, path: '/' }],
  ['web:8080/a/b?c=d#e', { scheme: 'http', host: 'web', port: 8080, path: '/a/b?c=d' }],
  ['https://web.default.svc/', { scheme: 'https', host: 'web.default.svc', port: 443, path: '/' }],
  ['tcp://10.0.0.1:6379', { scheme: 'tcp', host: '10.0.0.1', port: 6379, path: '/' }],
  ['http://web?x', { scheme: 'http', host: 'web', port: 80, path: '/?x' }],
  ['ftp://web', undefined],
  ['http://web:99999', undefined],
  ['', undefined],
])('%s', (url, target) => {
  expect(parseTarget(url)).toEqual(target)
})
