import { expect, test } from 'vitest'
import { createHost } from '../../../src/ui/host/host.ts'
import type { Frame } from '../../../src/ui/protocol.ts'

test('an error of ours stops the run, is shown with its replay, and a rewind goes on', async () => {
  let isBroken = false
  let wall = 0
  const frames: Frame[] = []
  const { door, tick } = createHost(
    (frame) => frames.push(frame),
    () => {
      if (isBroken) throw new TypeError("Cannot read properties of undefined (reading 'at')")
      return wall
    },
  )
  await door.open({ seed: 1, nodes: 1 })
  for (let ticks = 0; ticks < 30; ticks++) tick((wall += 100))
  isBroken = true
  tick((wall += 100))
  tick((wall += 100))
  isBroken = false
  const crash = frames.findLast((frame) => frame.crash !== undefined)?.crash
  expect(crash?.message).toContain("reading 'at'")
  expect(JSON.parse(crash!.replay)).toMatchObject({ version: 1, seed: 1, nodes: 1 })

  await door.seek(1_000)
  door.play(true)
  const before = frames.length
  for (let ticks = 0; ticks < 10; ticks++) tick((wall += 100))
  expect(frames.slice(before).some((frame) => frame.isWhole && frame.crash === undefined)).toBe(true)
  expect(frames.at(-1)!.now).toBeGreaterThan(1_000)
})
