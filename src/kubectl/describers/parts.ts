import { lastApplied } from '../args/options.ts'
import { humanDuration } from '../duration.ts'
import { parseTime, type Event } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** A map on lines of its own: `Labels:  a=b`, the next ones below. */
export function labelLines(sheet: Sheet, level: number, title: string, labels: Labels): void {
  const keys = Object.keys(labels ?? {}).sort()
  if (keys.length === 0) sheet.line(level, `${title}:`, '<none>')
  keys.forEach((key, index) => sheet.line(level, index === 0 ? `${title}:` : '', `${key}=${labels![key]}`))
}

const longest = 140

/** Annotations, but for what apply keeps there; a long one begins on the line below its key. */
// upstream: kubectl/pkg/describe/describe.go printAnnotationsMultiline
export function annotationLines(sheet: Sheet, level: number, annotations: Labels): void {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== lastApplied)
    .sort()
  if (keys.length === 0) sheet.line(level, 'Annotations:', '<none>')
  keys.forEach((key, index) => {
    const title = index === 0 ? 'Annotations:' : ''
    const value = annotations![key]!.replace(/\n$/, '')
    if (value.length + key.length + 2 <= longest && !value.includes('\n'))
      return sheet.line(level, title, `${key}: ${value}`)
    sheet.line(level, title, `${key}:`)
    for (const line of value.split('\n')) sheet.line(level, '', `  ${shorten(line, longest - 2)}`)
  })
}

const shorten = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}...` : text)

/** Name, namespace, labels and annotations, as most sheets begin. */
export function headLines(
  sheet: Sheet,
  metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Labels
    readonly annotations?: Labels
  },
): void {
  sheet.line(0, 'Name:', metadata.name)
  if (metadata.namespace !== undefined) sheet.line(0, 'Namespace:', metadata.namespace)
  labelLines(sheet, 0, 'Labels', metadata.labels)
  annotationLines(sheet, 0, metadata.annotations)
}

/** The table of events that ends most sheets. */
export function eventLines(sheet: Sheet, events: readonly Event[] | undefined, now: number): void {
  if (events === undefined) return
  if (events.length === 0) return sheet.line(0, 'Events:', '<none>')
  sheet.line(0, 'Events:')
  sheet.line(1, 'Type', 'Reason', 'Age', 'From', 'Message')
  sheet.line(1, '----', '------', '----', '----', '-------')
  for (const event of [...events].sort((a, b) => listedAt(a) - listedAt(b)))
    sheet.line(1, event.type ?? '', event.reason ?? '', eventAge(event, now), sourceOf(event), messageOf(event))
}

/** When it happened last; the scheduler's events, which tell one time alone, come before all others. */
// upstream: kubectl/pkg/util/event/sorted_event_list.go
const listedAt = ({ lastTimestamp }: Event): number =>
  lastTimestamp ? parseTime(lastTimestamp) : Number.MIN_SAFE_INTEGER

/** What an event says, and of which part of the object. */
function messageOf({ involvedObject, message = '' }: Event): string {
  // An event of the wire may come without the object, whatever the type says.
  const path = (involvedObject as Event['involvedObject'] | undefined)?.fieldPath
  return path ? `${path}: ${message.trim()}` : message.trim()
}

const timeOf = (text: string | undefined | null): number => (text ? parseTime(text) : NaN)
const since = (time: number, now: number): string => (Number.isNaN(time) ? '<unknown>' : humanDuration(now - time))

/** `5s`, or `10s (x3 over 1m)` for what happened more than once. */
export function eventAge(event: Event, now: number): string {
  const eventTime = timeOf(event.eventTime)
  const first = since(Number.isNaN(eventTime) ? timeOf(event.firstTimestamp) : eventTime, now)
  if (event.series) return `${since(timeOf(event.series.lastObservedTime), now)} (x${event.series.count} over ${first})`
  return (event.count ?? 0) > 1 ? `${since(timeOf(event.lastTimestamp), now)} (x${event.count} over ${first})` : first
}

/** When an event happened last. */
export function lastTime(event: Event): number {
  const times = [
    event.series?.lastObservedTime,
    event.lastTimestamp,
    event.eventTime,
    event.metadata.creationTimestamp,
  ].map(timeOf)
  return times.find((time) => !Number.isNaN(time)) ?? 0
}

/** The conditions of a workload. */
export function conditionLines(
  sheet: Sheet,
  conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] | undefined,
): void {
  if ((conditions ?? []).length === 0) return
  sheet.line(0, 'Conditions:')
  sheet.line(1, 'Type', 'Status', 'Reason')
  sheet.line(1, '----', '------', '------')
  for (const { type, status, reason = '' } of conditions!) sheet.line(1, `${type} `, status, reason)
}

/** Who wrote it. */
export function sourceOf(event: Event): string {
  return event.source?.component || event.reportingComponent || ''
}

const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A time as RFC 1123 with its zone: `Tue, 01 Sep 2026 08:00:00 +0000`. */
export function longTime(text: string | undefined | null): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(text ?? '')
  if (match === null) return text ? text : 'Mon, 01 Jan 0001 00:00:00 +0000'
  const [, year, month, day, clock] = match
  return `${days[weekday(text!)]}, ${day} ${months[Number(month) - 1]} ${year} ${clock} +0000`
}

// 1970-01-01 was a Thursday.
const epochMs = -parseTime('1970-01-01T00:00:00Z')
const weekday = (text: string): number => ((Math.floor((parseTime(text) + epochMs) / 86_400_000) % 7) + 7) % 7

/** A label selector as one text: `app=web,tier in (a,b)`. */
export function selectorText(
  selector:
    | {
        readonly matchLabels?: Labels
        readonly matchExpressions?: readonly {
          readonly key: string
          readonly operator: string
          readonly values?: readonly string[]
        }[]
      }
    | undefined
    | null,
): string {
  if (!selector) return '<none>'
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }))
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    text: expressionText(key, operator, values),
  }))
  const all = [...labels, ...expressions].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return all.length === 0 ? '<none>' : all.map(({ text }) => text).join(',')
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`
}

/** A plain map selector on one line. */
export function mapText(labels: Labels): string {
  const keys = Object.keys(labels ?? {}).sort()
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',')
}

/** `Deployment/web`, from the controller among an object's owners. */
export function controllerText(
  owners: readonly { readonly kind: string; readonly name: string; readonly controller?: boolean }[] | undefined,
): string | undefined {
  const owner = owners?.find(({ controller }) => controller === true)
  return owner === undefined ? undefined : `${owner.kind}/${owner.name}`
}

/** `True`, `False`, or `<unset>` for what was left open. */
export const boolText = (value: boolean | undefined): string =>
  value === undefined ? '<unset>' : value ? 'True' : 'False'
