import { expect, test } from 'vitest'
import { createSession, runDrydock, type Session } from '../../src/session/index.ts'

const silent = { out: () => undefined, err: () => undefined }

function withPod(spec: object, ...lines: string[][]): Session {
  const session = createSession({ cluster: { nodes: 3, addOns: false } })
  session.advanceTo(2_000)
  for (const argv of lines) session.kubectl({ argv }, silent)
  const containers = [{ name: 'c', image: 'nginx' }]
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers, ...spec } }
  session.kubectl({ argv: ['apply', '-f', '-'], stdin: JSON.stringify(pod) }, silent)
  session.advanceTo(5_000)
  return session
}

test('says why a pod is where it is', () => {
  const { out, code } = runDrydock(withPod({}), ['why', 'pod/web'])
  expect(code).toBe(0)
  expect(out).toContain('3 of 3 nodes looked at passed all')
  expect(out).toContain('Tie: 3 nodes share the highest total')
})

test('says why a pod is nowhere, and what would place it', () => {
  const { out } = runDrydock(withPod({}, ['cordon', 'node-1', 'node-2', 'node-3']), ['why', 'web', '-n', 'default'])
  expect(out).toContain('web is Pending: none of 3 nodes passes all filters.')
  expect(out).toContain('node-1   0/3      NodeUnschedulable   node(s) were unschedulable')
  expect(out).toContain('  1. Uncordon node-1.\n     kubectl uncordon node-1')
})

test.each([
  [[], 0, 'drydock why pod/NAME'],
  [['dock'], 1, 'error: unknown command "dock" for "drydock"'],
  [['why'], 1, 'error: expected a pod or a node'],
  [['why', 'service/web'], 1, 'error: expected a pod or a node'],
  [['why', 'toString/web'], 1, 'error: expected a pod or a node'],
  [['why', 'pod/nobody'], 1, 'error: pods "nobody" not found'],
])('%j', (argv, code, text) => {
  const answer = runDrydock(withPod({}), argv)
  expect(answer.code).toBe(code)
  expect(answer.out + answer.err).toContain(text)
})

test('what it offers does what it says', () => {
  const offers: readonly [object, string[][]][] = [
    [{ nodeSelector: { disk: 'ssd' } }, []],
    [{ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '6' } } }] }, []],
    [{}, [['taint', 'node', 'node-1', 'node-2', 'node-3', 'a=b:NoSchedule']]],
  ]
  for (const [spec, lines] of offers) {
    const session = withPod(spec, ...lines)
    const { remedies } = session.cluster().why('default/web')!
    expect(remedies.length).toBeGreaterThan(1)
    for (const { apply, node } of remedies) {
      const ghost = createSession({ cluster: { nodes: 3, addOns: false }, inputs: session.inputs() })
      ghost.advanceTo(5_000)
      for (const step of apply) {
        if ('argv' in step) ghost.kubectl(step, silent)
        else ghost.fault({ kind: 'machine', node: step.machine.name, on: true, spec: step.machine })
      }
      ghost.advanceTo(60_000)
      expect(ghost.cluster().why('default/web')!.node).toBe(node)
    }
  }
})

test('says whether a node is kept, and what would let it go', () => {
  const groups = [{ name: 'small', min: 0, max: 2, initial: 1, template: { cpu: '2', memory: '4Gi' } }]
  const autoscaler = { groups, scaleDownUnneededMs: 60_000 }
  const session = createSession({ cluster: { nodes: 1, addOns: false, autoscaler } })
  const ask = (node: string): string => runDrydock(session, ['why', `node/${node}`]).out
  session.advanceTo(20_000)
  expect(ask('node-1')).toContain(
    '\n\nnode-1 belongs to no node group: the cluster autoscaler neither buys nor returns it.\n',
  )
  expect(ask('small-1')).toContain('small-1, of the group small, is not needed since')
  expect(ask('small-1')).toMatch(/It is returned at \d+(\.\d+)?s or soon after/)
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'notes' },
    spec: { nodeName: 'small-1', containers: [{ name: 'c', image: 'nginx' }] },
  }
  session.kubectl({ argv: ['apply', '-f', '-'], stdin: JSON.stringify(pod) }, silent)
  session.advanceTo(40_000)
  expect(ask('small-1')).toContain('default/notes has no controller, so nobody would make it again. (NotReplicated)')
  expect(ask('small-1')).toContain('kubectl annotate pod notes cluster-autoscaler.kubernetes.io/safe-to-evict=true')
  const count = session.cluster().trace.count()
  ask('small-1')
  expect(session.cluster().trace.count()).toBe(count)
  expect(runDrydock(session, ['why', 'node/nobody'])).toMatchObject({
    code: 1,
    err: 'error: nodes "nobody" not found\n',
  })
})

test('says that nobody removes a node without an autoscaler', () => {
  const { out } = runDrydock(withPod({}), ['why', 'node', 'node-1'])
  expect(out).toBe(
    'node-1 is Ready, since 00:00: its kubelet renews its Lease every 10 s.\n\nnode-1 stays: no cluster autoscaler runs here.\n',
  )
})

test('a remedy that needs a manifest prints all of it, to be pasted; a machine is told in words', () => {
  const full = withPod({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '60' } } }] })
  const { out } = runDrydock(full, ['why', 'pod/web'])
  expect(out).toMatch(/<<'EOF'\n[^]+?\nEOF\n/)
  expect(out).toMatch(/Power on a new machine \S+ \(\d+ CPU, \S+\): "Do it"/)
  expect(out).not.toContain('# a new machine')
})
