import { describe, expect, test } from 'vitest'
import type { Prediction } from '../../../../src/ui/foresight.svelte.ts'
import type { GhostView } from '../../../../src/ui/protocol.ts'
import { foresightWords } from '../../../../src/ui/views/stage/foresightWords.ts'
import type { Foreseen } from '../../../../src/ui/views/stage/foresightWords.ts'

const nothing: Foreseen = {
  isRunning: false,
  ghost: undefined,
  ghostAt: 72_000,
  isOld: false,
  prediction: undefined,
  replay: undefined,
}
const ghost: GhostView = {
  title: 'Apply a.yaml',
  isOk: true,
  lines: ['pod/a created'],
  afterMs: 4_000,
  born: [],
  gone: [],
  changed: [],
  nodes: [],
  sentences: ['1', '2', '3', '4', '5', '6', '7'],
}
const guess = (changes: Partial<Prediction>): Foreseen => ({
  ...nothing,
  prediction: {
    stage: 'revealed',
    pod: 'default/web',
    choice: 'node-1',
    answer: 'node-1',
    sentence: 'Why.',
    ...changes,
  },
})

describe('what is foreseen says', () => {
  test('nothing where there is nothing', () => expect(foresightWords(nothing)).toBeUndefined())

  test.each<[string, Foreseen, string]>([
    ['what is asked', guess({ stage: 'choosing' }), 'Where will web go?'],
    ['the guess', guess({ stage: 'locked' }), 'You say node-1.'],
    ['that it was right', guess({}), 'node-1, as you said.'],
    ['that it was wrong', guess({ answer: 'node-2' }), 'You said node-1; it went to node-2.'],
    ['where it went, when nobody guessed', guess({ choice: '', answer: 'node-2' }), 'It went to node-2.'],
    ['that it went nowhere', guess({ answer: '' }), 'No node was good enough.'],
    ['that it is being worked out', { ...nothing, isRunning: true }, 'Running a ghost of the cluster ahead…'],
  ])('%s', (_, foreseen, title) => expect(foresightWords(foreseen)?.title).toBe(title))

  test('of a ghost the moment it is from, and five things', () => {
    const words = foresightWords({ ...nothing, ghost })
    expect(words).toMatchObject({ aside: 'from 01:12, after 4s', warning: '' })
    expect(words?.lines).toEqual(['1', '2', '3', '4', '5', 'and 2 more'])
  })

  test('of a ghost that would be refused what kubectl would say', () => {
    const refused = { ...ghost, isOk: false, sentences: ['The API server would refuse it.'], lines: ['error: no'] }
    expect(foresightWords({ ...nothing, ghost: refused })?.lines).toEqual([
      'The API server would refuse it.',
      'error: no',
    ])
  })

  test('of a ghost that the cluster has left behind that it is old', () => {
    expect(foresightWords({ ...nothing, ghost, isOld: true })?.warning).toMatch(/changed since 01:12/)
  })
})
