import { expect, test } from 'vitest'
import { createEtcd, type Etcd } from '../../../src/engine/etcd/store.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'

const begin = (): Etcd => createEtcd(createSim(createWorld(1)))
const at = (name: string, namespace = 'default') => ({ prefix: 'configmaps', namespace, name })

test('revisions count writes, versions count the puts of a key', () => {
  const etcd = begin()
  expect(etcd.revision()).toBe(1)
  etcd.put(at('a'), (revision) => ({ revision }))
  etcd.put(at('a'), (revision) => ({ revision }))
  expect(etcd.get('configmaps', 'default', 'a')).toEqual({
    key: '/registry/configmaps/default/a',
    place: 'default/a',
    value: { revision: 3 },
    createRevision: 2,
    modRevision: 3,
    version: 2,
  })
  etcd.remove(at('a'), () => ({}))
  etcd.put(at('a'), () => ({}))
  expect(etcd.get('configmaps', 'default', 'a')).toMatchObject({ createRevision: 5, version: 1 })
})

test('ranges are in the order of whole keys', () => {
  const etcd = begin()
  for (const [name, namespace] of [
    ['b', 'default'],
    ['a', 'default'],
    ['z', 'default-2'],
  ] as const)
    etcd.put(at(name, namespace), () => ({}))
  const keys = (): readonly string[] =>
    etcd.range('configmaps').map(({ key }) => key.replace('/registry/configmaps/', ''))
  expect(keys()).toEqual(['default-2/z', 'default/a', 'default/b'])
  etcd.put(at('aa'), () => ({}))
  expect(keys()).toEqual(['default-2/z', 'default/a', 'default/aa', 'default/b'])
  etcd.remove(at('a'), () => ({}))
  expect(keys()).toEqual(['default-2/z', 'default/aa', 'default/b'])
})

test('a past version is worked out from what changed since', () => {
  const etcd = begin()
  etcd.put(at('a'), () => ({ n: 1 }))
  etcd.put(at('b'), () => ({ n: 1 }))
  const then = etcd.revision()
  etcd.put(at('a'), () => ({ n: 2 }))
  etcd.remove(at('b'), () => ({}))
  etcd.put(at('c'), () => ({ n: 1 }))
  expect(etcd.rangeAt('configmaps', 'default', then)).toEqual([{ n: 1 }, { n: 1 }])
})

test('compaction alone hides nothing from the watch cache; a new start of the server does', () => {
  const etcd = begin()
  etcd.put(at('a'), () => ({}))
  etcd.put(at('b'), () => ({}))
  etcd.compact(etcd.revision())
  expect(etcd.changesSince('configmaps', 1)).toHaveLength(2)
  expect(etcd.rangeAt('configmaps', 'default', 2)).toHaveLength(1)
  etcd.forgetCache()
  expect(etcd.changesSince('configmaps', 1)).toBeUndefined()
  expect(etcd.rangeAt('configmaps', 'default', 2)).toBeUndefined()
  expect(etcd.changesSince('configmaps', 3)).toEqual([])
})

test('after a restart etcd itself still knows what was not compacted', () => {
  const etcd = begin()
  etcd.put(at('a'), () => ({}))
  etcd.put(at('b'), () => ({}))
  etcd.forgetCache()
  expect(etcd.changesSince('configmaps', 2)).toBeUndefined()
  expect(etcd.rangeAt('configmaps', 'default', 2)).toHaveLength(1)
})

test('a cache that is trimmed keeps the latest hundred changes of each resource', () => {
  const etcd = begin()
  etcd.put({ prefix: 'secrets', namespace: 'default', name: 'quiet' }, () => ({}))
  for (let index = 0; index < 3_000; index++) etcd.put(at('busy'), () => ({ index }))
  const end = etcd.revision()
  etcd.trim(end)
  expect(etcd.changesSince('secrets', 1)).toHaveLength(1)
  expect(etcd.changesSince('configmaps', 1)).toBeUndefined()
  const known = etcd.knownFrom('configmaps')
  expect(etcd.changesSince('configmaps', known)?.[0]?.revision).toBe(known + 1)
  expect(end - known).toBeGreaterThanOrEqual(100)
  expect(end - known).toBeLessThan(1_200)
})
