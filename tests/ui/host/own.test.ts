import { expect, test } from 'vitest'
import { InvariantError } from '#engine'
import { createSession, viewOf, type Session } from '#session'
import { createHost } from '../../../src/ui/host/host.ts'
import { foresee, doRemedy } from '../../../src/ui/host/foresee.ts'
import { inspectionOf } from '../../../src/ui/host/inspect.ts'
import { ownObjects } from '../../../src/ui/host/ownObjects.ts'
import type { Frame } from '../../../src/ui/protocol.ts'

const quiet = { out: () => undefined, err: () => undefined }

function started(...lines: readonly string[]): Session {
  const session = createSession({ cluster: { nodes: 2 } })
  session.advanceTo(30_000)
  for (const line of lines) session.kubectl({ argv: line.split(' '), files: viewOf({}) }, quiet)
  return session
}

test('what a person made is theirs, whatever its kind; what followed from it is not', () => {
  const session = started(
    'create deployment web --image=nginx',
    'create namespace shop',
    'create priorityclass high --value=10',
    'create configmap gone',
    'delete configmap gone',
  )
  session.advanceTo(35_000)
  expect(ownObjects(session.cluster()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Namespace shop',
    'PriorityClass high',
    'Deployment web',
  ])
})

test('a ghost of a manifest tells where its pods would go', () => {
  const manifest =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, image: nginx }] }\n'
  const ghost = foresee(started(), { manifest, name: 'p.yaml' })
  expect(ghost).toMatchObject({ title: 'Apply p.yaml', isOk: true, lines: ['pod/p created'], gone: [] })
  expect(ghost.born.map(({ name }) => name)).toEqual(['p'])
  expect(ghost.sentences[0]).toMatch(/^1 new Pod would go to node-[12]\.$/)
  expect(foresee(started(), { manifest: 'kind: Nothing', name: 'n' }).sentences[0]).toContain('refuse')
})

test('a remedy is tried in a ghost, then done', () => {
  const session = started(`run p --image=nginx --overrides={"spec":{"nodeSelector":{"disk":"ssd"}}}`)
  session.advanceTo(32_000)
  const place = { kind: 'Pod', namespace: 'default', name: 'p' }
  const why = inspectionOf(session.cluster(), place).why
  expect(why?.node).toBe('')
  const [first] = why?.remedies ?? []
  expect(first?.commands[0]).toMatch(/^kubectl /)
  const ghost = foresee(session, { pod: 'default/p', remedy: 0 })
  expect(ghost.changed).toMatchObject([{ name: 'p', node: first?.node }])
  expect(doRemedy(session, 'default/p', first?.sentence ?? '')).toBeUndefined()
  session.advanceTo(40_000)
  expect(inspectionOf(session.cluster(), place).why?.node).toBe(first?.node)
  expect(doRemedy(session, 'default/p', 'something else')?.message).toContain('changed meanwhile')
})

function hosted() {
  const frames: Frame[] = []
  let wall = 0
  const host = createHost(
    (frame) => frames.push(frame),
    () => wall,
  )
  void host.door.open({})
  const tick = (times: number) => {
    for (let time = 0; time < times; time += 1) host.tick((wall += 16))
  }
  return { host, frames, tick, last: () => frames.at(-1) }
}

test('a dry run is a look: it leaves no mark on the timeline', () => {
  const { host, frames, tick } = hosted()
  tick(4)
  host.door.type('main', 'kubectl create deployment a --image=nginx --dry-run=server')
  host.door.type('main', 'kubectl create deployment b --image=nginx')
  tick(4)
  const marks = frames.findLast((frame) => frame.marks)?.marks ?? []
  expect(marks.filter(({ kind }) => kind === 'you').map(({ label }) => label)).toEqual([
    'create deployment b --image=nginx',
  ])
})

test('time stops when a pod waits for the scheduler', () => {
  const { host, frames, tick, last } = hosted()
  tick(60)
  host.door.awaitPod(true)
  host.door.type('main', 'kubectl run web --image=nginx')
  tick(30)
  expect(last()?.isPlaying).toBe(false)
  expect(frames.findLast(({ queue }) => queue)?.queue?.active.map(({ pod }) => pod)).toEqual(['default/web'])
})

test('quiet spans go by quickly, and what happens is seen at its own pace', () => {
  const time = (isSkipping: boolean): number => {
    const { host, tick, last } = hosted()
    tick(300)
    host.door.skipQuiet(isSkipping)
    host.door.type('main', `kubectl run p --image=busybox --command -- sh -c 'sleep 100; exit 1'`)
    tick(600)
    return last()?.now ?? 0
  }
  expect(time(true)).toBeGreaterThan(3 * time(false))
})

test('another scene empties the terminal', async () => {
  const { host, frames, tick } = hosted()
  tick(2)
  await host.door.open({})
  tick(1)
  expect(frames.at(-1)?.terminal).toContainEqual({ terminal: 'main', text: '', isReset: true })
})

test('a scene opens with its time standing or running, as it was told; an old link, and one that lies, runs', async () => {
  const { host, tick, last } = hosted()
  tick(30)
  host.door.play(false)
  const paused = await host.door.share()
  const { at, view } = JSON.parse(paused) as { at: number; view: object }
  expect(view).toEqual({ isPaused: true })
  const { host: other, tick: otherTick, last: otherLast } = hosted()
  await other.door.open({ link: paused })
  otherTick(30)
  expect(otherLast()).toMatchObject({ isPlaying: false, now: at })
  other.door.play(true)
  expect(JSON.parse(await other.door.share())).toMatchObject({ view: {} })

  const scene = { version: 1, seed: 1, nodes: 1, files: {}, inputs: [], at: 1000 }
  for (const view of [undefined, {}, { isPaused: false }, { isPaused: 'true' }, { isPaused: { a: 1 } }]) {
    host.door.play(false)
    await host.door.open({ link: JSON.stringify({ ...scene, view }) })
    tick(10)
    expect(last()?.isPlaying, JSON.stringify(view)).toBe(true)
    expect(last()?.now).toBeGreaterThan(1000)
  }
  host.door.play(false)
  await host.door.open({})
  tick(1)
  expect(last()?.isPlaying, 'a new cluster').toBe(true)
})

test('a run that a bug stopped goes on from an earlier moment', async () => {
  const frames: Frame[] = []
  let [wall, isBroken] = [0, false]
  const host = createHost(
    (frame) => frames.push(frame),
    () => {
      if (isBroken) throw new InvariantError('bound twice')
      return wall
    },
  )
  void host.door.open({})
  const tick = () => host.tick((wall += 100))
  for (let time = 0; time < 60; time += 1) tick()
  isBroken = true
  tick()
  expect(frames.at(-1)?.crash?.message).toContain('bound twice')
  isBroken = false
  tick()
  expect(frames.at(-1)).toMatchObject({ isPlaying: false })
  await host.door.seek(1000)
  tick()
  expect(frames.at(-1)).toMatchObject({ now: 1000, isWhole: true })
  expect(frames.at(-1)?.crash).toBeUndefined()
  host.door.play(true)
  tick()
  expect(frames.at(-1)?.now).toBeGreaterThan(1000)
})

test('a branch that was left can be gone back to', async () => {
  const { host, tick, last, frames } = hosted()
  tick(60)
  host.door.type('main', 'kubectl create configmap one')
  tick(60)
  await host.door.seek(500)
  host.door.type('main', 'kubectl create configmap two')
  tick(10)
  const branches = frames.findLast((frame) => frame.branches)?.branches ?? []
  expect(branches.map(({ name, isActive }) => [name, isActive])).toEqual([
    ['main', false],
    ['kubectl create configmap two', true],
  ])
  await host.door.switchTo(branches[0]?.id ?? '')
  tick(1)
  expect(last()?.branches?.find(({ isActive }) => isActive)?.name).toBe('main')
})

test('custom kinds bring their schema', async () => {
  const { host, tick } = hosted()
  tick(60)
  expect(await host.door.schemaOf('example.com/v1', 'Ship')).toBeUndefined()
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { knots: { type: 'integer' } } } },
  }
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'ships.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Ship', plural: 'ships' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }
  await host.door.apply(JSON.stringify(definition), { dryRun: false })
  tick(60)
  expect(await host.door.schemaOf('example.com/v1', 'Ship')).toMatchObject({
    properties: { spec: { properties: { knots: { type: 'integer' } } } },
  })
})
