import { describe, expect, test } from 'vitest'
import {
  createCorrelator,
  isAllowed,
  isFolded,
  keepQuiet,
  knownOf,
  remember,
  sourceOf,
  type Known,
} from '../../../src/engine/client/eventCorrelator.ts'

const similar = (message: string) => ({ type: 'Normal', reason: 'SuccessfulCreate', message })
const source = () => sourceOf(createCorrelator(), 'uid', 0)

describe('isFolded', () => {
  test('tells nine similar events and folds the tenth and those after it', () => {
    const about = source()
    const folded = Array.from({ length: 12 }, (_, index) => isFolded(about, similar(`pod ${index}`), 0))
    expect(folded).toEqual(Array.from({ length: 12 }, (_, index) => index >= 9))
  })

  test('takes an equal message for the same event, however often it comes', () => {
    const about = source()
    expect(Array.from({ length: 30 }, () => isFolded(about, similar('again'), 0)).some(Boolean)).toBe(false)
  })

  test('starts over after ten quiet minutes', () => {
    const about = source()
    for (let index = 0; index < 12; index++) isFolded(about, similar(`pod ${index}`), 0)
    expect(isFolded(about, similar('late'), 600_001)).toBe(false)
  })

  test('keeps reasons, types and fields apart', () => {
    const about = source()
    for (let index = 0; index < 12; index++) isFolded(about, similar(`pod ${index}`), 0)
    expect(isFolded(about, { ...similar('other'), reason: 'SuccessfulDelete' }, 0)).toBe(false)
    expect(isFolded(about, { ...similar('other'), type: 'Warning' }, 0)).toBe(false)
    expect(isFolded(about, { ...similar('other'), fieldPath: 'spec' }, 0)).toBe(false)
    expect(isFolded(about, similar('other'), 0)).toBe(true)
  })
})

test('a source may say 25 things of an object at once, then one in five minutes', () => {
  const about = source()
  const allowed = (now: number): boolean => isAllowed(about, now)
  expect(Array.from({ length: 30 }, () => allowed(0)).filter(Boolean)).toHaveLength(25)
  expect([allowed(299_000), allowed(300_000), allowed(300_001)]).toEqual([false, true, false])
})

test('counts what is kept quiet', () => {
  const about = source()
  for (const message of ['a', 'b', 'a']) keepQuiet(about, similar(message), message)
  expect(about.quiet.map(({ message, count }) => [message, count])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})

const known = (message: string | undefined, count = 1): Known => ({
  type: 'Normal',
  reason: 'Pulled',
  part: undefined,
  message,
  name: 'web.1',
  count,
  seenAt: 0,
  writtenAt: 0,
})

test('finds an event by all that it says, and what is known of it last', () => {
  const about = source()
  const first = remember(about, undefined, known('one'))
  remember(about, undefined, known(undefined))
  remember(about, first, known('one', 2))
  expect(knownOf(about, 'Normal', 'Pulled', undefined, 'one')?.count).toBe(2)
  expect(knownOf(about, 'Normal', 'Pulled', undefined, undefined)?.count).toBe(1)
  expect(knownOf(about, 'Normal', 'Pulled', 'spec', 'one')).toBeUndefined()
  expect(about.known).toHaveLength(2)
})

test('forgets the object that nobody has spoken of for longest when there are too many', () => {
  const state = createCorrelator()
  for (let index = 0; index < 4096; index++) sourceOf(state, `pod-${index}`, 0)
  const first = sourceOf(state, 'pod-0', 0)
  sourceOf(state, 'one more', 0)
  expect([state.sources.size, state.sources.has('pod-1'), sourceOf(state, 'pod-0', 0) === first]).toEqual([
    4096,
    false,
    true,
  ])
})
