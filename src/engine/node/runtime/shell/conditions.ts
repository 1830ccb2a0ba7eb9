import { complain, filesOf, pathOf, surroundingsOf } from '../kernel/io.ts'
import type { Call } from '../kernel/tool.ts'
import type { Condition } from './code.ts'
import { evaluate } from './arithmetic.ts'
import { expandPattern, expandText } from './expand.ts'
import { globExpression, namedClasses } from './glob.ts'
import { assignList, type ShellState, valueOf } from './shellState.ts'

/** Whether `[[ … ]]` holds. */
export function isTrue(condition: Condition, call: Call, shell: ShellState): boolean {
  switch (condition.type) {
    case 'and':
      return condition.operands.every((one) => isTrue(one, call, shell))
    case 'or':
      return condition.operands.some((one) => isTrue(one, call, shell))
    case 'not':
      return !isTrue(condition.operand, call, shell)
    case 'unary':
      return unary(condition.operator, expandText(condition.operand, shell), call, shell)
    case 'binary':
      return binaryCondition(condition, call, shell)
  }
}

function binaryCondition(condition: Extract<Condition, { type: 'binary' }>, call: Call, shell: ShellState): boolean {
  const { operator, left, right } = condition
  const text = expandText(left, shell)
  if (operator === '=~') return matches(text, regexText(right, shell), shell)
  if (operator === '==' || operator === '=') return globExpression(expandPattern(right, shell)).test(text)
  if (operator === '!=') return !globExpression(expandPattern(right, shell)).test(text)
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) {
    const value = (word: typeof left): number =>
      evaluate({ type: 'word', word }, shell, (one) => expandText(one, shell))
    return compareNumbers(operator, value(left), value(right))
  }
  return binary(text, operator, expandText(right, shell), call) === true
}

function regexText(word: Parameters<typeof expandText>[0], shell: ShellState): string {
  return expandText(word, shell)
}

function matches(text: string, pattern: string, shell: ShellState): boolean {
  const match = tryRegExp(namedClasses(pattern))?.exec(text)
  if (match)
    assignList(
      shell,
      'BASH_REMATCH',
      [...match].map((one) => one ?? ''),
    )
  return match != null
}

/** A regular expression of a user, or nothing when it is none. */
export function tryRegExp(source: string, flags = ''): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

/** `test` and `[`: 0, 1, or 2 for what makes no sense. */
export function testWords(call: Call, shell: ShellState, words: readonly string[]): number {
  try {
    const parser = { words, at: 0 }
    const value = words.length === 0 ? false : either(parser, call, shell)
    if (parser.at < words.length) throw new TestError(`${words[parser.at]}: unexpected operator`)
    return value ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestError)) throw error
    complain(call, `${shell.name}: ${shell.flavour === 'dash' ? '1: ' : ''}[: ${error.message}\n`)
    return 2
  }
}

class TestError extends Error {}

interface Parser {
  readonly words: readonly string[]
  at: number
}

function either(parser: Parser, call: Call, shell: ShellState): boolean {
  let value = both(parser, call, shell)
  while (parser.words[parser.at] === '-o') {
    parser.at++
    const other = both(parser, call, shell)
    value ||= other
  }
  return value
}

function both(parser: Parser, call: Call, shell: ShellState): boolean {
  let value = single(parser, call, shell)
  while (parser.words[parser.at] === '-a') {
    parser.at++
    const other = single(parser, call, shell)
    value &&= other
  }
  return value
}

const binaryOperator = /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/

function single(parser: Parser, call: Call, shell: ShellState): boolean {
  const { words, at } = parser
  const [first, second, third] = [words[at], words[at + 1], words[at + 2]]
  if (first === undefined) throw new TestError('argument expected')
  if (second !== undefined && third !== undefined && binaryOperator.test(second)) {
    parser.at += 3
    const value = binary(first, second, third, call)
    if (typeof value === 'string') throw new TestError(value)
    return value
  }
  if (first === '!') {
    parser.at++
    return !single(parser, call, shell)
  }
  if (first === '(') {
    parser.at++
    const value = either(parser, call, shell)
    if (words[parser.at] !== ')') throw new TestError('closing paren expected')
    parser.at++
    return value
  }
  if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
    parser.at += 2
    return unary(first, second, call, shell)
  }
  parser.at++
  return first !== ''
}

function unary(operator: string, operand: string, call: Call, shell: ShellState): boolean {
  if (operator === '-n') return operand !== ''
  if (operator === '-z') return operand === ''
  if (operator === '-v') return valueOf(shell, operand) !== undefined
  if (operator === '-t') return surroundingsOf(call).isTty
  const files = filesOf(call)
  const path = pathOf(call, operand)
  const node =
    operand === '' ? undefined : operator === '-L' || operator === '-h' ? files.findLink(path) : files.find(path)
  if (node === undefined) return false
  switch (operator) {
    case '-f':
      return node.kind === 'file'
    case '-d':
      return node.kind === 'directory'
    case '-L':
    case '-h':
      return node.kind === 'link'
    case '-s':
      return node.kind === 'directory' || (node.kind === 'file' && (node.size ?? node.text.length) > 0)
    case '-x':
      return node.kind === 'link' || (node.mode & 0o111) !== 0
    case '-e':
    case '-a':
    case '-r':
    case '-w':
    case '-O':
    case '-G':
      return true
    default:
      return false
  }
}

/** Two words compared; a text says what is wrong with them. */
function binary(left: string, operator: string, right: string, call: Call): boolean | string {
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-nt':
    case '-ot': {
      const at = (path: string): number => filesOf(call).find(pathOf(call, path))?.at ?? -1
      return operator === '-nt' ? at(left) > at(right) : at(left) < at(right)
    }
    case '-ef':
      return pathOf(call, left) === pathOf(call, right)
    default: {
      const bad = [left, right].find((one) => !/^\s*[-+]?\d+\s*$/.test(one))
      if (bad !== undefined)
        return surroundingsOf(call).family === 'gnu' ? `Illegal number: ${bad}` : `${bad}: bad number`
      return compareNumbers(operator, Number(left), Number(right))
    }
  }
}

function compareNumbers(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case '-eq':
      return left === right
    case '-ne':
      return left !== right
    case '-lt':
      return left < right
    case '-le':
      return left <= right
    case '-gt':
      return left > right
    default:
      return left >= right
  }
}
