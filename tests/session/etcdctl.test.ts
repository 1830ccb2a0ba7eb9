import { beforeEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '#engine'
import { createSession, createTerminal, type Session } from '#session'

interface Typed {
  readonly session: Session
  readonly type: (line: string) => { stdout: string; stderr: string; code: number }
}

function begin(cluster: ClusterOptions = {}): Typed {
  const session = createSession({ cluster: { seed: 1, nodes: 1, addOns: false, ...cluster } })
  const terminal = createTerminal(session)
  session.advanceTo(1_000)
  return {
    session,
    type(line) {
      let [stdout, stderr] = ['', '']
      const running = terminal.run(line, { out: (text) => (stdout += text), err: (text) => (stderr += text) })
      session.advanceTo(session.now() + 1_000)
      if (!running.isDone()) running.stop()
      return { stdout, stderr, code: running.code() }
    },
  }
}

describe('etcdctl in the terminal', () => {
  let typed: Typed
  beforeEach(() => {
    typed = begin()
  })

  test.each([
    ['get /registry/namespaces --prefix --keys-only', '/registry/namespaces/default\n\n'],
    ['get /registry/minions/node-1 --keys-only', '/registry/minions/node-1\n\n'],
    ['get /registry/services/specs/default/kubernetes --keys-only', '/registry/services/specs/default/kubernetes\n\n'],
    ['member list', '8e9e05c52164694d, started, etcd-1, http://127.0.0.1:2380, http://127.0.0.1:2379, false\n'],
    ['alarm list', ''],
    ['version', 'etcdctl version: 3.6.8\n'],
  ])('%s', (line, start) => {
    const { stdout, stderr, code } = typed.type(`etcdctl ${line}`)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout.startsWith(start)).toBe(true)
  })

  test('a value is shown as JSON', () => {
    const { stdout } = typed.type('etcdctl get /registry/namespaces/default --print-value-only')
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } })
  })

  test('a table of the endpoints has a frame', () => {
    const lines = typed.type('etcdctl endpoint status -w table').stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(5)
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1)
    expect(lines[3]).toContain('| 127.0.0.1:2379 | 8e9e05c52164694d | 3.6.8')
  })

  test('a watch tells what comes until it is interrupted', () => {
    const { session } = typed
    session.cluster().api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } })
    const first = session.cluster().revision()
    const { stdout, code } = typed.type(`etcdctl watch --prefix /registry/configmaps/default/a --rev ${first}`)
    expect(stdout).toMatch(/^PUT\n\/registry\/configmaps\/default\/a\n\{"/)
    expect(code).toBe(130)
  })

  test('an old revision can be read until it is compacted', () => {
    const { session } = typed
    const { api } = session.cluster()
    api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: { k: '1' } })
    const old = session.cluster().revision()
    api.patch('ConfigMap', 'a', { data: { k: '2' } }, { namespace: 'default' })
    const line = `etcdctl get /registry/configmaps/default/a --print-value-only --rev ${old}`
    expect(JSON.parse(typed.type(line).stdout)).toMatchObject({ data: { k: '1' } })
    const now = session.cluster().revision()
    expect(typed.type(`etcdctl compact ${now}`)).toMatchObject({ stdout: `compacted revision ${now}\n`, code: 0 })
    expect(typed.type(line).stderr).toBe('Error: etcdserver: mvcc: required revision has been compacted\n')
    expect(typed.type('etcdctl compact 999999').stderr).toContain('is a future revision')
    expect(session.inputs().some((input) => input.do === 'fault')).toBe(true)
  })

  test('a wrong line is refused', () => {
    expect(typed.type('etcdctl get')).toMatchObject({ code: 128, stdout: '' })
    expect(typed.type('etcdctl get a --count-only')).toMatchObject({ code: 128 })
    expect(typed.type('etcdctl fly').stderr).toBe('Error: unknown command "fly" for "etcdctl"\n')
    expect(typed.type('etcdctl get a --wings').stderr).toBe('Error: unknown flag: --wings\n')
  })
})

test('a full store takes nothing more until it is compacted, defragmented and disarmed', () => {
  const { session, type } = begin({ etcdQuotaBytes: 400_000, controlPlane: 'api' })
  const { api } = session.cluster()
  const create = (index: number): unknown =>
    api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c-${index}`, namespace: 'default' },
      data: { text: 'x'.repeat(20_000) },
    })
  let count = 0
  expect(() => {
    for (; count < 100; count++) create(count)
  }).toThrow('etcdserver: mvcc: database space exceeded')
  expect(type('etcdctl alarm list').stdout).toMatch(/^memberID:\d+ alarm:NOSPACE $/m)
  for (let index = 0; index < count; index++) api.delete('ConfigMap', `c-${index}`, { namespace: 'default' })
  type(`etcdctl compact ${session.cluster().revision()}`)
  type('etcdctl defrag')
  expect(() => create(1)).toThrow('database space exceeded')
  type('etcdctl alarm disarm')
  expect(type('etcdctl alarm list').stdout).toBe('')
  create(1)
})

test('without a majority nothing is written, and running pods go on', () => {
  const { session, type } = begin({ etcdMembers: 3 })
  const { api } = session.cluster()
  const pod = { containers: [{ name: 'web', image: 'nginx:1.27' }] }
  api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec: pod })
  session.advanceTo(20_000)
  session.fault({ kind: 'component', name: 'etcd-2', on: false })
  expect(api.get('Pod', 'web', { namespace: 'default' })).toMatchObject({ status: { phase: 'Running' } })
  session.fault({ kind: 'component', name: 'etcd-3', on: false })
  expect(() => api.delete('Pod', 'web', { namespace: 'default' })).toThrow('etcdserver: request timed out')
  session.advanceTo(120_000)
  expect(session.cluster().nodes.machine('node-1').isPowered).toBe(true)
  expect(type('etcdctl endpoint health').code).toBe(1)
  session.fault({ kind: 'component', name: 'etcd-2', on: true })
  session.advanceTo(130_000)
  expect(api.get('Pod', 'web', { namespace: 'default' })).toMatchObject({ status: { phase: 'Running' } })
  expect(type('etcdctl endpoint status --cluster -w table').stdout).toMatch(/\| true +\|/)
  session.seek(60_000)
  expect(session.cluster().etcd.refusal()).toBe('etcdserver: request timed out')
})
