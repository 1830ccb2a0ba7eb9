import { expect, test } from 'vitest'
import type { Pod } from '../../../src/engine/api/index.ts'
import { formatTime } from '../../../src/engine/api/index.ts'
import { pod } from '../../../src/engine/kinds/core/pod/pod.ts'

const cells = (spec: object, status: object, metadata: object = {}): unknown[] =>
  pod.columns
    .slice(1, 4)
    .map(({ cell }) =>
      cell(
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', ...metadata }, spec, status } as unknown as Pod,
        400_000,
      ),
    )

const one = { containers: [{ name: 'a' }] }

test.each([
  [
    'running',
    one,
    { phase: 'Running', containerStatuses: [{ name: 'a', ready: true, restartCount: 0, state: { running: {} } }] },
    ['1/1', 'Running', '0'],
  ],
  [
    'restarted a while ago',
    one,
    {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'a',
          ready: true,
          restartCount: 2,
          state: { running: {} },
          lastState: { terminated: { exitCode: 1, finishedAt: formatTime(100_000) } },
        },
      ],
    },
    ['1/1', 'Running', '2 (5m ago)'],
  ],
  [
    'crashing',
    one,
    {
      phase: 'Running',
      containerStatuses: [{ name: 'a', restartCount: 0, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    },
    ['0/1', 'CrashLoopBackOff', '0'],
  ],
  [
    'initialising',
    { ...one, initContainers: [{ name: 'i' }, { name: 'j' }] },
    {
      phase: 'Pending',
      initContainerStatuses: [
        { name: 'i', restartCount: 0, state: { terminated: { exitCode: 0 } } },
        { name: 'j', restartCount: 0, state: { running: {} } },
      ],
    },
    ['0/1', 'Init:1/2', '0'],
  ],
  [
    'ended',
    one,
    {
      phase: 'Succeeded',
      containerStatuses: [{ name: 'a', restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    },
    ['0/1', 'Completed', '0'],
  ],
])('shows a pod that is %s', (_name, spec, status, expected) => {
  expect(cells(spec, status)).toEqual(expected)
})

test('shows a pod that is being deleted', () => {
  expect(cells(one, { phase: 'Running' }, { deletionTimestamp: formatTime(0) })[1]).toBe('Terminating')
})
