import { describe, expect, test } from 'vitest'
import { correlate, createCorrelator, isAllowed } from '../../../src/engine/client/eventCorrelator.ts'

const similar = (message: string) => ({ about: 'rs|uid', kind: 'Normal|SuccessfulCreate', message })

describe('correlate', () => {
  test('tells nine similar events and folds the tenth and those after it', () => {
    const state = createCorrelator()
    const texts = Array.from({ length: 12 }, (_, index) => correlate(state, similar(`pod ${index}`), 0))
    expect(texts.slice(0, 9).every(({ message }, index) => message === `pod ${index}`)).toBe(true)
    expect(texts[9]!.message).toBe('(combined from similar events): pod 9')
    expect(new Set(texts.slice(9).map(({ key }) => key)).size).toBe(1)
  })

  test('takes an equal message for the same event, however often it comes', () => {
    const state = createCorrelator()
    const keys = Array.from({ length: 30 }, () => correlate(state, similar('again'), 0).key)
    expect(new Set(keys).size).toBe(1)
  })

  test('starts over after ten quiet minutes', () => {
    const state = createCorrelator()
    for (let index = 0; index < 12; index++) correlate(state, similar(`pod ${index}`), 0)
    expect(correlate(state, similar('late'), 600_001).message).toBe('late')
  })

  test('keeps reasons apart', () => {
    const state = createCorrelator()
    for (let index = 0; index < 12; index++) correlate(state, similar(`pod ${index}`), 0)
    expect(correlate(state, { ...similar('other'), kind: 'Normal|SuccessfulDelete' }, 0).message).toBe('other')
  })
})

test('a source may say 25 things of an object at once, then one in five minutes', () => {
  const state = createCorrelator()
  const allowed = (now: number): boolean => isAllowed(state, 'x', now)
  expect(Array.from({ length: 30 }, () => allowed(0)).filter(Boolean)).toHaveLength(25)
  expect([allowed(299_000), allowed(300_000), allowed(300_001)]).toEqual([false, true, false])
})
