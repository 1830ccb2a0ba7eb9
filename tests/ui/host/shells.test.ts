import { expect, test } from 'vitest'
import { createHost } from '../../../src/ui/host/host.ts'
import { editWords } from '../../../src/ui/host/shells.ts'
import type { Frame } from '../../../src/ui/protocol.ts'

function open() {
  let wall = 0
  const frames: Frame[] = []
  const { door, tick } = createHost(
    (frame) => frames.push(frame),
    () => wall,
  )
  void door.open({})
  const run = (ticks = 40) => {
    for (let count = 0; count < ticks; count++) tick((wall += 16))
    return frames.splice(0)
  }
  const said = (told: readonly Frame[]) =>
    told.flatMap(({ terminal = [] }) => terminal.map(({ text }) => text)).join('')
  run()
  return { door, run, said }
}

test('a manifest that a command wrote is told of once; what the editor wrote is not', () => {
  const { door, run } = open()
  door.keepFiles({ 'a.yaml': 'kind: Pod' })
  door.type('main', 'echo hi > b.yaml; echo no > b.txt')
  expect(run().flatMap(({ written }) => (written ? [written] : []))).toEqual([{ 'b.yaml': 'hi\n' }])
  door.type('main', 'echo again > a.yaml')
  expect(run().flatMap(({ written }) => (written ? [written] : []))).toEqual([{ 'a.yaml': 'again\n' }])
  door.type('main', 'ls')
  expect(run().flatMap(({ written }) => (written ? [written] : []))).toEqual([])
})

test('kubectl edit waits until it is saved, whether time runs or not; Ctrl-C leaves all as it was', () => {
  const { door, run, said } = open()
  door.type('main', 'kubectl create configmap c --from-literal=a=1')
  run()
  door.play(false)
  door.type('main', 'kubectl edit cm/c')
  const [edit] = run().flatMap(({ edits }) => edits ?? [])
  expect(edit).toMatchObject({ terminal: 'main', name: 'edit-cm-c.yaml' })
  door.saveEdit('main', edit!.text.replace('"1"', '"2"'))
  const saved = run()
  expect(said(saved)).toBe('configmap/c edited\n')
  expect(saved.flatMap(({ edits }) => (edits ? [edits] : []))).toEqual([[]])
  expect(saved.flatMap(({ terminal }) => terminal ?? []).at(-1)?.isDone).toBe(true)
  door.type('main', 'k edit cm c')
  run()
  door.interrupt('main')
  expect(said(run())).toBe('Edit cancelled, no changes made.\n')
})

test.each([
  ['kubectl edit deploy/web', ['edit', 'deploy/web']],
  ['k edit cm "my map" -n shop', ['edit', 'cm', 'my map', '-n', 'shop']],
  ['kubectl edit deploy/web > a.txt', undefined],
  ['kubectl -n shop edit cm', ['-n', 'shop', 'edit', 'cm']],
  ['kubectl apply edit-last-applied deploy/web', ['apply', 'edit-last-applied', 'deploy/web']],
  ['kubectl create -f a.yaml --edit', ['create', '-f', 'a.yaml', '--edit']],
  ['kubectl create -f a.yaml', undefined],
  ['kubectl edit --help', undefined],
  ['kubectl get edit x', undefined],
  ['kubectl edit "deploy', undefined],
])('%s', (line, argv) => expect(editWords(line)).toEqual(argv))
