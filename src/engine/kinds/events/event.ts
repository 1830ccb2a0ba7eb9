import type { Event, FieldError, KubeObject } from '../../api/index.ts'
import { event as stored } from '../core/event.ts'
import { eventErrors, strictErrors, strictUpdateErrors } from '../core/eventRules.ts'
import { since } from '../columns.ts'
import { defineKind, type Kind } from '../defineKind.ts'

type Reference = Event['involvedObject']

/** What a component says happened to an object, in the words of the newer group. */
export interface NewEvent extends KubeObject {
  readonly eventTime: string | null
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string }
  readonly reportingController?: string
  readonly reportingInstance?: string
  readonly action?: string
  readonly reason?: string
  readonly regarding: Reference
  readonly related?: Reference
  readonly note?: string
  readonly type?: string
  readonly deprecatedSource?: Event['source']
  readonly deprecatedFirstTimestamp?: string | null
  readonly deprecatedLastTimestamp?: string | null
  readonly deprecatedCount?: number
}

/** The same objects as `events` of the core group, and stored as such. */
export const newEvent: Kind<NewEvent> = defineKind<NewEvent>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  defaults(draft) {
    const record = draft as unknown as Record<string, unknown>
    for (const field of ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'eventTime']) record[field] ??= null
    record['deprecatedSource'] ??= {}
    record['regarding'] ??= {}
  },
  validate: createErrors,
  validateUpdate: updateErrors,
  columns: [
    { name: 'Last Seen', cell: (one, now) => lastSeen(one, now) },
    { name: 'Type', cell: ({ type }) => type ?? '' },
    { name: 'Reason', cell: ({ reason }) => reason ?? '' },
    { name: 'Object', cell: ({ regarding }) => `${(regarding.kind ?? '').toLowerCase()}/${regarding.name ?? ''}` },
    { name: 'Subobject', priority: 1, cell: ({ regarding }) => regarding.fieldPath ?? '' },
    { name: 'Source', priority: 1, cell: sourceText },
    { name: 'Message', cell: ({ note }) => (note ?? '').trim() },
    {
      name: 'First Seen',
      priority: 1,
      cell: ({ deprecatedFirstTimestamp, eventTime }, now) => since(deprecatedFirstTimestamp || eventTime, now),
    },
    { name: 'Count', priority: 1, cell: ({ series, deprecatedCount }) => series?.count ?? (deprecatedCount || 1) },
    { name: 'Name', priority: 1, format: 'name', cell: ({ metadata }) => metadata.name },
  ],
  selectableFields: Object.fromEntries(
    Object.entries(stored.selectableFields).map(([field, read]) => [
      field.replace('involvedObject', 'regarding').replace(/^source$/, 'reportingController'),
      (object: NewEvent) => read(toStored(object) as Event),
    ]),
  ),
  storedAs: { kind: stored as unknown as Kind, toStored, fromStored },
})

function lastSeen(
  { series, deprecatedLastTimestamp, deprecatedFirstTimestamp, eventTime }: NewEvent,
  now: number,
): string {
  if (series) return since(series.lastObservedTime, now)
  return since(deprecatedLastTimestamp || deprecatedFirstTimestamp || eventTime, now)
}

function sourceText({ deprecatedSource, reportingController, reportingInstance }: NewEvent): string {
  const component = deprecatedSource?.component || reportingController || ''
  const host = deprecatedSource?.host || reportingInstance || ''
  return host === '' ? component : `${component}, ${host}`
}

// upstream: pkg/apis/core/validation/events.go ValidateEventCreate; fields are told by the names they have in the core group
function createErrors(one: NewEvent): readonly FieldError[] {
  const core = toStored(one) as Event
  return [...eventErrors(core, 'reportingController'), ...strictErrors(core)]
}

function updateErrors(next: NewEvent, old: NewEvent): readonly FieldError[] {
  const core = toStored(next) as Event
  return [...eventErrors(core, 'reportingController'), ...strictUpdateErrors(core, toStored(old) as Event)]
}

const names: readonly (readonly [newName: string, coreName: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]
const toCore = new Map(names)
const toNew = new Map(names.map(([newName, coreName]) => [coreName, newName] as const))

function renamed(object: KubeObject, words: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) result[words.get(key) ?? key] = value
  result['apiVersion'] = apiVersion
  return result as unknown as KubeObject
}

function toStored(object: NewEvent): KubeObject {
  const core = renamed(object, toCore, 'v1') as unknown as Record<string, unknown>
  core['reportingComponent'] ??= ''
  core['reportingInstance'] ??= ''
  return core as unknown as KubeObject
}

function fromStored(object: KubeObject): NewEvent {
  const fresh = renamed(object, toNew, 'events.k8s.io/v1') as unknown as Record<string, unknown>
  for (const name of ['reportingController', 'reportingInstance']) if (fresh[name] === '') delete fresh[name]
  return fresh as unknown as NewEvent
}
