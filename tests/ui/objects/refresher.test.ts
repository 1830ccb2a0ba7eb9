import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRefresher } from '../../../src/ui/views/objects/refresher.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('asks at once, then at most once in a while, and not when nothing changed', async () => {
  const ask = vi.fn(() => Promise.resolve())
  const refresher = createRefresher(ask, 400)
  refresher.poke()
  refresher.poke()
  refresher.poke()
  expect(ask).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(400)
  expect(ask).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(4000)
  expect(ask).toHaveBeenCalledTimes(2)
  refresher.stop()
  refresher.poke()
  expect(ask).toHaveBeenCalledTimes(2)
})
