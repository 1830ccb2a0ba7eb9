import { expect, test } from 'vitest'
import type { PortRule } from '../../../../src/engine/node/proxy/index.ts'
import {
  createRuleBook,
  hold,
  release,
  ruleIn,
  rulesIn,
  writeVersion,
} from '../../../../src/engine/node/proxy/ruleBook.ts'

const frontend = '10.96.0.50:80/TCP'
const rule = (portName: string, service = 'default/web'): PortRule => ({
  service,
  portName,
  protocol: 'TCP',
  frontends: [frontend],
  endpoints: [],
  internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster',
  affinityMs: 0,
})

test('each holder keeps the version it wrote', () => {
  const book = createRuleBook()
  const first = writeVersion(book, new Map([['default/web', [rule('a')]]]))
  hold(book, first)
  const second = writeVersion(book, new Map([['default/web', [rule('b')]]]))
  expect(ruleIn(book, first, frontend)?.portName).toBe('a')
  expect(ruleIn(book, second, frontend)?.portName).toBe('b')
  expect(ruleIn(book, 0, frontend)).toBeUndefined()
})

test('forgets versions that nobody holds', () => {
  const book = createRuleBook()
  for (let turn = 0; turn < 20; turn++) {
    const version = writeVersion(book, new Map([['default/web', [rule(`${turn}`)]]]))
    hold(book, version)
    release(book, version - 1)
  }
  expect(book.frontends.get(frontend)!.length).toBeLessThanOrEqual(2)
  expect(book.holders).toEqual(new Map([[21, 1]]))
})

test('a Service that goes away leaves nothing once nobody has its rules', () => {
  const book = createRuleBook()
  const first = writeVersion(book, new Map([['default/web', [rule('a')]]]))
  hold(book, first)
  const gone = writeVersion(book, new Map([['default/web', []]]))
  expect(ruleIn(book, first, frontend)).toBeDefined()
  expect(ruleIn(book, gone, frontend)).toBeUndefined()
  hold(book, gone)
  release(book, first)
  const later = writeVersion(book, new Map())
  expect(book.frontends.size).toBe(0)
  expect([...rulesIn(book, later)]).toEqual([])
})

test('an address that passes to another Service stays', () => {
  const book = createRuleBook()
  writeVersion(book, new Map([['default/web', [rule('a')]]]))
  const version = writeVersion(
    book,
    new Map([
      ['default/other', [rule('b', 'default/other')]],
      ['default/web', []],
    ]),
  )
  expect(ruleIn(book, version, frontend)?.service).toBe('default/other')
})
