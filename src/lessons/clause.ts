import { serialize } from '@marcbachmann/cel-js'
import { createEnvironment, type Expression } from './vocabulary.ts'
import type { Clause } from './lesson.ts'

/** Splits a line of a goal into its expression and the author's words for it, which follow ` // `. */
export function splitComment(line: string): readonly [expression: string, words: string] {
  let quote = ''
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (line.startsWith('//', index)) return [line.slice(0, index).trim(), line.slice(index + 2).trim()]
  }
  return [line.trim(), '']
}

/** Reads one line of a goal: `never:` before it, the author's words after it, one clause for each part that `&&` joins. */
export function parseClauses(line: string): readonly Clause[] {
  const [rest, words] = splitComment(line)
  const kind = /^never:/.test(rest) ? 'never' : 'goal'
  const expression = rest.replace(/^never:\s*/, '')
  if (kind === 'never' || words !== '') return [{ text: words || expression, kind, expression }]
  return conjuncts(expression).map((part) => ({ text: part, kind, expression: part }))
}

/** Why an expression cannot be used, or undefined. */
export function complaintAbout(expression: string): string | undefined {
  if (/\.matches\s*\(/.test(expression))
    return 'matches() is not among the words of a goal: use startsWith, endsWith or contains'
  if (/\bwas\.(get|list)\(\s*[^"'\s]/.test(expression))
    return 'was.get and was.list take the kind as a plain text: was.get("Pod", …)'
  try {
    const { type, valid, error } = checker().check(expression)
    if (!valid) return firstLine(error)
    if (depthOf(checker().parse(expression).ast) > macroDepthMax)
      return `at most ${macroDepthMax} of all, exists, filter and map inside each other`
    return type === 'bool' || type?.startsWith('dyn') ? undefined : `a clause says yes or no, this one gives ${type}`
  } catch (error) {
    return firstLine(error)
  }
}

const macroDepthMax = 3
const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

type Node = Expression['ast']

function depthOf(node: unknown): number {
  if (Array.isArray(node)) return Math.max(0, ...node.map(depthOf))
  if (typeof node !== 'object' || node === null || !('op' in node)) return 0
  const { op, args } = node as Node
  if (op !== 'rcall') return depthOf(args)
  const [name, receiver, rest] = args as [string, Node, Node[]]
  return Math.max(depthOf(receiver), (macros.has(name) ? 1 : 0) + depthOf(rest))
}

function conjuncts(expression: string): readonly string[] {
  try {
    return parts(checker().parse(expression).ast)
  } catch {
    return [expression]
  }
}

function parts(node: Node): readonly string[] {
  if (node.op !== '&&') return [serialize(node)]
  const [left, right] = node.args as [Node, Node]
  return [...parts(left), ...parts(right)]
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}

let shared: ReturnType<typeof createEnvironment> | undefined

/** One environment serves all checks: nothing is evaluated in it. */
function checker(): ReturnType<typeof createEnvironment> {
  return (shared ??= createEnvironment(() => {
    throw new Error('nothing is evaluated here')
  }))
}
