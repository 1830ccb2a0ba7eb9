import { expect, test } from 'vitest'
import { commonIndex, readIndexes } from '../../../src/engine/kinds/batch/indexes.ts'
import { parseSchedule } from '../../../src/engine/api/cron/schedule.ts'
import { isTimeZone } from '../../../src/engine/api/cron/timeZones.ts'
import type { Thing } from '../../golden/api/server.ts'
import { door, template, updateRefusal } from './refusal.ts'

const { bare, refusal } = door()

const job = (spec: object, name = 'pi'): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'perl' }] } }, ...spec },
})

test.each([
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['-1 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ['@never', 'unrecognized descriptor: @never'],
  ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
])('a schedule that cannot be read: %s', (text, error) => {
  expect(parseSchedule(text)).toEqual({ error })
})

test('a schedule as lists of minutes, hours and days', () => {
  expect(parseSchedule('*/20 9-11 1,15 jan sun')).toEqual({
    minutes: [0, 20, 40],
    hours: [9, 10, 11],
    days: [1, 15],
    months: [1],
    weekdays: [0],
    anyDay: false,
    anyWeekday: false,
  })
  expect(parseSchedule('@every 1h30m')).toEqual({ everySeconds: 5400 })
  expect(parseSchedule('TZ=Nowhere/Land 0 0 * * *')).toEqual({
    error: 'provided bad location Nowhere/Land: unknown time zone Nowhere/Land',
  })
})

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Etc/GMT+5', true],
  ['America/Argentina/Ushuaia', true],
  ['Europe/Atlantis', false],
  ['europe/berlin', false],
  ['', false],
  ['Europe', false],
])('%s is a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected)
})

test.each([
  ['', { total: 0 }],
  ['1,3-5', { total: 4 }],
  ['3-1', { error: 'non-increasing order, previous: 3, current: 1' }],
  ['2,2', { error: 'non-increasing order, previous: 2, current: 2' }],
  ['9', { error: 'too large index: "9"' }],
  ['a', { error: 'cannot convert string to integer for index: "a"' }],
])('indexes %s', (text, expected) => {
  expect(readIndexes(text, 8)).toEqual(expected)
})

test('the first index that is both done and failed', () => {
  expect(commonIndex('0-2,5', '3,5-6', 9)).toBe(5)
  expect(commonIndex('0-2', '3', 9)).toBeUndefined()
})

test.each([
  ['nothing wrong', {}, ''],
  [
    'a negative deadline',
    { activeDeadlineSeconds: -1 },
    'spec.activeDeadlineSeconds: Invalid value: -1: must be greater',
  ],
  [
    'a name under no domain',
    { managedBy: 'acme.io/' },
    'spec.managedBy: Invalid value: "acme.io/": must be a domain-prefixed path (such as "acme.io/foo")',
  ],
  [
    'too many pods for a hostname',
    { completionMode: 'Indexed', completions: 3, maxFailedIndexes: 4, backoffLimitPerIndex: 1 },
    'spec.maxFailedIndexes: Invalid value: 4: must be less than or equal to completions',
  ],
  [
    'a success policy of nothing',
    { completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{}] } },
    'spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes',
  ],
])('a Job with %s', (_name, spec, expected) => {
  expect(refusal(job(spec))).toContain(expected)
  if (expected === '') expect(refusal(job(spec))).toBe('')
})

test('a Job that never started may still be moved and resized; another may not', () => {
  const change = (stored: Thing): object => {
    const spec = stored['spec'] as { template: { spec: { containers: object[] } } }
    const containers = [{ ...spec.template.spec.containers[0], resources: { requests: { cpu: '1' } } }]
    const podSpec = { ...spec.template.spec, containers, nodeSelector: { disk: 'fast' } }
    return { ...stored, spec: { ...spec, template: { ...spec.template, spec: podSpec } } }
  }
  expect(updateRefusal(bare, job({ suspend: true }, 'held'), change)).toBe('')
  expect(updateRefusal(bare, job({}, 'free'), change)).toContain('spec.template: Invalid value')
  const started = { startTime: '2026-09-01T10:00:00Z' }
  expect(updateRefusal(bare, job({ suspend: true }, 'paused'), change, started)).toContain('field is immutable')
})

test('labels of a template are shown by their keys', () => {
  const change = (stored: Thing): object => {
    const spec = stored['spec'] as { template: { spec: object } }
    return {
      ...stored,
      spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, hostname: 'a' } } },
    }
  }
  expect(updateRefusal(bare, job({}, 'shown'), change)).toMatch(
    /spec\.template: Invalid value: \{"labels":\{("app":"[^"]*",)?"batch\.kubernetes\.io\/controller-uid":"[^"]*","batch\.kubernetes\.io\/job-name":"shown","controller-uid":/,
  )
})

test('an indexed Job grows only together with its parallelism', () => {
  const indexed = (name: string): object => job({ completionMode: 'Indexed', completions: 3, parallelism: 3 }, name)
  const to = (changes: object) => (stored: Thing) => ({
    ...stored,
    spec: { ...(stored['spec'] as object), ...changes },
  })
  expect(updateRefusal(bare, indexed('a'), to({ completions: 5, parallelism: 5 }))).toBe('')
  expect(updateRefusal(bare, indexed('b'), to({ completions: 5 }))).toBe(
    'spec.completions: Invalid value: 5: can only be modified in tandem with spec.parallelism',
  )
})

test('a report that takes a finished Job back is refused', () => {
  const created = bare.create(job({}, 'done') as Thing).body as Thing
  const path = '/apis/batch/v1/namespaces/default/jobs/done/status'
  const at = '2026-09-01T10:00:00Z'
  const met = { type: 'SuccessCriteriaMet', status: 'True', lastProbeTime: at, lastTransitionTime: at }
  const status = { startTime: at, completionTime: at, succeeded: 1, conditions: [met, { ...met, type: 'Complete' }] }
  const done = bare.send('PUT', path, { ...created, status })
  expect(done.code).toBe(200)
  const back = bare.send('PUT', path, { ...(done.body as object), status: { ...status, conditions: [met] } })
  expect((back.body as { message: string }).message).toContain(
    'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
  )
})

test('the name and the time zone of a CronJob', () => {
  const cronJob = (name: string, spec: object): object => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } }, ...spec },
  })
  expect(refusal(cronJob('a'.repeat(52), {}))).toBe('')
  expect(refusal(cronJob('a'.repeat(53), {}))).toContain('must be no more than 52 characters')
  expect(refusal(cronJob('a', { timeZone: 'local' }))).toContain('timeZone must be an explicit time zone')
})
