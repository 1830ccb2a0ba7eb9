import { parse } from 'unbash'
import type {
  ArithmeticExpression,
  Assignment as SyntaxAssignment,
  ParsedScript,
  Redirection,
  TestExpression,
  Word as SyntaxWord,
  WordPart,
} from 'unbash'
import type { Arithmetic, Assignment, Condition, Part, Redirect, VariablePart, Word } from './code.ts'

/** Command substitutions of one command: each becomes an instruction that runs before it. */
export interface Slots {
  readonly add: (script: ParsedScript | undefined) => number
  readonly count: number
}

/** A word, or several where braces multiply it. */
export function wordsOf(node: SyntaxWord, slots: Slots): Word[] {
  if (!node.parts?.some((part) => part.type === 'BraceExpansion')) return [wordOf(node, slots)]
  return expandBraces(node.text).map((text) => {
    const script = parse(`: ${text}`)
    const first = script.commands[0]?.command
    const word = first?.type === 'Command' ? first.suffix[0] : undefined
    return word?.type === 'Word' ? wordOf(word, slots) : [textPart(text)]
  })
}

// differs: dash and busybox ash leave braces alone; here every shell knows them.
function expandBraces(text: string): string[] {
  const range = /\{(-?\d+)\.\.(-?\d+)(?:\.\.(\d+))?\}/.exec(text)
  if (range) {
    const [whole, from, to, by] = range
    const step = Math.max(1, Number(by ?? 1))
    const [first, last] = [Number(from), Number(to)]
    const values: number[] = []
    if (first <= last)
      for (let value = first; value <= last && values.length < 10_000; value += step) values.push(value)
    else for (let value = first; value >= last && values.length < 10_000; value -= step) values.push(value)
    return values.flatMap((value) => expandBraces(text.replace(whole, String(value))))
  }
  const group = /\{([^{}$]*,[^{}]*)\}/.exec(text)
  if (!group) return [text]
  return group[1]!
    .split(',')
    .flatMap((one) => expandBraces(text.slice(0, group.index) + one + text.slice(group.index + group[0].length)))
}

/** One word. Its command substitutions take their slots in the order they stand. */
export function wordOf(node: SyntaxWord, slots: Slots): Word {
  if (node.parts) return parts(node.parts, slots, false)
  const isTilde = /^~(\/|$)/.test(node.text)
  return isTilde ? [{ type: 'home' }, textPart(node.value.slice(1))] : [textPart(node.value)]
}

function parts(nodes: readonly WordPart[], slots: Slots, quoted: boolean): Part[] {
  return nodes.flatMap((one, index) => part(one, slots, quoted, index === 0))
}

function part(node: WordPart, slots: Slots, quoted: boolean, isFirst: boolean): Part[] {
  switch (node.type) {
    case 'Literal':
      if (isFirst && !quoted && /^~(\/|$)/.test(node.text)) return [{ type: 'home' }, textPart(node.value.slice(1))]
      return [textPart(node.value)]
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [textPart(node.value)]
    case 'DoubleQuoted':
    case 'LocaleString':
      return node.parts.length === 0 ? [textPart('')] : parts(node.parts, slots, true)
    case 'SimpleExpansion':
      return [{ type: 'variable', name: node.text.slice(1), quoted }]
    case 'ParameterExpansion':
      return [parameter(node, slots, quoted)]
    case 'CommandExpansion':
      return [{ type: 'result', slot: slots.add(node.script), quoted }]
    case 'ArithmeticExpansion':
      return [
        {
          type: 'arithmetic',
          expression: node.expression ? arithmetic(node.expression, slots) : literalNumber('0'),
          quoted,
        },
      ]
    case 'Glob':
      return [quoted ? textPart(node.text) : { type: 'glob', value: node.text }]
    default:
      return [textPart(node.text)]
  }
}

function parameter(
  node: Extract<WordPart, { type: 'ParameterExpansion' }>,
  slots: Slots,
  quoted: boolean,
): VariablePart {
  const { parameter: name, prefix, index, operation } = node
  const base = {
    type: 'variable' as const,
    name,
    quoted,
    ...(prefix ? { prefix } : {}),
    ...(index ? { index: wordOf(index, slots) } : {}),
  }
  if (!operation) return base
  const word = (one: SyntaxWord | undefined): Word | undefined => one && wordOf(one, slots)
  switch (operation.type) {
    case 'Default':
    case 'Remove':
      return { ...base, operator: operation.operator, operand: wordOf(operation.operand, slots) }
    case 'Replace':
      return {
        ...base,
        operator: operation.operator,
        operand: wordOf(operation.pattern, slots),
        second: wordOf(operation.replacement, slots),
      }
    case 'Slice':
      return {
        ...base,
        operator: 'slice',
        operand: wordOf(operation.offset, slots),
        ...optional('second', word(operation.length)),
      }
    case 'CaseModification':
      return { ...base, operator: operation.operator, ...optional('operand', word(operation.operand)) }
    default:
      return base
  }
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, Value>>
}

/** An arithmetic expression; groups vanish into its shape. */
export function arithmetic(node: ArithmeticExpression, slots: Slots): Arithmetic {
  switch (node.type) {
    case 'ArithmeticBinary':
      return {
        type: 'binary',
        operator: node.operator,
        left: arithmetic(node.left, slots),
        right: arithmetic(node.right, slots),
      }
    case 'ArithmeticUnary':
      return { type: 'unary', operator: node.operator, operand: arithmetic(node.operand, slots), prefix: node.prefix }
    case 'ArithmeticTernary':
      return {
        type: 'choice',
        test: arithmetic(node.test, slots),
        yes: arithmetic(node.consequent, slots),
        no: arithmetic(node.alternate, slots),
      }
    case 'ArithmeticGroup':
      return arithmetic(node.expression, slots)
    case 'ArithmeticWord':
      return { type: 'word', word: node.parts ? parts(node.parts, slots, true) : arithmeticWord(node.value, slots) }
    case 'ArithmeticCommandExpansion':
      return { type: 'word', word: [{ type: 'result', slot: slots.add(node.script), quoted: true }] }
  }
}

/** `$1` and `$x` inside arithmetic come as plain text from the parser. */
function arithmeticWord(value: string, slots: Slots): Word {
  if (!value.includes('$')) return [textPart(value)]
  const first = parse(`: "${value}"`).commands[0]?.command
  const word = first?.type === 'Command' ? first.suffix[0] : undefined
  return word?.type === 'Word' ? wordOf(word, slots) : [textPart(value)]
}

/** An expression that is a number as it stands. */
export function literalNumber(value: string): Arithmetic {
  return { type: 'word', word: [textPart(value)] }
}

/** What stands between `[[` and `]]`. */
export function condition(node: TestExpression, slots: Slots): Condition {
  switch (node.type) {
    case 'TestUnary':
      return { type: 'unary', operator: node.operator, operand: wordOf(node.operand, slots) }
    case 'TestBinary':
      return {
        type: 'binary',
        operator: node.operator,
        left: wordOf(node.left, slots),
        right: wordOf(node.right, slots),
      }
    case 'TestLogical':
      return {
        type: node.operator === '&&' ? 'and' : 'or',
        operands: node.operands.map((one) => condition(one, slots)),
      }
    case 'TestNot': {
      const operand = condition(node.operand, slots)
      return node.negations.length % 2 === 1 ? { type: 'not', operand } : operand
    }
    case 'TestGroup':
      return condition(node.expression, slots)
  }
}

/** `a=1`, `a+=1`, `a[1]=x` or `a=(x y)` before a command. */
export function assignmentOf(node: SyntaxAssignment, slots: Slots): Assignment {
  const { name, append, index, value } = node
  const isList = value.type === 'ArrayValue'
  return {
    name,
    append: append === true,
    isList,
    ...(index ? { index: wordOf(index, slots) } : {}),
    value: isList ? value.elements.flatMap((one) => wordsOf(one, slots)) : wordOf(value, slots),
  }
}

/** `export A=$B` is a word that is not split. */
export function assignmentWords(node: SyntaxAssignment, slots: Slots): Word[] {
  const { name, append, value } = node
  const head: Part = { type: 'text', value: `${name}${append ? '+' : ''}=`, quoted: true }
  if (value.type === 'ArrayValue') return [[head]]
  return [[head, ...wordOf(value, slots).map(quotedPart)]]
}

function quotedPart(part: Part): Part {
  if (part.type === 'glob') return { type: 'text', value: part.value, quoted: true }
  return part.type === 'home' ? part : { ...part, quoted: true }
}

/** A redirection: none where the parser found no target. */
export function redirectOf(node: Redirection, slots: Slots): Redirect[] {
  const given = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined
  if (node.type === 'HereDoc') {
    const target: Word = node.body.parts
      ? parts(node.body.parts, slots, true)
      : [textPart(hereText(node.body.text, node.operator))]
    return [{ operator: '<<', fd: given ?? 0, target: node.operator === '<<-' ? target.map(withoutTabs) : target }]
  }
  if (!node.target) return []
  const target = wordOf(node.target, slots)
  if (node.type === 'HereString') return [{ operator: '<<<', fd: given ?? 0, target }]
  return [{ operator: node.operator, fd: given ?? (node.operator.startsWith('<') ? 0 : 1), target }]
}

function hereText(text: string, operator: '<<' | '<<-'): string {
  return operator === '<<-' ? text.replace(/^\t+/gm, '') : text
}

function withoutTabs(part: Part): Part {
  return part.type === 'text' ? { ...part, value: part.value.replace(/^\t+/gm, '') } : part
}

function textPart(value: string): Part {
  return { type: 'text', value, quoted: true }
}
