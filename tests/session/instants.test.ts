import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  createSession,
  formatScene,
  parseScene,
  viewOf,
  wordsOf,
  type Input,
  type Running,
  type Session,
} from '../../src/session/index.ts'

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27"}]
`

const begin = (inputs: readonly Input[] = []): Session =>
  createSession({ cluster: { seed: 3, nodes: 2, addOns: false }, inputs })

const kubectl = (session: Session, line: string): Running =>
  session.kubectl({ argv: wordsOf(line), files: viewOf({ 'web.yaml': manifest }) }, { out: () => {}, err: () => {} })

const traceOf = (session: Session): string => {
  const hash = createHash('sha256')
  for (const record of session.cluster().trace.since(0)) hash.update(JSON.stringify(record))
  return hash.digest('hex')
}

function running(): Session {
  const session = begin()
  session.advanceTo(1_000)
  kubectl(session, 'apply -f web.yaml')
  session.advanceTo(30_000)
  return session
}

const stories: Readonly<Record<string, (session: Session) => void>> = {
  'actions of one instant, with time asked to stand still between them': (session) => {
    kubectl(session, 'scale deployment web --replicas=1')
    session.advanceTo(session.now())
    kubectl(session, 'scale deployment web --replicas=5')
  },
  'single steps between actions': (session) => {
    for (const replicas of [1, 5, 2]) {
      kubectl(session, `scale deployment web --replicas=${replicas}`)
      session.step()
      session.step()
    }
  },
  'a drain that takes its time': (session) => void kubectl(session, 'drain node-1 --ignore-daemonsets --force'),
  'a command in a container, ended by Ctrl-C': (session) => {
    const loop = kubectl(session, 'exec deploy/web -- sh -c "while true; do cat /etc/hostname > /tmp/x; sleep 1; done"')
    session.advanceTo(session.now() + 4_000)
    loop.stop()
  },
  'a drain, ended by Ctrl-C': (session) => {
    const drain = kubectl(session, 'drain node-1 --ignore-daemonsets --force')
    session.advanceTo(session.now() + 100)
    drain.stop()
  },
  'a page and a client that only look': (session) => {
    session.request({ method: 'GET', path: '/api/v1/pods', headers: {} })
    session.cluster().api.find('Pod', 'nobody')
    session.cluster().nodes.changed()
    session.advanceTo(session.now() + 12_345)
    session.cluster().nodes.changed()
    session.cluster().reach('users', 'http://web/')
  },
}

test.each(Object.entries(stories))('%s: replay and rewind give the same trace', (_, play) => {
  const session = running()
  play(session)
  for (let at = session.now(); at <= 60_000; at += 2_500) session.advanceTo(at)
  const end = session.now()
  const expected = traceOf(session)

  const again = begin(session.inputs())
  again.advanceTo(end)
  expect(traceOf(again)).toBe(expected)

  for (const at of [30_050, 32_000, 36_000, 50_000]) {
    session.seek(at)
    session.seek(end)
    expect(traceOf(session)).toBe(expected)
  }
})

test('what a command does later is due to its start', () => {
  const session = running()
  const start = session.cluster().trace.count() + 1
  kubectl(session, 'drain node-1 --ignore-daemonsets --force')
  session.advanceTo(50_000)
  const { trace } = session.cluster()
  for (const record of trace.since(start))
    if (record.actor === 'you' && record.what !== 'kubectl')
      expect(trace.causes(record.seq).map(({ seq }) => seq)).toContain(start)
})

test('an interruption travels with a scene', () => {
  const inputs: readonly Input[] = [
    { at: 5, do: 'kubectl', argv: ['drain', 'node-1'], files: {} },
    { at: 9, do: 'interrupt', input: 0 },
  ]
  expect(parseScene(formatScene({ version: 1, seed: 1, nodes: 2, files: {}, inputs, at: 10 })).inputs).toEqual(inputs)
})
