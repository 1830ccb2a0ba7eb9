import { expect, test } from 'vitest'
import { createSession, viewOf } from '#session'
import { createActivityReader, faultLabel } from '../../../src/ui/host/activity.ts'
import { createMirror } from '../../../src/ui/host/mirror.ts'

const quiet = { out: () => undefined, err: () => undefined }

test.each([
  [{ kind: 'nodeNetwork', node: 'node-3', on: false }, 'node-3 network cut'],
  [{ kind: 'nodeNetwork', node: 'node-3', on: true }, 'node-3 network mended'],
  [{ kind: 'nodePower', node: 'node-3', on: false }, 'node-3 power off'],
  [{ kind: 'component', name: 'kube-scheduler', on: false }, 'Scheduler off'],
  [{ kind: 'registry', on: false }, 'registry off'],
  [{ kind: 'load', name: 'users', url: 'http://web', rps: 40 }, 'users 40 rps'],
  [{ kind: 'process', pod: 'default/web-1', do: 'kill' }, 'kill web-1'],
])('%j is called on the timeline %s', (fault, label) => expect(faultLabel(fault)).toBe(label))

test('users who ask are a person’s mark, and no bolt', () => {
  const session = createSession({ cluster: { nodes: 1 } })
  const { take } = createActivityReader(session.cluster())
  session.fault({ kind: 'load', name: 'users', url: 'http://web', rps: 40 })
  session.fault({ kind: 'nodeNetwork', node: 'node-1', on: false })
  expect(take().marks.map(({ kind, label }) => [kind, label])).toEqual([
    ['you', 'users 40 rps'],
    ['fault', 'node-1 network cut'],
  ])
})

test('a container that ends badly is trouble, one that is done is none', () => {
  const session = createSession({ cluster: { nodes: 1 } })
  const { take } = createActivityReader(session.cluster())
  const run = (line: string) => session.kubectl({ argv: line.split(' '), files: viewOf({}) }, quiet)
  run('run good --image=busybox --restart=Never -- true')
  run('run bad --image=busybox --restart=Never -- false')
  session.advanceTo(30_000)
  const troubles = take().marks.filter(({ kind }) => kind === 'trouble')
  expect(troubles.map(({ label }) => label)).toEqual(['Pod/default/bad'])
})

test('the mirror tells how many pods an owner wants, once for each change', () => {
  const session = createSession({ cluster: { nodes: 1 } })
  const run = (line: string) => session.kubectl({ argv: line.split(' '), files: viewOf({}) }, quiet)
  run('create deployment web --image=nginx --replicas=2')
  session.advanceTo(20_000)
  const mirror = createMirror(session.cluster())
  const first = mirror.take().wanted
  expect(first['Deployment/default/web']).toBe(2)
  expect(mirror.take().wanted).toEqual({})
  run('scale deployment web --replicas=4')
  session.advanceTo(21_000)
  expect(mirror.take().wanted['Deployment/default/web']).toBe(4)
  session.advanceTo(40_000)
  expect(mirror.take().wanted['Deployment/default/web']).toBeUndefined()
  mirror.stop()
})
