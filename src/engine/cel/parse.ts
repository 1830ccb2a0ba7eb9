import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js'

/** A node of a parsed expression. */
export type Node = ASTNode

/** What is wrong with an expression, and where: counted in characters from its start. */
export interface Issue {
  readonly at: number
  readonly text: string
}

const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })

/** Reads an expression; an issue where it cannot be read. */
export function parseCel(expression: string): Node | Issue {
  try {
    return environment.parse(expression).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return syntaxIssue(expression, error)
  }
}

/** Whether reading an expression has failed. */
export const isIssue = (result: Node | Issue): result is Issue => 'text' in result

const starts =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

/** The parser's complaint in the words of Go's; the commonest ones to the letter. */
function syntaxIssue(expression: string, { code, range, summary }: ParseError): Issue {
  const at = range?.start ?? 0
  const token = expression.slice(at, range?.end ?? at + 1) || '<EOF>'
  if (code === 'unexpected_token' && token === '<EOF>')
    return { at: expression.length, text: `Syntax error: mismatched input '<EOF>' expecting ${starts}` }
  if (code === 'unexpected_token') return { at, text: `Syntax error: mismatched input '${token}' expecting ${starts}` }
  if (code === 'expected_token' && token === '<EOF>')
    return { at: expression.length, text: `Syntax error: missing ')' at '<EOF>'` }
  if (code === 'unexpected_character' && /[\w"'([{]/.test(token))
    return { at, text: `Syntax error: extraneous input '${wordAt(expression, at)}' expecting <EOF>` }
  if (code === 'unexpected_character' || code === 'unterminated_string')
    return { at, text: `Syntax error: token recognition error at: '${expression.slice(at, at + 2)}'` }
  const word = /^Reserved identifier: (\w+)/.exec(summary)?.[1]
  if (word !== undefined) return { at, text: `reserved identifier: ${word}` }
  if (summary.includes('invalid predicate iteration variable')) return { at, text: 'argument must be a simple name' }
  return { at, text: `Syntax error: ${summary}` }
}

const wordAt = (expression: string, at: number): string =>
  /^\w+/.exec(expression.slice(at))?.[0] ?? expression.charAt(at)

/** Where Go's parser says a node is: at the operator, the dot or the parenthesis that makes it. */
export function placeOf(node: Node): number {
  const { input, start } = node
  if (node.op === 'call') return input.indexOf('(', start)
  if (node.op === 'rcall') return input.indexOf('(', after(input, node.args[1].end))
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]')
    return after(input, node.args[0].end)
  if (node.op === '?:' || isBinary(node)) return after(input, (node.args as unknown as readonly [Node])[0].end)
  return start
}

const binary: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  'in',
  '&&',
  '||',
])

/** Whether a node is an operator between two others. */
export const isBinary = ({ op }: Node): boolean => binary.has(op)

/** The first character behind an operand that is neither white nor its closing parenthesis. */
function after(input: string, from: number): number {
  let at = from
  while (/[\s)]/.test(input.charAt(at))) at++
  return at
}

/** An issue as Go prints it, with the line and a pointer below. */
export function formatIssues(expression: string, issues: readonly Issue[]): string {
  return issues.map((issue) => formatIssue(expression, issue)).join('\n')
}

function formatIssue(expression: string, { at, text }: Issue): string {
  const before = expression.slice(0, at).split('\n')
  const line = before.length
  const column = before[line - 1]!.length + 1
  const source = expression.split('\n')[line - 1] ?? ''
  return `ERROR: <input>:${line}:${column}: ${text}\n | ${source}\n | ${'.'.repeat(column - 1)}^`
}
