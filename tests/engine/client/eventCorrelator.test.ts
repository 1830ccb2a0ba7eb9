import { describe, expect, test } from 'vitest'
import {
  createCorrelator,
  isAllowed,
  isFolded,
  keepQuiet,
  knownOf,
  lastOf,
  remember,
  runOf,
  sourceOf,
  type Occurrence,
  type Said,
  type Source,
} from '../../../src/engine/client/eventCorrelator.ts'

const similar = (message: string) => ({ type: 'Normal', reason: 'SuccessfulCreate', message })
const source = () => sourceOf(createCorrelator(), 'uid', 0)

const said = (message: string | undefined, count = 1): Said => ({
  type: 'Normal',
  reason: 'Pulled',
  part: undefined,
  message,
  name: 'web.1',
  count,
  quiet: 0,
  seenAt: 0,
  writtenAt: 0,
  since: 0,
})

/** Says one thing more of an object, and answers whether it was folded. */
function say(about: Source, { type, reason, fieldPath: part, message }: Occurrence, now: number): boolean {
  const since = runOf(lastOf(about, { type, reason, fieldPath: part, message }), now)
  const folded = isFolded(about, { type, reason, fieldPath: part, message }, since)
  const key = folded ? undefined : message
  const known = knownOf(about, type, reason, part, key)
  const next = { ...said(key), type, reason, part, seenAt: now, since }
  remember(about, known, next)
  return folded
}

describe('isFolded', () => {
  const twelve = (about: Source): readonly boolean[] =>
    Array.from({ length: 12 }, (_, index) => say(about, similar(`pod ${index}`), 0))

  test('tells nine similar events and folds the tenth and those after it', () => {
    expect(twelve(source())).toEqual(Array.from({ length: 12 }, (_, index) => index >= 9))
  })

  test('takes an equal message for the same event, however often it comes', () => {
    const about = source()
    expect(Array.from({ length: 30 }, () => say(about, similar('again'), 0)).some(Boolean)).toBe(false)
  })

  test('starts over after ten quiet minutes', () => {
    const about = source()
    twelve(about)
    expect(say(about, similar('late'), 600_001)).toBe(false)
  })

  test('does not start over while they keep coming, folded or not', () => {
    const about = source()
    twelve(about)
    expect(say(about, similar('pod 20'), 500_000)).toBe(true)
    expect([say(about, similar('pod 21'), 1_000_000), say(about, similar('pod 0'), 1_500_000)]).toEqual([true, false])
  })

  test('keeps reasons, types and fields apart', () => {
    const about = source()
    twelve(about)
    expect(say(about, { ...similar('other'), reason: 'SuccessfulDelete' }, 0)).toBe(false)
    expect(say(about, { ...similar('other'), type: 'Warning' }, 0)).toBe(false)
    expect(say(about, { ...similar('other'), fieldPath: 'spec' }, 0)).toBe(false)
    expect(say(about, similar('other'), 0)).toBe(true)
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
  for (const message of ['a', 'b', 'a']) keepQuiet(about, similar(message), message, 0, 0)
  expect(about.said.map(({ message, count, quiet }) => [message, count, quiet])).toEqual([
    ['a', 0, 2],
    ['b', 0, 1],
  ])
})

test('finds what was said by all that it says, and what is known of it last', () => {
  const about = source()
  const first = remember(about, undefined, said('one'))
  remember(about, undefined, said(undefined))
  remember(about, first, said('one', 2))
  expect(knownOf(about, 'Normal', 'Pulled', undefined, 'one')?.count).toBe(2)
  expect(knownOf(about, 'Normal', 'Pulled', undefined, undefined)?.count).toBe(1)
  expect(knownOf(about, 'Normal', 'Pulled', 'spec', 'one')).toBeUndefined()
  expect(about.said).toHaveLength(2)
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
