import { expect, test } from 'vitest'
import type { ProbeRow } from '../../../../src/ui/protocol.ts'
import { probeWords } from '../../../../src/ui/views/inspector/probes.ts'

const probe = (changes: Partial<ProbeRow>): ProbeRow => ({
  container: 'app',
  kind: 'readiness',
  result: 'failure',
  last: 'unknown',
  inARow: 0,
  dueAt: 5_000,
  successThreshold: 1,
  failureThreshold: 3,
  ...changes,
})

test.each([
  ['not asked', {}, ['not asked yet', '', 'next in 4s']],
  ['failed for long', { last: 'failure', inARow: 9 }, ['failed 9 times in a row', 'not ready', 'next in 4s']],
  [
    'began to fail',
    { result: 'success', last: 'failure', inARow: 1 },
    ['failed once', '3 in a row turn it', 'next in 4s'],
  ],
  [
    'over',
    { kind: 'startup', result: 'success', last: 'success', inARow: 1, dueAt: undefined },
    ['succeeded once', 'started', 'asks no more'],
  ],
] as const)('%s', (_, changes, expected) => {
  const { last, counts, next } = probeWords(probe(changes as Partial<ProbeRow>), 1_000)
  expect([last, counts, next]).toEqual(expected)
})
