import { expect, test } from 'vitest'
import { createEtcd, type Etcd, type Key } from '../../../src/engine/etcd/store.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'

const begin = (): Etcd => createEtcd(createSim(createWorld(1)))
const revisionAt = (etcd: Etcd, { prefix, namespace, name }: Key): number =>
  etcd.get(prefix, namespace, name)?.modRevision ?? 0
const put = (etcd: Etcd, key: Key, toValue: (revision: number) => unknown): void =>
  void etcd.optimisticPut(key, revisionAt(etcd, key), toValue)
const remove = (etcd: Etcd, key: Key): void => void etcd.optimisticDelete(key, revisionAt(etcd, key))
const at = (name: string, namespace = 'default') => ({ prefix: 'configmaps', namespace, name })

test('revisions count writes, versions count the puts of a key', () => {
  const etcd = begin()
  expect(etcd.revision()).toBe(1)
  put(etcd, at('a'), (revision) => ({ revision }))
  put(etcd, at('a'), (revision) => ({ revision }))
  expect(etcd.get('configmaps', 'default', 'a')).toMatchObject({
    key: '/registry/configmaps/default/a',
    place: 'default/a',
    value: { revision: 3 },
    createRevision: 2,
    modRevision: 3,
    version: 2,
    lease: '',
  })
  remove(etcd, at('a'))
  put(etcd, at('a'), () => ({}))
  expect(etcd.get('configmaps', 'default', 'a')).toMatchObject({ createRevision: 5, version: 1 })
})

test('ranges are in the order of whole keys', () => {
  const etcd = begin()
  for (const [name, namespace] of [
    ['b', 'default'],
    ['a', 'default'],
    ['z', 'default-2'],
  ] as const)
    put(etcd, at(name, namespace), () => ({}))
  const keys = (): readonly string[] =>
    etcd.range('configmaps').map(({ key }) => key.replace('/registry/configmaps/', ''))
  expect(keys()).toEqual(['default-2/z', 'default/a', 'default/b'])
  put(etcd, at('aa'), () => ({}))
  expect(keys()).toEqual(['default-2/z', 'default/a', 'default/aa', 'default/b'])
  remove(etcd, at('a'))
  expect(keys()).toEqual(['default-2/z', 'default/aa', 'default/b'])
})

test('a past version is worked out from what changed since', () => {
  const etcd = begin()
  put(etcd, at('a'), () => ({ n: 1 }))
  put(etcd, at('b'), () => ({ n: 1 }))
  const then = etcd.revision()
  put(etcd, at('a'), () => ({ n: 2 }))
  remove(etcd, at('b'))
  put(etcd, at('c'), () => ({ n: 1 }))
  expect(etcd.rangeAt('configmaps', 'default', then)).toEqual([{ n: 1 }, { n: 1 }])
})

test('compaction alone hides nothing from the watch cache; a new start of the server does', () => {
  const etcd = begin()
  put(etcd, at('a'), () => ({}))
  put(etcd, at('b'), () => ({}))
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
  put(etcd, at('a'), () => ({}))
  put(etcd, at('b'), () => ({}))
  etcd.forgetCache()
  expect(etcd.changesSince('configmaps', 2)).toBeUndefined()
  expect(etcd.rangeAt('configmaps', 'default', 2)).toHaveLength(1)
})

test('a cache that is trimmed keeps the latest hundred changes of each resource', () => {
  const etcd = begin()
  put(etcd, { prefix: 'secrets', namespace: 'default', name: 'quiet' }, () => ({}))
  for (let index = 0; index < 3_000; index++) put(etcd, at('busy'), () => ({ index }))
  const end = etcd.revision()
  etcd.trim(end)
  expect(etcd.changesSince('secrets', 1)).toHaveLength(1)
  expect(etcd.changesSince('configmaps', 1)).toBeUndefined()
  const known = etcd.knownFrom('configmaps')
  expect(etcd.changesSince('configmaps', known)?.[0]?.revision).toBe(known + 1)
  expect(end - known).toBeGreaterThanOrEqual(100)
  expect(end - known).toBeLessThan(1_200)
})
