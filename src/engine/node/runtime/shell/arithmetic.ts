import { parse } from 'unbash'
import type { Arithmetic, Word } from './code.ts'
import { assign, ShellError, valueOf, type ShellState } from './shellState.ts'

/** What arithmetic asks of the shell: a word's text. */
export type WordText = (word: Word) => string

/** Evaluates `$((…))` in whole numbers; variables are read and written by name. */
export function evaluate(expression: Arithmetic, shell: ShellState, textOf: WordText): number {
  switch (expression.type) {
    case 'word':
      return numberOf(textOf(expression.word).trim(), shell, 0)
    case 'choice':
      return evaluate(evaluate(expression.test, shell, textOf) !== 0 ? expression.yes : expression.no, shell, textOf)
    case 'unary':
      return unary(expression, shell, textOf)
    case 'binary':
      return binary(expression, shell, textOf)
  }
}

function unary(expression: Extract<Arithmetic, { type: 'unary' }>, shell: ShellState, textOf: WordText): number {
  const { operator, operand, prefix } = expression
  const value = evaluate(operand, shell, textOf)
  if (operator === '++' || operator === '--') {
    const next = operator === '++' ? value + 1 : value - 1
    store(operand, next, shell, textOf)
    return prefix ? next : value
  }
  if (operator === '-') return -value
  if (operator === '!') return value === 0 ? 1 : 0
  return operator === '~' ? ~value : value
}

function binary(expression: Extract<Arithmetic, { type: 'binary' }>, shell: ShellState, textOf: WordText): number {
  const { operator, left, right } = expression
  if (operator === '&&') return evaluate(left, shell, textOf) !== 0 && evaluate(right, shell, textOf) !== 0 ? 1 : 0
  if (operator === '||') return evaluate(left, shell, textOf) !== 0 || evaluate(right, shell, textOf) !== 0 ? 1 : 0
  if (operator === '=') return store(left, evaluate(right, shell, textOf), shell, textOf)
  const isStoring = /^(?:[-+*/%&|^]|<<|>>)=$/.test(operator)
  const a = evaluate(left, shell, textOf)
  const b = evaluate(right, shell, textOf)
  if (!isStoring) return calculate(operator, a, b)
  return store(left, calculate(operator.slice(0, -1), a, b), shell, textOf)
}

function calculate(operator: string, a: number, b: number): number {
  const truth = (value: boolean): number => (value ? 1 : 0)
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
    case '%':
      if (b === 0) throw new ShellError('divide by zero', 2)
      return operator === '/' ? Math.trunc(a / b) : a % b
    case '**':
      return a ** b
    case '<<':
      return a * 2 ** b
    case '>>':
      return Math.floor(a / 2 ** b)
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '<':
      return truth(a < b)
    case '<=':
      return truth(a <= b)
    case '>':
      return truth(a > b)
    case '>=':
      return truth(a >= b)
    case '==':
      return truth(a === b)
    case '!=':
      return truth(a !== b)
    case ',':
      return b
    default:
      throw new ShellError(`arithmetic expression: expecting EOF: "${operator}"`, 2)
  }
}

function store(target: Arithmetic, value: number, shell: ShellState, textOf: WordText): number {
  if (target.type === 'word') {
    const name = textOf(target.word).trim()
    if (/^[A-Za-z_]\w*$/.test(name)) assign(shell, name, String(value))
  }
  return value
}

/** A number, a variable's name, or an expression in a variable. */
function numberOf(text: string, shell: ShellState, depth: number): number {
  if (text === '') return 0
  if (/^-?\d+$/.test(text)) return text.length > 1 && text.startsWith('0') ? octal(text) : Number(text)
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text, 16)
  const based = /^(\d+)#(\w+)$/.exec(text)
  if (based) return Number.parseInt(based[2]!, Number(based[1]))
  const element = /^([A-Za-z_]\w*)(?:\[(.+)\])?$/.exec(text)
  if (element && depth < 20) {
    const list = element[2] === undefined ? undefined : shell.variables.get(element[1]!)?.list
    const value = list ? list[numberOf(element[2]!, shell, depth + 1)] : valueOf(shell, element[1]!)
    if (value === undefined && shell.options.u) throw new ShellError(`${element[1]}: unbound variable`)
    return numberOf((value ?? '').trim(), shell, depth + 1)
  }
  return parsedAgain(text, shell, depth)
}

function octal(text: string): number {
  const value = Number.parseInt(text, 8)
  return Number.isNaN(value) ? 0 : value
}

// `x="1 + 2"; $((x))`: the value is itself an expression.
function parsedAgain(text: string, shell: ShellState, depth: number): number {
  const command = parse(`((${text}))`).commands[0]?.command
  if (
    depth > 10 ||
    command?.type !== 'ArithmeticCommand' ||
    !command.expression ||
    command.expression.type === 'ArithmeticWord'
  )
    throw new ShellError(`arithmetic expression: expecting primary: "${text}"`, 2)
  return evaluateSyntax(command.expression, shell, depth + 1)
}

function evaluateSyntax(node: NonNullable<Parsed>, shell: ShellState, depth: number): number {
  if (node.type === 'ArithmeticBinary')
    return calculate(node.operator, evaluateSyntax(node.left, shell, depth), evaluateSyntax(node.right, shell, depth))
  if (node.type === 'ArithmeticGroup') return evaluateSyntax(node.expression, shell, depth)
  if (node.type === 'ArithmeticUnary') return calculate('-', 0, evaluateSyntax(node.operand, shell, depth))
  return node.type === 'ArithmeticWord' ? numberOf(node.value, shell, depth) : 0
}

type Parsed = Extract<
  NonNullable<ReturnType<typeof parse>['commands'][number]['command']>,
  { type: 'ArithmeticCommand' }
>['expression']
