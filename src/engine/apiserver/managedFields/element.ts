import type { FieldType } from './fieldType.ts'

type Json = Readonly<Record<string, unknown>>

/** Whether a value is an object of JSON. */
export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a list's item is called in a set of fields, or why it cannot be called anything. */
export type Element =
  { readonly element: string; readonly why?: undefined } | { readonly element?: undefined; readonly why: string }

/** Names an item of a list that is no atomic one. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/helpers.go listItemToPathElement
export function elementOf(list: FieldType, item: unknown): Element {
  return list.keys === undefined ? setElement(item) : keyedElement(list, list.keys, item)
}

function setElement(item: unknown): Element {
  if (isMap(item)) return { why: "associative list without keys has an element that's a map type" }
  if (Array.isArray(item)) return { why: 'not supported: associative list with lists as elements' }
  if (item === null || item === undefined)
    return { why: "associative list without keys has an element that's an explicit null" }
  return { element: `v:${JSON.stringify(item)}` }
}

function keyedElement({ keyDefaults = {} }: FieldType, keys: readonly string[], item: unknown): Element {
  if (item === null || item === undefined) return { why: 'associative list with keys may not have a null element' }
  if (!isMap(item)) return { why: 'associative list with keys may not have non-map elements' }
  const key: Record<string, unknown> = {}
  for (const name of keys) {
    const value = item[name] === undefined ? keyDefaults[name] : item[name]
    if (value === undefined)
      return {
        why: `associative list with keys has an element that omits key field ${JSON.stringify(name)} (and doesn't have default value)`,
      }
    key[name] = value
  }
  return { element: `k:${JSON.stringify(key)}` }
}

/** An element as paths in messages have it: `.spec`, `[name="web"]`, `[="example.com/a"]`. */
// upstream: sigs.k8s.io/structured-merge-diff/fieldpath/element.go String
export function formatElement(element: string): string {
  const text = element.slice(2)
  if (element.startsWith('f:')) return `.${text}`
  if (element.startsWith('v:')) return `[=${text}]`
  if (element.startsWith('i:')) return `[${text}]`
  const key = JSON.parse(text) as Json
  return `[${Object.keys(key)
    .map((name) => `${name}=${JSON.stringify(key[name])}`)
    .join(',')}]`
}

/** A path as messages have it: `.spec.template.spec.containers[name="web"].image`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join('')
}
