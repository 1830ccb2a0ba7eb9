import { expect, test } from 'vitest'
import { createHost } from '../../../src/ui/host/host.ts'
import type { Frame } from '../../../src/ui/protocol.ts'

const stop = (name: string) => ({ kind: 'component', name, on: false })

/** A host with a cluster of three etcd members, some of them stopped a while ago, or other things done then. */
async function hosted(...happened: readonly (string | object)[]) {
  const frames: Frame[] = []
  let wall = 0
  const host = createHost(
    (frame) => frames.push(frame),
    () => wall,
  )
  const web = { at: 1_000, do: 'kubectl', argv: ['create', 'deployment', 'web', '--image=nginx'], files: {} }
  const faults = happened.map((each) => (typeof each === 'string' ? stop(each) : each))
  const inputs = [web, ...faults.map((fault) => ({ at: 20_000, do: 'fault', fault }))]
  const scene = { version: 1, seed: 5, nodes: 2, etcdMembers: 3, files: {}, inputs, at: 25_000 }
  expect(await host.door.open({ link: JSON.stringify(scene) })).toBeUndefined()
  const run = (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) host.tick((wall += 16))
  }
  run(5)
  const marks = () => frames.flatMap((frame) => frame.marks ?? []).map(({ kind, label }) => `${kind}: ${label}`)
  const etcdRow = () => frames.findLast(({ bridge }) => bridge)?.bridge?.find(({ name }) => name === 'etcd')
  return { ...host, run, etcdRow, marks }
}

test('three members: one leads, all have its log, and the chart is the one that drives them', async () => {
  const { door, etcdRow } = await hosted()
  const { members, quorum, refusal, chart, story } = await door.etcd()
  expect(members.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'etcd-1 leader',
    'etcd-2 follower',
    'etcd-3 follower',
  ])
  expect(members.every(({ lag }) => lag <= 1)).toBe(true)
  expect([quorum, refusal, story]).toEqual([2, undefined, []])
  expect(chart.map(({ name }) => name)).toEqual(['follower', 'preCandidate', 'candidate', 'leader', 'stopped'])
  expect(chart[0]?.exits).toContainEqual({ on: 'leader.heard', to: 'follower' })
  expect(etcdRow()).toMatchObject({ state: 'up', item: 'etcd-1 leads' })
})

test('a stopped leader is followed by another, and that is told', async () => {
  const { door, etcdRow } = await hosted('etcd-1')
  const { members, story } = await door.etcd()
  expect(members.find(({ isLeader }) => isLeader)?.name).not.toBe('etcd-1')
  expect(members[0]).toMatchObject({ state: 'stopped', isUp: false })
  expect(story.some(({ sentence }) => sentence.includes('was elected leader'))).toBe(true)
  expect(etcdRow()).toMatchObject({ state: 'up', note: '2 of 3 members are up' })
})

test('without a majority the page goes on, and says so', async () => {
  const { door, etcdRow, run } = await hosted('etcd-1', 'etcd-2')
  run(100)
  expect(etcdRow()).toMatchObject({ state: 'down', note: '1 of 3 members are up' })
  expect((await door.etcd()).refusal).toBe('etcdserver: request timed out')
  for (const ask of [
    door.share,
    door.manifests,
    door.kindNames,
    () => door.messages(),
    () => door.causes(10),
    async () => (await door.schemaOf('example.com/v1', 'Thing')) ?? 'unknown',
    () => door.complete('kubectl get pods ', 17),
    () => door.changes(200),
    () => door.table('Pod', undefined),
    () => door.inspect({ kind: 'Node', namespace: '', name: 'node-1' }),
    () => door.inspect({ kind: 'Pod', namespace: 'default', name: 'web' }),
    () => door.live('apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n'),
    () => door.foresee({ manifest: 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n', name: 'x' }),
  ])
    await expect(ask()).resolves.toBeDefined()
})

test('what was asked of etcd by hand is a command on the timeline, and nothing that broke', async () => {
  const put = { do: 'put', key: '/mode', value: 'fast' }
  const { marks } = await hosted(
    { kind: 'etcdRequest', do: 'txn', txn: { compare: [], success: [put], failure: [] } },
    { kind: 'etcdMaintenance', do: 'defrag' },
  )
  expect(marks()).toEqual(expect.arrayContaining(['you: etcdctl put /mode', 'you: etcdctl defrag']))
})
