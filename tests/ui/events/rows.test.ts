import { expect, test } from 'vitest'
import type { EventRow } from '../../../src/ui/protocol.ts'
import { glyphOf, objectOf, shownEvents } from '../../../src/ui/views/events/rows.ts'

const row = (given: Partial<EventRow>): EventRow => ({
  id: given.reason ?? 'e',
  seq: 1,
  at: 0,
  type: 'Normal',
  reason: 'Started',
  object: 'Pod/default/web',
  from: 'kubelet',
  message: '',
  count: 1,
  ...given,
})

test('shows the newest first, of the wanted types and namespace', () => {
  const rows = [
    row({ id: 'a' }),
    row({ id: 'b', type: 'Trace' }),
    row({ id: 'c', object: 'Pod/shop/api' }),
    row({ id: 'd', object: 'Node/node-1' }),
    row({ id: 'e', type: 'You', object: 'Pod/shop/api' }),
  ]
  const ids = (namespace: string | undefined, types: EventRow['type'][]) =>
    shownEvents(rows, { namespace, types })
      .map(({ id }) => id)
      .join('')
  expect(ids(undefined, ['Normal', 'Trace'])).toBe('dcba')
  expect(ids('default', ['Normal', 'You'])).toBe('eda')
})

test.each<[string, Partial<EventRow>]>([
  ['ready', { reason: 'Started' }],
  ['terminating', { reason: 'Killing' }],
  ['crash', { reason: 'BackOff', message: 'Back-off restarting failed container' }],
  ['imagepull', { reason: 'BackOff', message: 'Back-off pulling image "x"' }],
  ['imagepull', { reason: 'Failed', type: 'Warning', message: 'Error: ErrImagePull' }],
  ['error', { reason: 'Failed', type: 'Warning', message: 'Error: no such file' }],
  ['pending', { reason: 'FailedScheduling', type: 'Warning' }],
  ['notready', { reason: 'Unhealthy', type: 'Warning' }],
  ['error', { reason: 'SomethingNew', type: 'Warning' }],
  ['mk-you', { type: 'You', reason: 'kubectl' }],
  ['mk-fault', { type: 'You', reason: 'fault' }],
  ['mk-load', { type: 'You', reason: 'load' }],
])('the glyph %s', (glyph, given) => expect(glyphOf(row(given))).toBe(glyph))

test('finds the object of a row', () => {
  expect(objectOf('Pod/default/web')).toEqual({ kind: 'Pod', namespace: 'default', name: 'web' })
  expect(objectOf('Node/node-1')).toEqual({ kind: 'Node', namespace: '', name: 'node-1' })
  expect(objectOf('')).toBeUndefined()
})
