import type { KubeObject } from '../engine.ts'
import type { Sheet, Subject } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines } from './parts.ts'

const skipped: readonly string[] = [
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]

type Content = Readonly<Record<string, unknown>>

/** Any other object: its fields in order of their names, which are spread into words. */
// upstream: kubectl/pkg/describe/describe.go genericDescriber, printUnstructuredContent
export function describeGeneric({ object, sheet, events, now }: Subject<KubeObject>): void {
  const { name, namespace = '', labels, annotations } = object.metadata
  sheet.line(0, 'Name:', name)
  sheet.line(0, 'Namespace:', namespace)
  labelLines(sheet, 0, 'Labels', labels)
  annotationLines(sheet, 0, annotations)
  contentLines(sheet, 0, object as unknown as Content, '')
  eventLines(sheet, events(), now)
}

function contentLines(sheet: Sheet, level: number, content: Content, path: string): void {
  for (const field of Object.keys(content).sort()) {
    const here = `${path}.${field}`
    const value = content[field]
    if (value === undefined || skipped.includes(here)) continue
    const label = `${wordsOf(field)}:`
    if (!isNested(value)) {
      sheet.line(level, label, goValue(value))
      continue
    }
    sheet.line(level, label)
    if (!Array.isArray(value)) contentLines(sheet, level + 1, value as Content, here)
    else
      for (const item of value as readonly unknown[]) {
        if (isNested(item) && !Array.isArray(item)) contentLines(sheet, level + 1, item as Content, here)
        else sheet.line(level + 1, goValue(item))
      }
  }
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null

/** As Go prints a value of JSON. */
function goValue(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  return typeof value === 'object' ? mapValue(value as Content) : String(value)
}

const mapValue = (map: Content): string =>
  `map[${Object.keys(map)
    .sort()
    .map((key) => `${key}:${goValue(map[key])}`)
    .join(' ')}]`

const acronyms: readonly string[] = ['API', 'URL', 'UID', 'GUID']

/** `resourceVersion` → `Resource Version`, `podIP` → `Pod IP`; what holds more than letters stays. */
// upstream: kubectl/pkg/describe/describe.go smartLabelFor
export function wordsOf(field: string): string {
  if (!/^[A-Za-z-]+$/.test(field)) return field
  return merged(camelParts(field))
    .map((part) => {
      if (acronyms.includes(part.toUpperCase())) return part.toUpperCase()
      return part === part.toLowerCase() ? part[0]!.toUpperCase() + part.slice(1) : part
    })
    .join(' ')
}

/** Runs of one case; a capital before small letters belongs to them. upstream: github.com/fatih/camelcase */
function camelParts(field: string): readonly string[] {
  const runs = field.match(/[a-z]+|[A-Z]+|-+/g) ?? []
  for (let index = 0; index < runs.length - 1; index++) {
    if (!/^[A-Z]/.test(runs[index]!) || !/^[a-z]/.test(runs[index + 1]!)) continue
    runs[index + 1] = runs[index]!.slice(-1) + runs[index + 1]!
    runs[index] = runs[index]!.slice(0, -1)
  }
  return runs.filter((run) => run !== '')
}

/** Capitals stay together with a capitalised word after them. */
function merged(parts: readonly string[]): readonly string[] {
  const result: string[] = []
  for (let index = 0; index < parts.length; index++) {
    const [part, next = ''] = [parts[index]!, parts[index + 1]]
    const joins = part.length >= 2 && part === part.toUpperCase() && /^[A-Z]/.test(next)
    result.push(joins ? part + next : part)
    if (joins) index++
  }
  return result
}
