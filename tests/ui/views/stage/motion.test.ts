import { describe, expect, test } from 'vitest'
import { durationAt, Tweens } from '../../../../src/ui/views/stage/motion.ts'

test.each([
  ['at 1× as the token says', 1, 640],
  ['slower at a tenth', 0.1, 6400],
  ['never under 90 ms', 10, 90],
  ['cut above 10×', 11, 0],
])('a flight is %s', (_, speed, ms) => expect(durationAt('flight', speed)).toBe(ms))

function stage() {
  let tick: ((now: number) => void) | undefined
  let now = 0
  const tweens = new Tweens((next) => {
    tick = next
    return { stop: () => (tick = undefined) }
  })
  const pass = (ms: number) => tick?.((now += ms))
  return { tweens, pass, isIdle: () => tick === undefined }
}

describe('tweens', () => {
  test('run to their end and rest', () => {
    const { tweens, pass, isIdle } = stage()
    const seen: number[] = []
    let isDone = false
    tweens.start(
      'a',
      100,
      (t) => seen.push(t),
      () => (isDone = true),
    )
    pass(0)
    pass(50)
    pass(60)
    expect(seen).toEqual([0, 0, 0.5, 1])
    expect([isDone, isIdle()]).toEqual([true, true])
  })

  test('know no other clock than the wall', () => {
    const { tweens, pass } = stage()
    let at = 0
    tweens.start('a', 100, (t) => (at = t))
    pass(0)
    pass(30)
    pass(500)
    expect(at).toBe(1)
  })

  test('a second motion of the same thing ends the first', () => {
    const { tweens } = stage()
    const done: string[] = []
    tweens.start(
      'a',
      100,
      () => undefined,
      () => done.push('first'),
    )
    tweens.start(
      'a',
      100,
      () => undefined,
      () => done.push('second'),
    )
    expect(done).toEqual(['first'])
    tweens.endAll()
    expect(done).toEqual(['first', 'second'])
    expect(tweens.count).toBe(0)
  })

  test('what takes no time happens at once', () => {
    const { tweens, isIdle } = stage()
    let at = 0
    tweens.start('a', 0, (t) => (at = t))
    expect([at, isIdle()]).toEqual([1, true])
  })
})
