import type { KubeObject } from '../engine.ts'
import type { Subject, Sheet } from './defineDescriber.ts'
import { eventLines, headLines } from './parts.ts'

/** Any other object: its fields, with their names spread into words. */
// upstream: kubectl/pkg/describe/describe.go genericDescriber
export function describeGeneric({ object, sheet, events, now }: Subject<KubeObject>): void {
  headLines(sheet, object.metadata)
  sheet.line(0, 'API Version:', object.apiVersion)
  sheet.line(0, 'Kind:', object.kind)
  const { apiVersion: _, kind: __, metadata, ...rest } = object as unknown as Record<string, unknown> & KubeObject
  const { name: _n, namespace: _ns, labels: _l, annotations: _a, managedFields: _m, ...meta } = metadata
  fieldLines(sheet, 0, { ...rest, metadata: meta })
  eventLines(sheet, events(), now)
}

function fieldLines(sheet: Sheet, level: number, fields: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(fields).sort((a, b) => (wordsOf(a) < wordsOf(b) ? -1 : 1))) {
    const value = fields[key]
    if (value === undefined) continue
    if (Array.isArray(value)) itemLines(sheet, level, key, value)
    else if (typeof value === 'object' && value !== null) {
      sheet.line(level, `${wordsOf(key)}:`)
      fieldLines(sheet, level + 1, value as Record<string, unknown>)
    } else sheet.line(level, `${wordsOf(key)}:`, String(value))
  }
}

function itemLines(sheet: Sheet, level: number, key: string, items: readonly unknown[]): void {
  sheet.line(level, `${wordsOf(key)}:`)
  for (const item of items) {
    if (typeof item === 'object' && item !== null) fieldLines(sheet, level + 1, item as Record<string, unknown>)
    else sheet.line(level + 1, String(item))
  }
}

const acronyms: Readonly<Record<string, string>> = { Api: 'API', Url: 'URL', Uid: 'UID', Osb: 'OSB', Guid: 'GUID' }

/** `resourceVersion` → `Resource Version` */
function wordsOf(key: string): string {
  if (!/^[A-Za-z]+$/.test(key)) return key
  return key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .map((word) => acronyms[word] ?? word)
    .join(' ')
}
