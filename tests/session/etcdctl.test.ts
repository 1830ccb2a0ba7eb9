import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
  })
})

describe('a line of etcdctl', () => {
  let typed: Typed
  beforeAll(() => {
    typed = begin()
  })

  test.each([
    ['fly', 'unknown command "fly" for "etcdctl"\nRun \'etcdctl --help\' for usage.', 1],
    [
      'gett a',
      'unknown command "gett" for "etcdctl"\n\nDid you mean this?\n\tget\n\nRun \'etcdctl --help\' for usage.',
      1,
    ],
    ['get a --sort-by=size', 'bad sort target size', 4],
    ['get a --order up', 'bad sort order up', 4],
    ['get a --consistency=x', 'unknown consistency flag "x"', 4],
    ['member list --consistency=x', 'unknown consistency flag "x"', 4],
    ['get a -w xml', 'unsupported output format', 4],
    ['endpoint health --write-out=xml', 'unsupported output format', 4],
    ['get a -w table', 'table not supported as output format', 4],
    ['get a -w protobuf', 'the output format protobuf is not simulated', 4],
    ['get a --print-value-only -w json', 'print-value-only is only for `--write-out=simple`', 128],
    [
      'get a --keys-only --count-only -w fields',
      '`--keys-only` and `--count-only` cannot be set at the same time, choose one',
      128,
    ],
    ['get a --min-mod-rev 3 --max-mod-rev 2', 'getMinModRev(=3) > getMaxModRev(=2)', 4],
    ['watch a b --prefix', '`range_end` and `--prefix` are mutually exclusive', 128],
    ['watch a -w json', 'etcdctl watch --write-out=json is not simulated', 4],
    ['watch a -- echo', 'a command that etcdctl watch runs is not simulated', 1],
    ['put a --ignore-value', 'etcdctl put --ignore-value is not simulated', 1],
    ['compact', 'compaction command needs 1 argument', 128],
    ['alarm list now', 'alarm list command accepts no arguments', 128],
    ...['snapshot save x', 'auth enable', 'user add me', 'role list', 'lock a', 'elect a b', 'move-leader 77'].map(
      (line): [string, string, number] => [line, `etcdctl ${commandIn(line)} is not simulated`, 1],
    ),
    ...['make-mirror x', 'check perf', 'member add x', 'endpoint hashkv', 'downgrade cancel', 'completion bash'].map(
      (line): [string, string, number] => [line, `etcdctl ${commandIn(line)} is not simulated`, 1],
    ),
  ])('%s is refused', (line, message, code) => {
    expect(typed.type(`etcdctl ${line}`)).toEqual({ stdout: '', stderr: `Error: ${message}\n`, code })
  })

  test.each([
    ['get a --wings', 'unknown flag: --wings'],
    ['put a b --prefix', 'unknown flag: --prefix'],
    ['get a -x', "unknown shorthand flag: 'x' in -x"],
    ['get a --limit few', 'invalid argument "few" for "--limit" flag: strconv.ParseInt: parsing "few": invalid syntax'],
    [
      'get a --prefix=maybe',
      'invalid argument "maybe" for "--prefix" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      'get a --command-timeout 5',
      'invalid argument "5" for "--command-timeout" flag: time: missing unit in duration "5"',
    ],
    ['get a -w', "flag needs an argument: 'w' in -w"],
    ['get a --rev', 'flag needs an argument: --rev'],
  ])('%s is refused, and shows how it is done', (line, message) => {
    const { stdout, stderr, code } = typed.type(`etcdctl ${line}`)
    expect({ stderr, code }).toEqual({ stderr: `Error: ${message}\n\n`, code: 1 })
    expect(stdout).toContain(`USAGE:\n  etcdctl ${line.slice(0, 3)} [options] <key>`)
  })

  test.each([
    ['', 'etcdctl', ['VERSION', 'API VERSION', 'COMMANDS', 'DESCRIPTION', 'OPTIONS']],
    ['help', 'etcdctl', ['VERSION', 'API VERSION', 'COMMANDS', 'DESCRIPTION', 'OPTIONS']],
    ['lease', 'etcdctl lease <subcommand>', ['API VERSION', 'COMMANDS', 'OPTIONS', 'GLOBAL OPTIONS']],
    ['lease lend', 'etcdctl lease <subcommand>', ['API VERSION', 'COMMANDS', 'OPTIONS', 'GLOBAL OPTIONS']],
    ['endpoint --cluster', 'etcdctl endpoint <subcommand>', ['API VERSION', 'COMMANDS', 'OPTIONS', 'GLOBAL OPTIONS']],
    ['user', 'etcdctl user <subcommand>', ['API VERSION', 'COMMANDS', 'OPTIONS', 'GLOBAL OPTIONS']],
    ['lease grant --help', 'etcdctl lease grant <ttl>', ['OPTIONS', 'GLOBAL OPTIONS']],
    ['help lease grant', 'etcdctl lease grant <ttl>', ['OPTIONS', 'GLOBAL OPTIONS']],
    ['snapshot save -h', 'etcdctl snapshot save <filename>', ['OPTIONS', 'GLOBAL OPTIONS']],
  ])('etcdctl %s shows how it is used', (line, usage, sections) => {
    const { stdout, stderr, code } = typed.type(`etcdctl ${line}`)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout).toContain(`\nUSAGE:\n  ${usage} [flags]\n`)
    expect(stdout.match(/^[A-Z ]+(?=:$)/gm)).toEqual(['NAME', 'USAGE', ...sections])
  })

  test('a group lists its commands in two columns', () => {
    expect(typed.type('etcdctl lease').stdout).toContain(
      '\nCOMMANDS:\n  grant\t\tMake a lease of so many seconds\n  keep-alive\tRenew a lease again and again\n',
    )
    const { stdout } = typed.type('etcdctl')
    expect(stdout).toContain('\n  lease keep-alive\t\tRenew')
    expect(stdout).toContain('\n  user add\t\t\tMake a user (not simulated)\n')
    expect(stdout).toContain('\n  -w, --write-out="simple"\t\t\tformat')
    expect(stdout).toContain('\n      --insecure-transport[=true]\t\tconnect')
  })

  test('a beginning that no other command has is enough', () => {
    expect(typed.type('etcdctl vers').stdout).toContain('etcdctl version: 3.6.8')
    expect(typed.type('etcdctl -w simple mem li').stdout).toContain('started, etcd-1')
    expect(typed.type('etcdctl comp 1').stderr).toContain('Did you mean this?\n\tcompaction\n\tcompletion\n')
  })
})

/** A command's own words: those before the first that it is given. */
function commandIn(line: string): string {
  const [first = '', second = ''] = line.split(' ')
  const groups = ['snapshot', 'auth', 'user', 'role', 'check', 'member', 'endpoint', 'downgrade']
  return groups.includes(first) ? `${first} ${second}` : first
}

describe('what etcdctl shows', () => {
  test('keys in the order that is asked for', () => {
    const { type } = begin()
    for (const [key, value] of [
      ['a', '3'],
      ['b', '1'],
      ['c', '2'],
      ['b', '0'],
    ])
      type(`etcdctl put ${key} ${value}`)
    const keys = (flags: string): string => type(`etcdctl get a d --keys-only ${flags}`).stdout.replace(/\n/g, '')
    expect(keys('--order=DESCEND')).toBe('cba')
    expect(keys('--sort-by=modify')).toBe('acb')
    expect(keys('--sort-by=CREATE --order=descend')).toBe('cba')
    expect(keys('--sort-by=VALUE')).toBe('bca')
    expect(keys('--sort-by=VERSION --limit=2')).toBe('ac')
    expect(type('etcdctl get a d --limit 2 -w fields').stdout).toContain('"More" : true\n"Count" : 3\n')
    const first = JSON.parse(type('etcdctl get a -w json').stdout) as { kvs: [{ mod_revision: number }] }
    expect(keys(`--min-mod-rev=${first.kvs[0].mod_revision + 1}`)).toBe('bc')
    expect(keys(`--max-create-rev=${first.kvs[0].mod_revision}`)).toBe('a')
  })

  test('a transaction counts and cuts its ranges', () => {
    const { type } = begin()
    const ranges = 'get a d --limit=2\nget a d --count-only\nget a d --sort-by=VALUE --limit=1 --keys-only'
    const puts = 'put a 3\nput b 1\nput c 2'
    type(`etcdctl txn <<EOF\n\n${puts}\n\n\nEOF`)
    const { stdout } = type(`etcdctl txn -w json <<EOF\n\n${ranges}\n\n\nEOF`)
    const { responses } = JSON.parse(stdout) as { responses: readonly { Response: { response_range: object } }[] }
    expect(responses.map(({ Response }) => Response.response_range)).toMatchObject([
      { kvs: [{ key: 'YQ==' }, { key: 'Yg==' }], more: true, count: 3 },
      { count: 3 },
      { kvs: [{ key: 'Yg==' }], more: true, count: 3 },
    ])
    expect(responses[1]!.Response.response_range).not.toHaveProperty('kvs')
    expect(responses[2]!.Response.response_range).not.toHaveProperty('kvs.0.value')
  })

  test('bytes and ids as hexadecimal digits', () => {
    const { type } = begin()
    type('etcdctl put a é')
    expect(type('etcdctl get a --hex').stdout).toBe('\\x61\n\\xc3\\xa9\n')
    expect(type('etcdctl get a --hex --print-value-only').stdout).toBe('\\xc3\\xa9\n')
    expect(type('etcdctl get a --hex -w fields').stdout).toMatch(
      /^"ClusterID" : cdf818194e3a8c32\n"MemberID" : 8e9e05c52164694d\n[^]*"Lease" : 0{16}\n/,
    )
    const id = /lease (\w+)/.exec(type('etcdctl lease grant 60').stdout)![1]!
    expect(type(`etcdctl lease timetolive ${id} --hex -w fields`).stdout).toContain(`"ID" : ${id}\n`)
    expect(type('etcdctl member list -w json').stdout).toMatch(
      /^\{"header":\{"cluster_id":14841639068965178418,"member_id":10276657743932975437,"raft_term":2\},"members":\[\{"ID":10276657743932975437,/,
    )
    expect(type('etcdctl member list --hex -w json').stdout).toMatch(
      /^\{"header":\{"cluster_id":"cdf818194e3a8c32","member_id":"8e9e05c52164694d","raft_term":2\},"members":\[\{"ID":"8e9e05c52164694d",/,
    )
  })

  test('endpoints by the names they were given, whether they answer or not', () => {
    const { session, type } = begin({ etcdMembers: 3 })
    expect(type('etcdctl endpoint health --cluster').stdout).toMatch(
      /^http:\/\/127.0.0.1:2379 is healthy: .*\nhttp:\/\/127.0.0.1:2389 is healthy/,
    )
    const lost = type('etcdctl endpoint status --endpoints=https://127.0.0.1:2389,127.0.0.1:9')
    expect(lost.stdout).toMatch(/^https:\/\/127.0.0.1:2389, 91bc3c398fb3c146, 3\.6\.8, [^\n]*\n$/)
    expect(lost).toMatchObject({
      stderr: 'Failed to get the status of endpoint 127.0.0.1:9 (context deadline exceeded)\n',
      code: 1,
    })
    session.fault({ kind: 'component', name: 'etcd-3', on: false })
    const { stdout, stderr, code } = type('etcdctl endpoint health --cluster -w json')
    expect(JSON.parse(stdout)).toMatchObject([{ health: true }, { health: true }, { health: false }])
    expect({ stderr, code }).toEqual({ stderr: 'Error: unhealthy cluster\n', code: 1 })
    expect(type('etcdctl endpoint health --cluster').stderr).toBe(
      'http://127.0.0.1:2399 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n',
    )
    for (const word of ['health', 'status'])
      expect(type(`etcdctl endpoint ${word} -w fields`).stdout).toMatch(/"Endpoint" : "127.0.0.1:2379"\n/)
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

describe('etcdctl writes', () => {
  test("keys outside /registry are texts of one's own", () => {
    const { type } = begin()
    expect(type('etcdctl put greeting hello')).toEqual({ stdout: 'OK\n', stderr: '', code: 0 })
    expect(type('etcdctl put greeting hi --prev-kv').stdout).toBe('OK\ngreeting\nhello\n')
    expect(type('echo piped | etcdctl put from-stdin').stdout).toBe('OK\n')
    expect(type('etcdctl get from-stdin').stdout).toBe('from-stdin\npiped\n\n')
    expect(type('etcdctl get greeting -w fields').stdout).toMatch(
      /^"ClusterID" : 14841639068965178418\n"MemberID" : 10276657743932975437\n"Revision" : \d+\n"RaftTerm" : 2\n"Key" : "greeting"\n"CreateRevision" : \d+\n"ModRevision" : \d+\n"Version" : 2\n"Value" : "hi"\n"Lease" : 0\n"More" : false\n"Count" : 1\n$/,
    )
    expect(type('etcdctl del greeting --prev-kv').stdout).toBe('1\ngreeting\nhi\n')
    expect(JSON.parse(type('etcdctl del gone -w json').stdout)).not.toHaveProperty('deleted')
    expect(type('etcdctl del greeting').stdout).toBe('0\n')
  })

  test('a transaction is read part by part, and an end too early is one', () => {
    const { type } = begin()
    const success = 'put key1 "overwrote-key1" --prev-kv\nget key1\ndel none'
    const failure = 'put key1 "created-key1"\nput key2 \'some extra key\''
    const line = `etcdctl txn <<EOF\nmod("key1") > "0"\n\n${success}\n\n${failure}\n\nEOF`
    expect(type(line).stdout).toBe('FAILURE\n\nOK\n\nOK\n')
    expect(type(line).stdout).toBe('SUCCESS\n\nOK\nkey1\ncreated-key1\n\nkey1\noverwrote-key1\n\n0\n')
    expect(type('etcdctl get key2 --print-value-only').stdout).toBe('some extra key\n')
    expect(type('etcdctl txn <<EOF\nmod("a") > "0"\n\nput a b\nEOF')).toMatchObject({ stderr: 'Error: EOF\n', code: 3 })
    const interactive = type('etcdctl txn -i <<EOF\n\nget key2\n\n\nEOF').stdout
    expect(interactive).toContain(
      'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nSUCCESS\n',
    )
  })

  test('a transaction in JSON and in fields', () => {
    const { type } = begin()
    const ask = (format: string): string => type(`etcdctl txn -w ${format} <<EOF\n\nput a 1\nget a\n\n\nEOF`).stdout
    expect(JSON.parse(ask('json'))).toMatchObject({
      succeeded: true,
      responses: [
        { Response: { response_put: { header: { revision: expect.any(Number) as number } } } },
        { Response: { response_range: { kvs: [{ key: 'YQ==', value: 'MQ==', version: 1 }], count: 1 } } },
      ],
    })
    expect(ask('fields')).toMatch(
      /"Succeeded" : true\n"ClusterID" : 0\n"MemberID" : 0\n"Revision" : \d+\n"RaftTerm" : 0\n/,
    )
  })

  test.each([
    ['mad("a") > "0"', 'malformed comparison: mad("a") > "0" (unknown target mad)'],
    ['mod a', 'malformed comparison: mod a'],
    ['ver("a") > "x"', 'invalid txn compare request: ver("a") > "x"'],
    ['\njump a b', 'invalid txn request: jump a b'],
    ['\nput', 'invalid txn compare request: put'],
  ])('refuses a transaction of %j', (text, message) => {
    expect(begin().type(`etcdctl txn <<EOF\n${text}\n\n\n\nEOF`)).toMatchObject({
      stderr: `Error: ${message}\n`,
      code: 3,
    })
  })

  test('a lease is granted, kept alive, looked at and revoked', () => {
    const { type, session } = begin()
    const id = /^lease ([0-9a-f]{16}) granted with TTL\(10s\)\n$/.exec(type('etcdctl lease grant 10').stdout)![1]!
    expect(type(`etcdctl put temp x --lease=${id}`).stdout).toBe('OK\n')
    expect(type(`etcdctl lease timetolive ${id} --keys`).stdout).toBe(
      `lease ${id} granted with TTL(10s), remaining(8s), attached keys([temp])\n`,
    )
    expect(JSON.parse(type(`etcdctl lease timetolive ${id} -w json`).stdout)).toMatchObject({
      'granted-ttl': 10,
      keys: null,
    })
    expect(type('etcdctl lease list').stdout).toMatch(new RegExp(`^found \\d+ leases\n${id}\n`))
    expect(type(`etcdctl lease keep-alive --once ${id}`).stdout).toBe(`lease ${id} keepalived with TTL(10)\n`)
    expect(type(`etcdctl lease revoke ${id}`).stdout).toBe(`lease ${id} revoked\n`)
    expect(type('etcdctl get temp').stdout).toBe('')
    expect(type(`etcdctl lease timetolive ${id}`).stdout).toBe(`lease ${id} already expired\n`)
    expect(type(`etcdctl lease keep-alive ${id}`).stdout).toBe(`lease ${id} expired or revoked.\n`)
    expect(session.cluster().etcd.findLease(id)).toBeUndefined()
  })

  test.each([
    ['lease grant', 'lease grant command needs TTL argument', 128],
    ['lease grant abc', 'bad TTL (strconv.ParseInt: parsing "abc": invalid syntax)', 128],
    ['lease grant 9000000001', 'failed to grant lease (etcdserver: too large lease TTL)', 1],
    ['lease revoke 77', 'failed to revoke lease (etcdserver: requested lease not found)', 1],
    [
      'lease revoke xyz',
      'bad lease ID arg (strconv.ParseInt: parsing "xyz": invalid syntax), expecting ID in Hex',
      128,
    ],
    ['lease keep-alive --once 77', 'etcdserver: requested lease not found', 2],
    ['put a b --lease=77', 'etcdserver: requested lease not found', 1],
    ['put', 'put command needs 1 argument and input from stdin or 2 arguments', 128],
    ['del', 'del command needs one argument as key and an optional argument as range_end', 128],
  ])('%s is refused', (line, message, code) => {
    expect(begin().type(`etcdctl ${line}`)).toMatchObject({ stderr: `Error: ${message}\n`, code })
  })

  test('an object can be deleted behind the API server, and not put', () => {
    const { session, type } = begin()
    const { api } = session.cluster()
    api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } })
    expect(type('etcdctl put /registry/configmaps/default/a x').stderr).toContain('not simulated')
    expect(type('etcdctl del /registry/configmaps/default/ --prefix').stdout).toMatch(/^[12]\n$/)
    expect(api.find('ConfigMap', 'a', { namespace: 'default' })).toBeUndefined()
    const { trace } = session.cluster()
    const gone = [...trace.since(0)].find(({ what, object }) => what === 'deleted' && object === 'ConfigMap/default/a')!
    expect(trace.causes(gone.seq).map(({ actor, what }) => `${actor} ${what}`)).toEqual([
      'etcdctl deleted',
      'you fault',
    ])
  })

  test('a whole cluster survives the loss of its store', () => {
    const { session, type } = begin()
    expect(Number(type('etcdctl del /registry --prefix').stdout)).toBeGreaterThan(100)
    session.advanceTo(120_000)
    expect(type('kubectl get namespaces').code).toBe(0)
  })

  test('a lease that is kept alive is two actions, however long it takes', () => {
    const { session, type } = begin()
    const id = /lease (\w+)/.exec(type('etcdctl lease grant 10').stdout)![1]!
    const [actions, records] = [session.inputs().length, session.cluster().trace.count()]
    const terminal = createTerminal(session)
    let told = ''
    const out = (text: string): void => void (told += text)
    const running = terminal.run(`etcdctl lease keep-alive ${id}`, { out, err: out })
    session.advanceTo(3_600_000)
    expect(session.inputs()).toHaveLength(actions + 1)
    const recorded = [...session.cluster().trace.since(records)].filter(({ actor }) => actor !== 'kubelet@node-1')
    expect(recorded.filter(({ actor }) => actor === 'you' || actor.startsWith('etcd'))).toHaveLength(1)
    expect(told.split('\n').slice(0, -1).length).toBeGreaterThan(1_000)
    expect(new Set(told.split('\n'))).toEqual(new Set([`lease ${id} keepalived with TTL(10)`, '']))
    running.stop()
    expect(running.code()).toBe(130)
    expect(session.inputs().slice(actions)).toMatchObject([
      { do: 'fault', fault: { kind: 'etcdRequest', do: 'keepAliveBegin', lease: id } },
      { do: 'fault', fault: { kind: 'etcdRequest', do: 'keepAliveEnd', keeper: 1 }, at: 3_600_000 },
    ])
    session.advanceTo(3_620_000)
    expect(session.cluster().etcd.findLease(id)).toBeUndefined()
    const again = createSession({ cluster: { seed: 1, nodes: 1, addOns: false }, inputs: session.inputs() })
    again.advanceTo(3_620_000)
    const all = (each: Session): string => JSON.stringify([...each.cluster().trace.since(0)])
    expect(all(again)).toBe(all(session))
    again.seek(3_595_000)
    expect(again.cluster().etcd.findLease(id)).toBeDefined()
    again.seek(3_620_000)
    expect(all(again)).toBe(all(session))
  })

  test('a lease is kept alive no longer when its keeper is killed, and not ended twice when the lease is gone', () => {
    const { session, type } = begin()
    const grant = (): string => /lease (\w+)/.exec(type('etcdctl lease grant 5').stdout)![1]!
    const [killed, revoked] = [grant(), grant()]
    type(`etcdctl lease keep-alive ${killed} > log & echo $! > pid`)
    session.advanceTo(20_000)
    expect(session.cluster().etcd.findLease(killed)).toBeDefined()
    type('kill -9 $(cat pid)')
    const { stdout, code } = type(`etcdctl lease keep-alive ${revoked}`)
    expect({ stdout, code }).toEqual({ stdout: `lease ${revoked} expired or revoked.\n`, code: 0 })
    session.advanceTo(40_000)
    expect(session.cluster().etcd.findLease(killed)).toBeUndefined()
    const ends = session.inputs().filter((input) => JSON.stringify(input).includes('keepAliveEnd'))
    expect(ends).toHaveLength(1)
  })

  test('a rewind leaves the terminal behind, and not whoever keeps a lease alive', () => {
    const { session, type } = begin()
    const id = /lease (\w+)/.exec(type('etcdctl lease grant 5').stdout)![1]!
    const terminal = createTerminal(session)
    const running = terminal.run(`etcdctl lease keep-alive ${id}`, { out: () => {}, err: () => {} })
    session.advanceTo(60_000)
    session.seek(30_000)
    expect({ isDone: running.isDone(), code: running.code() }).toEqual({ isDone: true, code: 130 })
    expect(session.cluster().etcd.findKeeper(1)?.renewals).toBeGreaterThan(10)
    type('etcdctl put a b') // leaves the old future
    session.advanceTo(120_000)
    expect(session.cluster().etcd.findLease(id)).toBeDefined()
    type(`etcdctl lease revoke ${id}`)
    session.advanceTo(130_000)
    expect(session.cluster().etcd.findKeeper(1)).toBeUndefined()
  })

  test.each([
    { do: 'keepAliveBegin' },
    { do: 'keepAliveBegin', lease: 5 },
    { do: 'keepAliveBegin', lease: {} },
    { do: 'keepAliveEnd' },
    { do: 'keepAliveEnd', keeper: 'all' },
  ])('a link that keeps no lease alive does nothing: %j', (request) => {
    const { session } = begin()
    session.fault({ kind: 'etcdRequest', ...request } as never)
    session.advanceTo(10_000)
    expect(session.cluster().etcd.findKeeper(1)).toBeUndefined()
  })

  test('is part of the run: a replay and a rewind do it again, to the byte', () => {
    const { session, type } = begin()
    const id = /lease (\w+)/.exec(type('etcdctl lease grant 5').stdout)![1]!
    type(`etcdctl put a 1 --lease=${id}`)
    type(`etcdctl lease keep-alive ${id}`)
    type('etcdctl del /registry/namespaces/kube-public')
    session.advanceTo(20_000)
    const told = (each: Session): string => JSON.stringify([...each.cluster().trace.since(0)])
    const expected = told(session)
    expect(expected).toContain('lease.expired')
    const again = createSession({ cluster: { seed: 1, nodes: 1, addOns: false }, inputs: session.inputs() })
    again.advanceTo(20_000)
    expect(told(again)).toBe(expected)
    session.seek(3_000)
    session.seek(20_000)
    expect(told(session)).toBe(expected)
  })

  test('a lease needs a majority, and lives on without one', () => {
    const { session, type } = begin({ etcdMembers: 3 })
    const id = /lease (\w+)/.exec(type('etcdctl lease grant 5').stdout)![1]!
    type(`etcdctl put a 1 --lease=${id}`)
    for (const name of ['etcd-2', 'etcd-3']) session.fault({ kind: 'component', name, on: false })
    expect(type('etcdctl lease grant 5').stderr).toContain('etcdserver: request timed out')
    session.advanceTo(60_000)
    expect(session.cluster().etcd.findLease(id)?.keys).toEqual(['a'])
    session.fault({ kind: 'component', name: 'etcd-2', on: true })
    session.advanceTo(80_000)
    expect(session.cluster().etcd.findLease(id)).toBeUndefined()
  })
})
