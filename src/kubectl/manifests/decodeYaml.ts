import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Document, type Node } from 'yaml'
import { CommandError } from '../errors.ts'
import { readPlain } from '../printers/yamlScalars.ts'
import { findFault } from './yamlFaults.ts'

/** Reads one document as go-yaml v2 would (YAML 1.1: `on` is a boolean, the last of two equal keys wins); throws its complaint. */
export function decodeYaml(text: string): unknown {
  const fault = findFault(text)
  if (fault !== undefined) throw new CommandError(`yaml: ${fault}`)
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: false,
    prettyErrors: false,
    logLevel: 'silent',
    merge: false,
  })
  // The two readers differ on a few odd texts; what go-yaml lets pass is taken as far as it was understood.
  return valueOf(document.contents as Node | null, document)
}

function valueOf(node: Node | null | undefined, document: Document): unknown {
  if (node === null || node === undefined) return null
  if (isAlias(node)) {
    const target = node.resolve(document)
    if (target === undefined) throw new CommandError(`yaml: unknown anchor '${node.source}' referenced`)
    return valueOf(target as Node, document)
  }
  if (isScalar(node)) return scalarOf(node)
  if (isSeq(node)) return node.items.map((item) => valueOf(item as Node, document))
  return isMap(node) ? mapOf(node.items, document) : null
}

function scalarOf(node: Scalar): unknown {
  const text = typeof node.value === 'string' ? node.value : ''
  if (node.tag === 'tag:yaml.org,2002:str' || node.tag === '!!str') return text
  const isPlain = node.type === Scalar.PLAIN || node.type === undefined || node.type === null
  if (!isPlain) return text
  return readPlain(node.source ?? text)
}

interface Entry {
  readonly key: unknown
  readonly value: unknown
}

function mapOf(entries: readonly Entry[], document: Document): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const { key, value } of entries) {
    const name = keyOf(key as Node, document)
    const item = valueOf(value as Node | null, document)
    if (name === '<<' && typeof item === 'object' && item !== null) merge(result, item)
    else Object.defineProperty(result, name, { value: item, writable: true, enumerable: true, configurable: true })
  }
  return result
}

function merge(result: Record<string, unknown>, item: object): void {
  const sources = Array.isArray(item) ? (item as object[]) : [item]
  for (const source of sources)
    for (const [key, value] of Object.entries(source)) if (!Object.hasOwn(result, key)) result[key] = value
}

function keyOf(node: Node | null, document: Document): string {
  const key = valueOf(node, document)
  if (typeof key === 'object' && key !== null) throw new CommandError(`yaml: invalid map key: ${goSyntax(key)}`)
  return key === null ? 'null' : String(key as string)
}

/** A value in Go's own syntax, as its message about a map key shows it. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value as number)
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`)
  return `map[interface {}]interface {}{${pairs.join(', ')}}`
}
