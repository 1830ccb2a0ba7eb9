import { expect, test } from 'vitest'
import type { Pod } from '../../../src/engine/index.ts'
import { createCluster } from '../../../src/engine/index.ts'
import { createSession, run } from '../../../src/kubectl/index.ts'
import { typed } from './lines.ts'

const at = (second: number): string => `2026-09-01T08:00:${String(second).padStart(2, '0')}Z`

interface Given {
  readonly name: string
  readonly phase?: string
  readonly readyAt?: number
  readonly restarts?: number
}

/** The pod that a Deployment's logs would be taken from. */
function chosen(pods: readonly Given[]): string | undefined {
  const { api, control } = createCluster({ nodes: 1, addOns: false, controlPlane: 'scheduler', kubelets: false })
  const labels = { app: 'web' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
  const spec = { selector: { matchLabels: labels }, template }
  api.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec })
  for (const { name, phase = 'Running', readyAt, restarts = 0 } of pods) {
    const metadata = { name, namespace: 'default', labels }
    const made = api.create<Pod>({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { ...template.spec, nodeName: 'node-1' },
    } as never)
    const ready = { type: 'Ready', status: 'True', lastTransitionTime: at(readyAt ?? 0) }
    const body = {
      ...made,
      status: {
        phase,
        ...(readyAt !== undefined && { conditions: [ready] }),
        containerStatuses: [{ name: 'c', image: 'a', imageID: '', ready: true, restartCount: restarts }],
      },
    }
    api.request({
      verb: 'update',
      group: '',
      version: 'v1',
      resource: 'pods',
      namespace: 'default',
      name,
      subresource: 'status',
      body,
    })
  }
  let err = ''
  const io = {
    readFile: () => undefined,
    listFiles: () => undefined,
    out: () => undefined,
    err: (text: string) => void (err += text),
  }
  run(['logs', 'deploy/web'], { api, now: control.now, session: createSession(), io })
  return /using pod\/(\S+)/.exec(err)?.[1]
}

test.each<[string, readonly Given[], string]>([
  ['one that runs', [{ name: 'a', phase: 'Pending' }, { name: 'b' }], 'b'],
  ['one that is ready', [{ name: 'a' }, { name: 'b', readyAt: 5 }], 'b'],
  [
    'the one that has been ready for longer',
    [
      { name: 'a', readyAt: 9 },
      { name: 'b', readyAt: 5 },
    ],
    'b',
  ],
  ['the one that started more often', [{ name: 'a' }, { name: 'b', restarts: 3 }], 'b'],
  ['the first by name, where all is the same', [{ name: 'b' }, { name: 'a' }], 'a'],
])('logs of a Deployment come from %s', (_, pods, name) => expect(chosen(pods)).toBe(name))

// Recorded with kubectl 1.36.3.
test.each([
  ['kubectl aply -f x', 'error: unknown command "aply" for "kubectl"\n\nDid you mean this?\n\tapply'],
  ['kubectl get pods --kubeconfig=/nope', 'error: stat /nope: no such file or directory'],
])('%s', (line, text) => expect(typed(line)).toEqual({ text, code: 1 }))

test('a pod that is described was scheduled before anything else happened to it', () => {
  const { text } = typed(
    'kubectl run x --image=nginx && kubectl wait --for=condition=Ready pod/x && kubectl describe pod x',
  )
  expect(text.match(/^ {2}Normal +(\w+)/gm)?.map((line) => line.trim().split(/ +/)[1])).toEqual([
    'Scheduled',
    'Pulling',
    'Pulled',
    'Created',
    'Started',
  ])
})

test('a container whose image has a name that is none for a container gets letters of its own', () => {
  const names = typed(
    'kubectl create deployment a --image=k8s.io/serve_hostname:1 --dry-run=client -o jsonpath={..containers[*].name}',
  ).text
  expect(names).toMatch(/^serve-hostname-[b-df-hj-np-tv-xz2-9]{5}$/)
})
