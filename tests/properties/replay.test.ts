import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cluster } from '../../src/engine/index.ts'
import { createSession, viewOf, type Input, type Session } from '../../src/session/index.ts'

const runs = process.env['DRYDOCK_LONG'] ? 60 : 8

const manifest = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27"}]
`

type Act = (session: Session) => void

const kubectl =
  (line: string, file = ''): Act =>
  (session) =>
    void session.kubectl(
      { argv: line.split(' '), files: viewOf({ 'web.yaml': file }) },
      { out: () => {}, err: () => {} },
    )

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.nat(6).map((replicas) => kubectl('apply -f web.yaml', manifest(replicas))),
  fc.nat(6).map((replicas) => kubectl(`scale deployment web --replicas=${replicas}`)),
  fc.constant(kubectl('delete pod -l app=web --wait=false')),
  fc.constant(kubectl('set image deployment/web web=nginx:1.26')),
  fc.constant(kubectl('rollout undo deployment/web')),
  fc.constant(kubectl('get pods -o wide')),
  fc.constant(kubectl('delete deployment web --wait=false')),
  fc.tuple(fc.constantFrom('node-1', 'node-2', 'node-3'), fc.boolean()).map(
    ([node, on]): Act =>
      (session) =>
        session.fault({ kind: 'nodePower', node, on }),
  ),
  fc.tuple(fc.constantFrom('node-1', 'node-2'), fc.boolean()).map(
    ([node, on]): Act =>
      (session) =>
        session.fault({ kind: 'nodeNetwork', node, on }),
  ),
  fc.tuple(fc.constantFrom('kube-scheduler', 'kube-controller-manager', 'kube-apiserver'), fc.boolean()).map(
    ([name, on]): Act =>
      (session) =>
        session.fault({ kind: 'component', name, on }),
  ),
)

const story = fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000 }), act), { minLength: 1, maxLength: 8 })

const hashOf = ({ trace }: Cluster): string => {
  const hash = createHash('sha256')
  for (const record of trace.since(0)) hash.update(`${JSON.stringify(record)}\n`)
  return hash.digest('hex')
}

function live(steps: readonly (readonly [number, Act])[], seed: number): Session {
  const session = createSession({ cluster: { seed, nodes: 3 } })
  for (const [wait, run] of steps) {
    session.advanceTo(session.now() + wait)
    run(session)
  }
  session.advanceTo(session.now() + 20_000)
  return session
}

test('replaying the inputs, or going on from a checkpoint, gives the same trace to the byte', () => {
  fc.assert(
    fc.property(story, fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (steps, seed, share) => {
      const first = live(steps, seed)
      const end = first.now()
      const expected = hashOf(first.cluster())

      const inputs: readonly Input[] = first.inputs()
      const again = createSession({ cluster: { seed, nodes: 3 }, inputs })
      again.advanceTo(end)
      expect(hashOf(again.cluster())).toBe(expected)

      first.seek(end * share)
      first.seek(end)
      expect(hashOf(first.cluster())).toBe(expected)
    }),
    { numRuns: runs },
  )
}, 120_000)
