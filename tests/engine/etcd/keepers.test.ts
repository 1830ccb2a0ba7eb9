import { expect, test } from 'vitest'
import { createKeepers, type Keepers } from '../../../src/engine/etcd/keepers.ts'
import { createEtcd, type Etcd } from '../../../src/engine/etcd/store.ts'
import { copyWorld, createSim, createWorld, type Sim, type World } from '../../../src/engine/sim/index.ts'

interface Run {
  readonly sim: Sim
  readonly etcd: Etcd
  readonly keepers: Keepers
  readonly net: { isCut: boolean }
}

function begin(world: World = createWorld(1)): Run {
  const sim = createSim(world)
  const etcd = createEtcd(sim)
  const net = { isCut: false }
  return { sim, etcd, net, keepers: createKeepers(sim, etcd.leases, () => !net.isCut) }
}

test('renews at once, and at each look after a third of the time', () => {
  const { sim, etcd, keepers } = begin()
  const { id, renewals } = keepers.begin(etcd.leases.grant(10))
  expect(renewals).toBe(1)
  const seen = [3_499, 3_500, 6_999, 7_000].map((at) => {
    sim.advanceTo(at)
    return keepers.find(id)?.renewals
  })
  expect(seen).toEqual([1, 2, 2, 3])
  sim.advanceTo(3_600_000)
  expect(etcd.leases.list()).toHaveLength(1)
  expect(sim.isSettled()).toBe(true)
})

test('an interrupted one renews no more', () => {
  const { sim, etcd, keepers } = begin()
  const { id } = keepers.begin(etcd.leases.grant(10))
  keepers.end(id)
  keepers.end(id)
  expect(keepers.find(id)).toBeUndefined()
  sim.advanceTo(11_000)
  expect(etcd.leases.list()).toEqual([])
})

test('hears at the next renewal that the lease is gone; of one that never was it hears at once', () => {
  const { sim, etcd, keepers } = begin()
  const lease = etcd.leases.grant(10)
  const { id } = keepers.begin(lease)
  sim.advanceTo(1_000)
  etcd.leases.revoke(lease, 'test')
  expect(keepers.find(id)).toBeDefined()
  sim.advanceTo(3_500)
  expect(keepers.find(id)).toBeUndefined()
  expect(keepers.find(keepers.begin('00000000000000ff').id)).toBeUndefined()
})

test('tries on while nobody answers, until the time of the lease is over', () => {
  const { sim, etcd, keepers, net } = begin()
  const { id } = keepers.begin(etcd.leases.grant(60))
  net.isCut = true
  sim.advanceTo(40_000)
  net.isCut = false
  sim.advanceTo(40_500)
  expect(keepers.find(id)?.renewals).toBe(2)
  net.isCut = true
  sim.advanceTo(100_000)
  expect(keepers.find(id)?.renewals).toBe(2)
  sim.advanceTo(101_000)
  expect(keepers.find(id)).toBeUndefined()
  const late = keepers.begin(etcd.leases.grant(60)).id
  sim.advanceTo(103_900)
  expect(keepers.find(late)?.renewals).toBe(0)
  sim.advanceTo(104_000)
  expect(keepers.find(late)).toBeUndefined()
})

test('several keep leases alive, and no more than a hundred', () => {
  const { etcd, keepers } = begin()
  const lease = etcd.leases.grant(10)
  const ids = Array.from({ length: 100 }, () => keepers.begin(lease).id)
  expect(new Set(ids).size).toBe(100)
  expect(() => keepers.begin(lease)).toThrow('not simulated')
  keepers.end(ids[0]!)
  keepers.begin(lease)
})

test('a copy of the world goes on renewing', () => {
  const first = begin()
  const { id } = first.keepers.begin(first.etcd.leases.grant(10))
  first.sim.advanceTo(5_000)
  const second = begin(copyWorld(first.sim.world))
  for (const { sim } of [first, second]) sim.advanceTo(100_000)
  expect(second.keepers.find(id)).toEqual(first.keepers.find(id))
  expect(second.etcd.leases.list()).toEqual(first.etcd.leases.list())
})
