import { expect, test } from 'vitest'
import { createHost } from '../../../src/ui/host/host.ts'
import type { Frame, PodRow } from '../../../src/ui/protocol.ts'

test('a container that ended shows how long its kubelet lets it wait, whatever the word in STATUS', async () => {
  let wall = 0
  const rows: { readonly now: number; readonly row: PodRow }[] = []
  const take = ({ now, pods }: Frame): void =>
    pods?.set.forEach((row) => row.name === 'crash' && rows.push({ now, row }))
  const { door, tick } = createHost(take, () => wall)
  await door.open({ seed: 1, nodes: 1 })
  door.setSpeed(10)
  const run = (ticks: number): void => {
    for (let at = 0; at < ticks; at++) tick((wall += 100))
  }
  run(5)
  door.type('main', "kubectl run crash --image=busybox -- sh -c 'sleep 1; exit 3'")
  run(60)
  const waits = rows.filter(({ row }) => row.countdown !== undefined)
  expect(waits.map(({ row }) => row.status)).toContain('Error')
  const lengths = waits.map(({ row }) => (row.countdown!.until - row.countdown!.from) / 1000)
  expect([...new Set(lengths)].slice(0, 2)).toEqual([10, 20])
  for (const { now, row } of waits) {
    expect(row.countdown!.kind).toBe('backOff')
    expect(row.countdown!.until).toBeGreaterThan(now - 1_000)
  }
  const running = rows.filter(({ row }) => row.status === 'Running')
  expect(running.length).toBeGreaterThan(1)
  expect(running.every(({ row }) => row.countdown === undefined)).toBe(true)
})
