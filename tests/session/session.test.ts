import { describe, expect, test } from 'vitest'
import {
  createSession,
  createTerminal,
  formatScene,
  parseScene,
  viewOf,
  wordsOf,
  type Session,
} from '../../src/session/index.ts'

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27"}]
`

function begin(): Session {
  return createSession({ cluster: { seed: 3, nodes: 2, addOns: false } })
}

function kubectl(session: Session, line: string): string {
  let text = ''
  const add = (more: string): void => void (text += more)
  const running = session.kubectl(
    { argv: wordsOf(line), files: viewOf({ 'web.yaml': manifest }) },
    { out: add, err: add },
  )
  while (!running.isDone()) session.advanceTo(session.now() + 100)
  return text
}

const podNames = (session: Session): string[] =>
  session
    .cluster()
    .api.list('Pod', { namespace: 'default' })
    .map(({ metadata }) => metadata.name)

const lastSeq = (session: Session): number => session.cluster().trace.count()

describe('a session', () => {
  test('goes back to any moment, and forward to the same future', () => {
    const session = begin()
    session.advanceTo(1_000)
    kubectl(session, 'apply -f web.yaml')
    session.advanceTo(20_000)
    const after = podNames(session)
    const records = lastSeq(session)
    session.seek(500)
    expect(podNames(session)).toEqual([])
    session.seek(20_000)
    expect(podNames(session)).toEqual(after)
    expect(lastSeq(session)).toBe(records)
  })

  test('what is only tried in the past leaves the future as it was', () => {
    const session = begin()
    session.advanceTo(1_000)
    kubectl(session, 'apply -f web.yaml')
    session.advanceTo(20_000)
    const [after, records] = [podNames(session), lastSeq(session)]
    session.seek(500)
    const before = lastSeq(session)
    expect(kubectl(session, 'apply -f web.yaml --dry-run=server')).toBe(
      'deployment.apps/web created (server dry run)\n',
    )
    expect(kubectl(session, 'run p --image=nginx --dry-run=client -o name')).toContain('pod/p')
    expect(lastSeq(session)).toBe(before)
    expect([session.branches(), session.end()]).toEqual([[], 20_000])
    session.seek(20_000)
    expect(podNames(session)).toEqual(after)
    expect(lastSeq(session)).toBe(records)
  })

  test('keeps the old future as a branch when somebody acts in the past', () => {
    const session = begin()
    kubectl(session, 'apply -f web.yaml')
    session.advanceTo(10_000)
    kubectl(session, 'scale deployment web --replicas=5')
    session.advanceTo(20_000)
    session.seek(9_000)
    kubectl(session, 'scale deployment web --replicas=1')
    session.advanceTo(30_000)
    expect(podNames(session)).toHaveLength(1)
    expect(session.branches()).toHaveLength(1)
    session.switchTo(session.branches()[0]!.id)
    expect(podNames(session)).toHaveLength(5)
    expect(session.branches()[0]!.name).toContain('scale deployment web --replicas=1')
  })

  test('lets one look around in the past: what came after it stays', () => {
    const session = begin()
    kubectl(session, 'apply -f web.yaml')
    session.advanceTo(20_000)
    const records = lastSeq(session)
    session.seek(9_000)
    for (const line of ['get pods -o wide', '-n default describe deployment web', 'logs deployment/web'])
      kubectl(session, line)
    expect([session.branches(), session.end()]).toEqual([[], 20_000])
    session.seek(20_000)
    expect(lastSeq(session)).toBe(records)
  })

  test('brings a scene to the moment and the state it was saved in', () => {
    const session = begin()
    kubectl(session, 'apply -f web.yaml')
    session.advanceTo(8_000)
    session.fault({ kind: 'nodePower', node: 'node-1', on: false })
    session.advanceTo(90_000)
    const text = formatScene({ version: 1, seed: 3, nodes: 2, files: {}, inputs: session.inputs(), at: session.now() })
    const scene = parseScene(text)
    const other = createSession({
      cluster: { seed: scene.seed, nodes: scene.nodes, addOns: false },
      inputs: scene.inputs,
    })
    other.seek(scene.at)
    expect(kubectl(other, 'get nodes')).toBe(kubectl(session, 'get nodes'))
    expect(kubectl(other, 'get nodes')).toContain('NotReady')
  })

  test('remembers the namespace that a command chose, and forgets it when time goes back', () => {
    const session = begin()
    session.advanceTo(1_000)
    kubectl(session, 'config set-context --current --namespace=kube-system')
    expect(kubectl(session, 'get serviceaccounts -o name')).toContain('serviceaccount/default')
    session.seek(0)
    session.seek(500)
    expect(kubectl(session, 'get pods')).toContain('No resources found in default namespace')
  })
})

describe('a terminal', () => {
  function typed(session: Session, line: string): string {
    let text = ''
    const add = (more: string): void => void (text += more)
    const running = createTerminal(session, { 'web.yaml': manifest }).run(line, { out: add, err: add })
    for (let count = 0; count < 200 && !running.isDone(); count++) session.advanceTo(session.now() + 100)
    return text
  }

  test('pipes kubectl into tools, over time', () => {
    const session = begin()
    expect(
      typed(
        session,
        'kubectl apply -f web.yaml && kubectl rollout status deployment/web >/dev/null && kubectl get pods | grep -c Running',
      ),
    ).toBe('deployment.apps/web created\n2\n')
  })

  test('reads a manifest from a here-document', () => {
    const session = begin()
    const line = 'cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nEOF\n'
    expect(typed(session, line)).toBe('configmap/a created\n')
  })

  test('logs what kubectl did, so that the run can be replayed without the shell', () => {
    const session = begin()
    typed(session, 'for i in 1 2; do kubectl create configmap c$i; sleep 1; done')
    expect(session.inputs().map((input) => input.do === 'kubectl' && input.argv.join(' '))).toEqual([
      'create configmap c1',
      'create configmap c2',
    ])
  })
})

test('a refused fault is part of the run: a replay refuses it again and goes on', () => {
  const session = begin()
  session.advanceTo(1_000)
  expect(() => session.fault({ kind: 'nodePower', node: 'no-such-node', on: false })).toThrow(/there is no node/)
  session.advanceTo(5_000)
  const replay = createSession({ cluster: { seed: 3, nodes: 2, addOns: false }, inputs: session.inputs() })
  replay.advanceTo(5_000)
  expect([...replay.cluster().trace.since(0)]).toEqual([...session.cluster().trace.since(0)])
})

test('the log of a container is read by its path, too', () => {
  const session = begin()
  kubectl(session, 'run talker --image=busybox --restart=Never -- echo hello')
  session.advanceTo(20_000)
  const path = '/api/v1/namespaces/default/pods/talker/log'
  expect(session.request({ method: 'GET', path })).toMatchObject({ code: 200, body: 'hello\n' })
})
