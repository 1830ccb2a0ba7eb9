import { describe, expect, test } from 'vitest'
import { createHarness, type Answer } from '../../src/headless/ops.ts'

// The harness is a contract with tools outside the repository: whatever comes in is answered, and it goes on.

const oddities: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  1.5,
  '',
  'x',
  [],
  {},
  [null],
  { a: null },
  'a/b/c',
  '\u0000',
  '__proto__',
  'toString',
]

const fields: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  reset: {
    nodes: 1,
    seed: 1,
    controlPlane: true,
    schedulerOnly: false,
    kubelets: true,
    empty: true,
    etcdMembers: 3,
    scheduler: {},
    autoscaler: { groups: [] },
    descheduler: { strategies: [] },
  },
  kubectl: { line: 'get pods', stdin: '', files: {}, user: { name: 'a' } },
  shell: { line: 'echo x', files: {} },
  request: { method: 'GET', path: '/api/v1/pods', headers: {}, body: {}, user: { name: 'a' } },
  watch: { id: 'a', path: '/api/v1/pods', max: 1 },
  advance: { ms: 10 },
  settle: { maxMs: 10 },
  explain: { pod: 'default/web' },
  traffic: { target: 'web', rps: 1, url: 'http://web', name: 'users' },
  trace: { since: 1e9, kinds: [] },
  hash: {},
  lesson: { path: 'x', text: 'x' },
}

const faults: readonly Readonly<Record<string, unknown>>[] = [
  { kind: 'nodePower', node: 'node-1', on: true },
  { kind: 'nodeNetwork', node: 'node-1', on: true },
  { kind: 'component', name: 'etcd', on: true },
  { kind: 'process', pod: 'default/web', container: 'web', do: 'kill' },
  { kind: 'probe', pod: 'default/web', probe: 'readiness', ok: true },
  { kind: 'load', name: 'users', url: 'http://web', rps: 1 },
  { kind: 'registry', on: true },
]

function createAsker() {
  const harness = createHarness()
  return (op: unknown): Answer => {
    const text = typeof op === 'string' ? op : JSON.stringify(op)
    const answer = harness.answer(text)
    expect(JSON.stringify(answer), text).not.toMatch(/internal error/)
    return answer
  }
}

describe('the harness', () => {
  test.each(['', '{', 'null', '[]', '1', '{}', '{"op":null}', '{"op":"toString"}', '{"op":"__proto__"}'])(
    'refuses %s',
    (line) => {
      expect(createAsker()(line)).toHaveProperty('error')
    },
  )

  test.each(Object.keys(fields))('%s survives fields of any type', (op) => {
    const ask = createAsker()
    for (const field of Object.keys(fields[op]!)) for (const odd of oddities) ask({ op, ...fields[op], [field]: odd })
    ask({ op })
    expect(ask({ op: 'reset' })).toEqual({ ok: true, now: 0 })
  })

  test.each(faults.map((fault) => [fault.kind, fault] as const))('fault %s survives fields of any type', (_, fault) => {
    const ask = createAsker()
    ask({ op: 'kubectl', line: 'run web --image=nginx' })
    ask({ op: 'advance', ms: 10_000 })
    for (const field of Object.keys(fault)) {
      for (const odd of oddities) ask({ op: 'fault', fault: { ...fault, [field]: odd } })
      if (field !== 'container')
        expect(ask({ op: 'fault', fault: { ...fault, [field]: undefined } })).toHaveProperty('error')
    }
    ask({ op: 'advance', ms: 10_000 })
  })

  test.each([
    { kind: 'nodePower', node: 'node-9', on: false },
    { kind: 'nodeNetwork', node: 'node-9', on: true },
    { kind: 'component', name: 'kube-nothing', on: false },
    { kind: 'component', name: 'kubelet@node-9', on: false },
    { kind: 'process', pod: 'default/none', do: 'kill' },
    { kind: 'probe', pod: 'default/none', probe: 'readiness', ok: false },
    { kind: 'load', name: 'a', url: 'http://web', rps: -1 },
  ])('refuses a fault of what is not there: $kind', (fault) => {
    expect(createAsker()({ op: 'fault', fault })).toHaveProperty('error')
  })

  test('bounds time and output', () => {
    const ask = createAsker()
    expect(ask({ op: 'advance', ms: 31 * 24 * 3_600_000 })).toHaveProperty('error')
    expect(ask({ op: 'advance', ms: -1 })).toHaveProperty('error')
    expect(ask({ op: 'shell', line: 'yes' })).toMatchObject({ stderr: '' })
    expect(ask({ op: 'shell', line: 'a=a; while :; do a=$a$a; done' })).toHaveProperty('code')
  })

  test('answers requests with bodies of any shape', () => {
    const ask = createAsker()
    const pods = '/api/v1/namespaces/default/pods'
    const paths = [
      '',
      'x',
      '/',
      pods,
      `${pods}/web`,
      `${pods}/web/status`,
      `${pods}/web/binding`,
      `${pods}/web/eviction`,
      `${pods}?limit=-1`,
      `${pods}?labelSelector=%%%`,
    ]
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
    const bodies = [
      ...oddities,
      pod,
      { ...pod, spec: { containers: [null], volumes: [null] } },
      { ...pod, spec: { terminationGracePeriodSeconds: 1e308, containers: [{ name: 'a', image: 'x' }] } },
    ]
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'BREW'])
      for (const path of paths)
        for (const body of bodies) {
          const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
          ask({ op: 'request', method, path, body, headers: { 'content-type': type } })
        }
    ask({ op: 'advance', ms: 60_000 })
  })
})

describe('shapes of a cluster', () => {
  test('without a control plane nothing acts but the API server', () => {
    const ask = createAsker()
    ask({ op: 'reset', nodes: 1, controlPlane: false })
    ask({ op: 'kubectl', line: 'create deployment web --image=nginx' })
    ask({ op: 'advance', ms: 120_000 })
    expect(ask({ op: 'kubectl', line: 'get replicasets,pods' })).toMatchObject({ stdout: '' })
  })

  test('with a scheduler alone, nodes are what the caller writes', () => {
    const ask = createAsker()
    ask({ op: 'reset', nodes: 0, schedulerOnly: true })
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }
    const status = {
      allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
      conditions: [{ type: 'Ready', status: 'True' }],
    }
    expect(ask({ op: 'request', method: 'POST', path: '/api/v1/nodes', body: { ...node, status } })).toMatchObject({
      code: 201,
    })
    ask({ op: 'kubectl', line: 'taint nodes n node.kubernetes.io/not-ready-' })
    ask({ op: 'kubectl', line: 'run web --image=nginx' })
    ask({ op: 'advance', ms: 10_000 })
    expect(ask({ op: 'explain', pod: 'web' })).toMatchObject({ result: { node: 'n' } })
    expect(ask({ op: 'kubectl', line: 'get pod web' })).toMatchObject({
      stdout: expect.stringMatching(/Pending/) as string,
    })
  })

  test('without kubelets, nodes stay Ready and pods stay as they are written', () => {
    const ask = createAsker()
    ask({ op: 'reset', nodes: 2, kubelets: false })
    ask({ op: 'kubectl', line: 'create deployment web --image=nginx' })
    ask({ op: 'advance', ms: 600_000 })
    expect(ask({ op: 'kubectl', line: 'get nodes' })).toMatchObject({
      stdout: expect.not.stringMatching(/NotReady/) as string,
    })
    expect(ask({ op: 'kubectl', line: 'get pods' })).toMatchObject({
      stdout: expect.stringMatching(/Pending/) as string,
    })
  })

  test('an empty cluster has no add-ons', () => {
    const ask = createAsker()
    ask({ op: 'reset', empty: true })
    ask({ op: 'advance', ms: 10_000 })
    expect(ask({ op: 'kubectl', line: 'get pods -A' })).toMatchObject({ stdout: '' })
  })
})

describe('reset', () => {
  test('takes the parts of a cluster', () => {
    const ask = createAsker()
    const template = { cpu: 2, memory: '4Gi' }
    const groups = [{ name: 'small', min: 1, max: 2, template }]
    expect(ask({ op: 'reset', nodes: 1, autoscaler: { groups }, scheduler: {}, etcdMembers: 3 })).toMatchObject({
      ok: true,
    })
    ask({ op: 'advance', ms: 2_000 })
    expect(ask({ op: 'kubectl', line: 'get nodes -o name' })).toMatchObject({ stdout: 'node/node-1\nnode/small-1\n' })
  })

  test.each<[object, string]>([
    [{ node: 3 }, 'reset has no field "node"; it has nodes, seed, controlPlane'],
    [{ autoscaler: { groups: [{ name: 'a' }] } }, 'autoscaler.groups[0] needs the field min'],
    [{ etcdMembers: 4 }, 'etcdMembers must be one of 1, 3, 5, not 4'],
    [{ scheduler: { profiles: [] } }, 'scheduler: profiles: Required value'],
  ])('complains about %j', (fields, words) => {
    const ask = createAsker()
    expect(ask({ op: 'reset', ...fields })['error']).toContain(words)
    expect(ask({ op: 'advance', ms: 1 })).toHaveProperty('now')
  })
})
