import type { Event } from '../../api/index.ts'
import { since } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { eventErrors } from './eventRules.ts'

const hourMs = 3_600_000

/** What a component says happened to an object. */
export const event = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  lifetimeMs: hourMs, // upstream: --event-ttl
  defaults(draft) {
    const record = draft as unknown as Record<string, unknown>
    for (const field of ['firstTimestamp', 'lastTimestamp', 'eventTime']) record[field] ??= null
    record['source'] ??= {}
    record['reportingComponent'] ??= ''
    record['reportingInstance'] ??= ''
  },
  validate: (one) => eventErrors(one, 'reportingComponent'),
  validateUpdate: (next) => eventErrors(next, 'reportingComponent'),
  columns: [
    { name: 'Last Seen', cell: lastSeen },
    { name: 'Type', cell: ({ type }) => type ?? '' },
    { name: 'Reason', cell: ({ reason }) => reason ?? '' },
    {
      name: 'Object',
      cell: ({ involvedObject }) => `${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`,
    },
    { name: 'Subobject', priority: 1, cell: ({ involvedObject }) => involvedObject.fieldPath ?? '' },
    { name: 'Source', priority: 1, cell: sourceText },
    { name: 'Message', cell: ({ message }) => (message ?? '').trim() },
    { name: 'First Seen', priority: 1, cell: firstSeen },
    { name: 'Count', priority: 1, cell: ({ series, count }) => series?.count ?? (count || 1) },
    { name: 'Name', priority: 1, format: 'name', cell: ({ metadata }) => metadata.name },
  ],
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? '',
    source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ''),
    type: ({ type }) => type ?? '',
  },
})

// upstream: pkg/printers/internalversion/printers.go printEvent
function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return since(firstTimestamp || eventTime, now)
}

function lastSeen(one: Event, now: number): string {
  if (one.series) return since(one.series.lastObservedTime, now)
  return one.lastTimestamp ? since(one.lastTimestamp, now) : firstSeen(one, now)
}

function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || ''
  const host = source?.host || reportingInstance || ''
  return host === '' ? component : `${component}, ${host}`
}
