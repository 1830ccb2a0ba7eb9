import { CommandError } from '../errors.ts'
import { evaluate } from './jsonpathEvaluate.ts'
import { parseJsonPath, type Block } from './jsonpathParse.ts'
import { goJson, sortKeys } from './json.ts'

/** A template made ready: what it prints of a value, and the values it finds. */
export interface JsonPath {
  readonly template: string
  /** every piece of the template with what it found; throws where an index is out of bounds */
  readonly find: (data: unknown) => readonly (readonly unknown[])[]
  readonly print: (data: unknown) => string
}

/** Reads a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`; a broken one throws its complaint. */
export function createJsonPath(template: string, mayMiss = true): JsonPath {
  const blocks: readonly Block[] = parseJsonPath(template)
  const find = (data: unknown) => evaluate(blocks, data, mayMiss)
  return { template, find, print: (data) => find(data).map(printAll).join('') }
}

const printAll = (values: readonly unknown[]): string => values.map(printOne).join(' ')

/** A value in a text: strings bare, lists and maps as JSON. */
export function printOne(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? 'null' : goJson(sortKeys(value))
}

/** `.metadata.name`, `metadata.name` or `{.metadata.name}`, as columns, sort orders and waits take it. */
// upstream: kubectl/pkg/cmd/get/customcolumn.go RelaxedJSONPathExpression
export function relaxed(expression: string): string {
  if (expression === '') return expression
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression)
  if (match === null)
    throw new CommandError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    )
  return `{.${match[1] ?? match[2]}}`
}
