import { describe, expect, test } from 'vitest'
import { etcdErrors } from '../../../src/engine/etcd/errors.ts'
import { keysBelow } from '../../../src/engine/etcd/keys.ts'
import { createRaft } from '../../../src/engine/etcd/raft/raft.ts'
import { createEtcd, type Etcd } from '../../../src/engine/etcd/store.ts'
import { copyWorld, createSim, createWorld, recordsAfter, type Sim } from '../../../src/engine/sim/index.ts'

function begin(): { readonly sim: Sim; readonly etcd: Etcd } {
  const sim = createSim(createWorld(1))
  return { sim, etcd: createEtcd(sim) }
}

const put = (etcd: Etcd, key: string, lease = ''): void =>
  void etcd.txn({ compare: [], success: [{ do: 'put', key, value: 'x', lease }], failure: [] }, 'test')
const keys = (etcd: Etcd): readonly string[] => etcd.within(keysBelow('')).map(({ key }) => key)
const toldBy = ({ world }: Sim): readonly string[] => [...recordsAfter(world.trace, 0)].map(({ what }) => what)

describe('a lease', () => {
  test('has an id of sixteen digits, another each time, and the same in another run', () => {
    const ids = [begin(), begin()].map(({ etcd }) => [etcd.leases.grant(60), etcd.leases.grant(60)])
    expect(ids[0]).toEqual(ids[1])
    expect(new Set(ids[0]).size).toBe(2)
    for (const id of ids[0]!) expect(id).toMatch(/^694d[0-9a-f]{12}$/)
  })

  test.each([
    [-5, 2],
    [1, 2],
    [60, 60],
    [9_000_000_000, 9_000_000_000],
  ])('of %d s lives for %d s', (asked, granted) => {
    const { etcd } = begin()
    expect(etcd.leases.find(etcd.leases.grant(asked))?.grantedSeconds).toBe(granted)
  })

  test('cannot be too long', () => {
    const { etcd } = begin()
    expect(() => etcd.leases.grant(9_000_000_001)).toThrow(etcdErrors.leaseTtlTooLarge)
  })

  test('takes its keys along, in their order and in one revision, within half a second of its end', () => {
    const { sim, etcd } = begin()
    sim.advanceTo(100)
    const lease = etcd.leases.grant(5)
    for (const key of ['b', 'a', 'c']) put(etcd, key, lease)
    put(etcd, 'free')
    sim.advanceTo(5_400)
    expect(keys(etcd)).toEqual(['a', 'b', 'c', 'free'])
    const before = etcd.revision()
    sim.advanceTo(5_500)
    expect(keys(etcd)).toEqual(['free'])
    expect(etcd.changesWithin(keysBelow(''), before).map(({ key, revision }) => [key, revision])).toEqual([
      ['a', before + 1],
      ['b', before + 1],
      ['c', before + 1],
    ])
    expect(toldBy(sim)).toEqual(['lease.expired'])
    expect(etcd.leases.find(lease)).toBeUndefined()
  })

  test('does not keep a cluster from having settled', () => {
    const { sim, etcd } = begin()
    etcd.leases.grant(5)
    expect(sim.isSettled()).toBe(true)
  })

  test('without keys ends without a revision', () => {
    const { sim, etcd } = begin()
    etcd.leases.grant(5)
    sim.advanceTo(10_000)
    expect(etcd.revision()).toBe(1)
  })

  test('lets a key go that is put again without it, or with another one, or deleted', () => {
    const { etcd } = begin()
    const [one, two] = [etcd.leases.grant(60), etcd.leases.grant(60)]
    for (const key of ['a', 'b', 'c', 'd']) put(etcd, key, one)
    put(etcd, 'a')
    put(etcd, 'b', two)
    etcd.txn({ compare: [], success: [{ do: 'delete', key: 'c' }], failure: [] }, 'test')
    expect(etcd.leases.find(one)?.keys).toEqual(['d'])
    etcd.leases.revoke(one, 'test')
    expect(keys(etcd)).toEqual(['a', 'b'])
    expect(etcd.leases.find(two)?.keys).toEqual(['b'])
  })

  test('lives on while it is kept alive', () => {
    const { sim, etcd } = begin()
    const [kept, other] = [etcd.leases.grant(10), etcd.leases.grant(12)]
    put(etcd, 'a', kept)
    sim.advanceTo(9_000)
    expect(etcd.leases.list()).toEqual([kept, other])
    expect(etcd.leases.keepAlive(kept)).toBe(10)
    expect(etcd.leases.list()).toEqual([other, kept])
    sim.advanceTo(18_000)
    expect(keys(etcd)).toEqual(['a'])
    expect(etcd.leases.find(kept)?.remainingSeconds).toBe(1)
    sim.advanceTo(19_000)
    expect(keys(etcd)).toEqual([])
    expect(() => etcd.leases.keepAlive(kept)).toThrow(etcdErrors.leaseNotFound)
    expect(() => etcd.leases.revoke(kept, 'test')).toThrow(etcdErrors.leaseNotFound)
  })

  test('ends in a copy of the world as it does in the original', () => {
    const { sim, etcd } = begin()
    put(etcd, 'a', etcd.leases.grant(10))
    sim.advanceTo(5_000)
    const other = createSim(copyWorld(sim.world))
    const restored = createEtcd(other)
    for (const each of [sim, other]) each.advanceTo(10_000)
    expect(keys(restored)).toEqual([])
    expect(JSON.stringify(other.world.trace)).toBe(JSON.stringify(sim.world.trace))
  })
})

describe('without a leader', () => {
  test('nobody counts, and the next one gives each lease its time anew, and a second more', () => {
    const { sim, etcd } = begin()
    put(etcd, 'a', etcd.leases.grant(10))
    sim.advanceTo(8_000)
    etcd.leases.setPrimary(false)
    sim.advanceTo(60_000)
    expect(keys(etcd)).toEqual(['a'])
    etcd.leases.setPrimary(true)
    sim.advanceTo(70_900)
    expect(keys(etcd)).toEqual(['a'])
    sim.advanceTo(71_000)
    expect(keys(etcd)).toEqual([])
  })

  test('a long lease has its whole time anew, however often leaders change', () => {
    const { sim, etcd } = begin()
    const lease = etcd.leases.grant(3_600)
    for (let times = 0; times < 3; times++) {
      sim.advanceTo(sim.now() + 14 * 60_000)
      etcd.leases.setPrimary(false)
      etcd.leases.setPrimary(true)
      expect(etcd.leases.find(lease)?.remainingSeconds).toBe(3_600 + 1)
    }
  })

  test('a grant and a revocation are entries in the logs of all members', () => {
    const sim = createSim(createWorld(1))
    const raft = createRaft(sim, 3)
    const etcd = createEtcd(sim, { raft })
    const index = (): number => raft.members()[0]!.index
    const before = index()
    const lease = etcd.leases.grant(60)
    put(etcd, 'a', lease)
    put(etcd, 'b', lease)
    expect(index() - before).toBe(3)
    etcd.leases.revoke(lease, 'test')
    expect(index() - before).toBe(4)
    sim.advanceTo(1_000)
    expect(raft.members().map((member) => member.index)).toEqual([index(), index(), index()])
  })
})
