import { formatGo } from '../patch/goText.ts'
import { elementOf, formatElement, isMap } from './element.ts'
import { resolved, type FieldType } from './fieldType.ts'

/** In what way an applied object is none of its type; undefined if it is one. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/validate.go
export function typeError(type: FieldType, object: unknown): string | undefined {
  const errors: string[] = []
  check(errors, '', type, object)
  if (errors.length < 2) return errors[0]
  return ['errors:', ...errors.map((error) => `  ${error}`)].join('\n')
}

function say(errors: string[], path: string, text: string): void {
  errors.push(path === '' ? text : `${path}: ${text}`)
}

function check(errors: string[], path: string, declared: FieldType, value: unknown): void {
  if (value === null || value === undefined) return
  const type = resolved(declared, value)
  if (type.shape === 'scalar') return checkScalar(errors, path, type, value)
  if (type.shape === 'list') {
    if (Array.isArray(value)) checkItems(errors, path, type, value as readonly unknown[])
    else say(errors, path, `expected list, got &{${formatGo(value)}}`)
  } else if (isMap(value)) checkFields(errors, path, type, value)
  else say(errors, path, `expected map, got &{${formatGo(value)}}`)
}

function checkScalar(errors: string[], path: string, { scalar = 'any' }: FieldType, value: unknown): void {
  if (scalar === 'numeric') {
    if (typeof value !== 'number') say(errors, path, `expected numeric (int or float), got ${goTypeOf(value)}`)
  } else if (scalar === 'string') {
    if (typeof value !== 'string')
      say(errors, path, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`)
  } else if (scalar === 'boolean') {
    if (typeof value !== 'boolean') say(errors, path, `expected boolean, got &{${formatGo(value)}}`)
  } else if (typeof value === 'object') say(errors, path, `expected any scalar, got &{${formatGo(value)}}`)
}

function checkItems(errors: string[], path: string, type: FieldType, list: readonly unknown[]): void {
  const seen = new Set<string>()
  const of = type.of?.()
  for (let index = 0; index < list.length; index++) {
    let at = `[${index}]`
    if (type.isAtomic !== true) {
      const { element, why } = elementOf(type, list[index])
      if (element === undefined) return say(errors, path, `element ${index}: ${why}`)
      at = formatElement(element)
      if (seen.has(element)) say(errors, path, `duplicate entries for key ${at}`)
      seen.add(element)
    }
    if (of !== undefined) check(errors, path + at, of, list[index])
  }
}

function checkFields(errors: string[], path: string, type: FieldType, map: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(map).sort()) {
    const of = type.field?.(key) ?? type.of?.()
    // upstream stops at the first of them, in whatever order a Go map has
    if (of === undefined) return say(errors, `${path}.${key}`, 'field not declared in schema')
    check(errors, `${path}.${key}`, of, map[key])
  }
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value
}

/** A value as Go's `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (typeof value !== 'object') return JSON.stringify(value)
  const map = value as Readonly<Record<string, unknown>>
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${goSyntax(map[key])}`)
  return `map[string]interface {}{${entries.join(', ')}}`
}
