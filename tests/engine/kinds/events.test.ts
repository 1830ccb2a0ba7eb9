import { expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const core = askerOf('v1', 'Event')
const newer = askerOf('events.k8s.io/v1', 'Event')
const eventTime = '2026-01-01T00:00:00.000000Z'
const report = { reportingComponent: 'me', reportingInstance: 'me-1', action: 'Do', reason: 'Why', eventTime }
const involvedObject = { kind: 'Pod', name: 'web', namespace: 'default' }
const fresh = {
  eventTime,
  reportingController: 'me',
  reportingInstance: 'me-1',
  action: 'Do',
  reason: 'Why',
  type: 'Normal',
  regarding: involvedObject,
}

test.each<[string, object, string]>([
  ['of old', { involvedObject }, ''],
  [
    'elsewhere',
    { involvedObject: { namespace: 'golden' } },
    'involvedObject.namespace: Invalid value: "golden": does not match event.namespace',
  ],
  ['a new one may be elsewhere', { ...report, involvedObject: { namespace: 'golden' } }, ''],
  ['nobody reports', { ...report, involvedObject, reportingComponent: '' }, 'reportingComponent: Required value'],
  [
    'a long reason',
    { ...report, involvedObject, reason: 'a'.repeat(129) },
    'reason: Invalid value: "": can have at most 128 characters',
  ],
])('a core event, %s', (_, rest, words) =>
  words === '' ? expect(core.create(rest)).toBe('') : expect(core.create(rest)).toContain(words),
)

test.each<[string, object, string]>([
  ['fine', {}, ''],
  [
    'a short series',
    { series: { count: 1 } },
    '[series.count: Invalid value: "": should be at least 2, series.lastObservedTime: Required value]',
  ],
  ['an old field', { deprecatedCount: 2 }, 'count: Invalid value: "": needs to be unset'],
  ['no type', { type: 'Odd' }, 'type: Invalid value: "": has invalid value: Odd'],
])('an event of the newer group, %s', (_, rest, words) => expect(newer.create({ ...fresh, ...rest })).toBe(words))

test('only a series changes', () =>
  expect(newer.update(fresh, { ...fresh, reason: 'Other' })).toContain(
    'reason: Invalid value: "Other": field is immutable',
  ))
