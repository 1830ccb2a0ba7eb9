import { describe, expect, test } from 'vitest'
import type { ClauseView, LessonView, StepView } from '../../../src/ui/protocol.ts'
import { choiceLook } from '../../../src/ui/views/guide/answers.ts'
import { commandsOf } from '../../../src/ui/views/guide/commands.ts'
import {
  isMet,
  justBefore,
  metCount,
  meterOf,
  shareOf,
  stripOf,
  tickOf,
  standWords,
} from '../../../src/ui/views/guide/goal.ts'
import { piecesOf } from '../../../src/ui/views/guide/inline.ts'

const clause = (changes: Partial<ClauseView> = {}): ClauseView => ({
  text: 'Pods are ready',
  kind: 'goal',
  isMet: false,
  sees: '2',
  wants: '6',
  fraction: 1 / 3,
  ...changes,
})
const step = (...clauses: ClauseView[]) => ({ clauses }) as unknown as StepView

describe('a clause', () => {
  test.each([
    [{}, 'part'],
    [{ fraction: 0 }, 'nothing'],
    [{ isMet: true }, 'met'],
    [{ kind: 'never', isMet: true }, 'holding'],
    [{ kind: 'never', isMet: false, brokenAt: 5 }, 'broken'],
    [{ kind: 'hold', fraction: 0.5 }, 'part'],
  ] as const)('%j is marked %s', (changes, tick) => expect(tickOf(clause(changes))).toBe(tick))

  test('counts in cells what can be counted', () => {
    expect(meterOf(clause({ wants: '3' }))).toEqual([true, true, false])
    expect(meterOf(clause({ wants: '600' }))).toEqual([])
    expect(meterOf(clause({ sees: 'web:1.4', wants: 'web:1.5' }))).toEqual([])
    expect(meterOf(clause({ isMet: true }))).toEqual([])
    expect(meterOf(clause({ sees: '6', wants: '4' })), 'fewer is wanted').toEqual([])
  })
})

describe('a goal', () => {
  test('is met when all of it is, and nothing is broken', () => {
    expect(isMet(step(clause({ isMet: true })))).toBe(true)
    expect(isMet(step(clause({ isMet: true }), clause()))).toBe(false)
    expect(isMet(step(clause({ isMet: true }), clause({ kind: 'never', isMet: true, brokenAt: 4 })))).toBe(false)
  })

  test('counts and shares', () => {
    const both = step(clause({ isMet: true }), clause({ fraction: 0.5 }))
    expect(metCount(both)).toBe(1)
    expect(shareOf(both)).toBe(0.75)
    expect(shareOf(step())).toBe(0)
  })

  test('is pinned as what is next, and when it is met as that', () => {
    const hold = clause({ text: 'all of it for 5 s', kind: 'hold', isMet: true, sees: '5 s', wants: '5 s' })
    const at = (clauses: ClauseView[], rest: Partial<LessonView> = {}) =>
      stripOf({ isDone: false, step: 0, steps: [step(...clauses), step()], ...rest } as unknown as LessonView)
    expect(at([clause(), hold])).toEqual({
      title: 'Pods are ready',
      detail: '2 now, 6 wanted · 1 of 2 clauses met',
      isMet: false,
    })
    expect(at([clause({ isMet: true }), hold])).toEqual({
      title: 'Goal met',
      detail: '2 of 2 clauses met',
      isMet: true,
    })
    expect(at([hold], { isDone: true })?.title).toBe('Lesson done')
    expect(at([])).toBeUndefined()
  })

  test('rewinds to where the invariant still held', () => {
    expect(justBefore(5_000)).toBeLessThan(5_000)
    expect(justBefore(0)).toBe(0)
  })
})

describe('commands', () => {
  test.each([
    ['sh', 'kubectl get pods\n', ['kubectl get pods']],
    ['sh', '# look\nkubectl get pods\nkubectl get nodes', ['kubectl get pods', 'kubectl get nodes']],
    ['', 'kubectl get pods', ['kubectl get pods']],
    ['', 'NAME  READY\nweb   1/1', []],
    ['yaml', 'kind: Pod', []],
    ['sh', 'kubectl create \\\n  deployment web', ['kubectl create deployment web']],
    ['console', '$ kubectl get pods\nNAME  READY', ['kubectl get pods']],
    ['sh', 'cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF', []],
  ])('%s %j', (language, text, lines) => expect(commandsOf(language, text)).toEqual(lines))
})

describe('a sentence', () => {
  test('has code and strong words; tags stay text', () => {
    expect(piecesOf('a `b` **c** <b>d</b>')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: ' <b>d</b>' },
    ])
  })
})

test('a choice tells whether it was right only after the reveal', () => {
  expect(choiceLook(0, { choice: 0, stage: 'choosing' }, 1)).toBe('plain')
  expect(choiceLook(0, { choice: 0, stage: 'locked' }, 1)).toBe('locked')
  expect(choiceLook(1, { choice: 0, stage: 'locked' }, 1)).toBe('plain')
  expect([0, 1, 2].map((index) => choiceLook(index, { choice: 0, stage: 'revealed' }, 1))).toEqual([
    'wrong',
    'right',
    'plain',
  ])
})

test.each([
  [{ kind: 'never', sees: 'kept so far', wants: 'never' }, 'kept so far'],
  [{ kind: 'never', sees: 'broken', wants: 'never', brokenAt: 3 }, 'not kept'],
  [{ kind: 'hold', sees: '3 s', wants: '5 s' }, 'held for 3 s of 5 s'],
  [{ sees: '2', wants: '6' }, '2 now, 6 wanted'],
  [{ sees: 'no', wants: 'yes' }, 'not yet'],
  [{ sees: '1 of 3', wants: 'all' }, '1 of 3, all wanted'],
  [{ sees: '0 of 0', wants: 'all', isMet: true }, 'none there'],
  [{ sees: '0 of 3', wants: 'at least one' }, '0 of 3, at least one wanted'],
  [{ sees: '2 of 3', wants: 'at least one', isMet: true }, '2 of 3'],
  [{ sees: '1', wants: 'at least 3' }, 'now 1, wanted: at least 3'],
  [{ sees: 'nothing yet', wants: 'web:1.5' }, 'nothing yet, wanted: web:1.5'],
] as const)('a clause tells how it stands: %o', (changes, words) =>
  expect(standWords(clause({ isMet: false, ...changes }))).toBe(words),
)
