import { parse } from 'unbash'
import type {
  AndOr,
  ArithmeticExpression,
  Assignment as SyntaxAssignment,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionNode,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirected,
  Redirection,
  Statement,
  TestExpression,
  While,
  Word as SyntaxWord,
  WordPart,
} from 'unbash'
import { deepFrozen } from './frozen.ts'
import type {
  Arithmetic,
  Assignment,
  Code,
  Condition,
  Instruction,
  Part,
  Redirect,
  VariablePart,
  Word,
} from './code.ts'

/** A compiled script, or what is wrong with its text. `isOpen`: more lines might complete it. */
export type Compiled =
  | { readonly code: Code; readonly error?: undefined }
  | { readonly code?: undefined; readonly error: string; readonly isOpen: boolean }

const known = new Map<string, Compiled>()
const knownMax = 2000

/** Parses and compiles a script. Equal texts share one result, so a probe that runs each second is compiled once. */
export function compileScript(source: string): Compiled {
  let compiled = known.get(source)
  if (compiled === undefined) {
    compiled = compile(source)
    if (known.size >= knownMax) known.clear()
    known.set(source, compiled)
  }
  return compiled
}

/** Whether a here-document begins in the text and does not end there. */
export function hasOpenHereDocument(source: string): boolean {
  return holdsOpen(parse(source))
}

function holdsOpen(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if ((node as { type?: unknown }).type === 'HereDoc' && (node as { closing?: unknown }).closing === undefined)
    return true
  return Object.values(node).some(holdsOpen)
}

function compile(source: string): Compiled {
  const script = parse(source)
  const error = script.errors?.[0]
  if (error)
    return {
      error: error.message,
      isOpen: error.pos >= source.trimEnd().length || /untermin|expected '/.test(error.message),
    }
  return Object.freeze({ code: codeOf(script, source) })
}

/** The place of a piece of syntax: what the instructions made from it need to know of their surroundings. */
interface Scope {
  readonly source: string
  readonly checked: boolean
  /** whether the last command of this list is the last of its script */
  readonly isTail: boolean
}

interface Output {
  readonly code: Instruction[]
}

function codeOf(script: { readonly commands: readonly Statement[]; readonly source?: string }, source: string): Code {
  const out: Output = { code: [] }
  list(script.commands, { source: script.source ?? source, checked: false, isTail: true }, out)
  return deepFrozen(out.code)
}

/** One command as a script of its own: a pipeline's stage, a subshell, a function's body. */
function codeOfNode(node: PipelineNode | AndOr | CompoundList, scope: Scope, isTail: boolean): Code {
  const out: Output = { code: [] }
  const inner = { ...scope, isTail }
  if (node.type === 'CompoundList') list(node.commands, inner, out)
  else andOrPipeline(node, inner, out)
  return out.code
}

function list(statements: readonly Statement[], scope: Scope, out: Output): void {
  statements.forEach((one, index) => {
    const inner = { ...scope, isTail: scope.isTail && index === statements.length - 1 }
    if (one.background) {
      const text = scope.source.slice(one.command.pos, one.command.end)
      out.code.push({ op: 'background', code: codeOfNode(one.command, inner, true), text })
    } else andOrPipeline(one.command, inner, out)
  })
}

function andOrPipeline(node: PipelineNode | AndOr, scope: Scope, out: Output): void {
  if (node.type === 'AndOr') andOr(node, scope, out)
  else if (node.type === 'Pipeline') pipeline(node, scope, out)
  else command(node, scope, out)
}

function andOr(node: AndOr, scope: Scope, out: Output): void {
  node.commands.forEach((one, index) => {
    const isLast = index === node.commands.length - 1
    const inner = isLast ? scope : { ...scope, checked: true, isTail: false }
    if (index === 0) return andOrPipeline(one, inner, out)
    const skip = reserve(out)
    andOrPipeline(one, inner, out)
    out.code[skip] = {
      op: 'branch',
      on: node.operators[index - 1] === '&&' ? 'failure' : 'success',
      to: out.code.length,
    }
  })
}

function pipeline(node: Pipeline, scope: Scope, out: Output): void {
  const isNegated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1
  const inner = isNegated ? { ...scope, checked: true, isTail: false } : scope
  if (node.commands.length === 1) command(node.commands[0]!, inner, out)
  else {
    const stages = node.commands.map((one) => codeOfNode(one, inner, true))
    out.code.push({
      op: 'pipeline',
      stages,
      withErrors: node.operators.map((one) => one === '|&'),
      checked: inner.checked,
    })
  }
  if (isNegated) out.code.push({ op: 'negate' })
}

function command(node: CommandNode, scope: Scope, out: Output): void {
  switch (node.type) {
    case 'Command':
      return simple(node, scope, out)
    case 'Redirected':
      return redirected(node, scope, out)
    case 'If':
      return branches(node, scope, out)
    case 'While':
      return loop(node, scope, out)
    case 'For':
      return forLoop(node, scope, out)
    case 'Case':
      return cases(node, scope, out)
    case 'BraceGroup':
      return list(node.body.commands, scope, out)
    case 'Subshell':
      out.code.push({ op: 'subshell', code: codeOfNode(node.body, scope, true), checked: scope.checked })
      return
    case 'Function':
      return defineFunction(node, scope, out)
    case 'TestCommand': {
      const slots = createSlots(scope, out)
      const expression = condition(node.expression, slots)
      out.code.push({ op: 'test', expression, slots: slots.count, checked: scope.checked })
      return
    }
    case 'ArithmeticCommand': {
      const slots = createSlots(scope, out)
      const expression = node.expression ? arithmetic(node.expression, slots) : literalNumber('0')
      out.code.push({ op: 'arithmetic', expression, slots: slots.count, checked: scope.checked })
      return
    }
    case 'ArithmeticFor':
      return arithmeticFor(node, scope, out)
    case 'Select':
    case 'Coproc':
      out.code.push(plainRun([`${node.type.toLowerCase()}`], scope, node.pos))
  }
}

function defineFunction(node: FunctionNode, scope: Scope, out: Output): void {
  const body = node.body.type === 'CompoundList' ? node.body : node.body
  out.code.push({ op: 'function', name: node.name.value, code: codeOfNode(body, { ...scope, checked: false }, false) })
}

function branches(node: If, scope: Scope, out: Output): void {
  const inner = { ...scope, isTail: false }
  const ends: number[] = []
  const arms = [{ clause: node.clause, then: node.then }, ...node.elif]
  for (const arm of arms) {
    list(arm.clause.commands, { ...inner, checked: true }, out)
    const skip = reserve(out)
    list(arm.then.commands, inner, out)
    ends.push(reserve(out))
    out.code[skip] = { op: 'branch', on: 'failure', to: out.code.length }
  }
  if (node.else) list(node.else.commands, inner, out)
  else out.code.push({ op: 'status', value: 0 })
  for (const end of ends) out.code[end] = { op: 'jump', to: out.code.length }
}

function loop(node: While, scope: Scope, out: Output): void {
  const inner = { ...scope, isTail: false }
  const enter = reserve(out)
  const top = out.code.length
  list(node.clause.commands, { ...inner, checked: true }, out)
  const leave = reserve(out)
  list(node.body.commands, inner, out)
  out.code.push({ op: 'jump', to: top })
  out.code[leave] = { op: 'branch', on: node.kind === 'while' ? 'failure' : 'success', to: out.code.length }
  out.code.push({ op: 'status', value: 0 })
  out.code[enter] = { op: 'loop', continueTo: top, breakTo: out.code.length }
  out.code.push({ op: 'endLoop' })
}

function forLoop(node: For, scope: Scope, out: Output): void {
  const inner = { ...scope, isTail: false }
  const enter = reserve(out)
  const slots = createSlots(scope, out)
  const words = node.wordlist?.flatMap((one) => wordsOf(one, slots))
  out.code.push({ op: 'for', name: node.name.value, words, slots: slots.count })
  const top = reserve(out)
  list(node.body.commands, inner, out)
  out.code.push({ op: 'jump', to: top })
  out.code[top] = { op: 'next', to: out.code.length }
  out.code[enter] = { op: 'loop', continueTo: top, breakTo: out.code.length }
  out.code.push({ op: 'endLoop' })
}

function arithmeticFor(node: Extract<CommandNode, { type: 'ArithmeticFor' }>, scope: Scope, out: Output): void {
  const inner = { ...scope, isTail: false }
  const step = (expression: ArithmeticExpression | undefined, isTest: boolean): void => {
    const slots = createSlots(scope, out)
    const value = expression ? arithmetic(expression, slots) : literalNumber(isTest ? '1' : '0')
    out.code.push({ op: 'arithmetic', expression: value, slots: slots.count, checked: true })
  }
  step(node.initialize, false)
  const enter = reserve(out)
  const test = out.code.length
  step(node.test, true)
  const leave = reserve(out)
  list(node.body.commands, inner, out)
  const update = out.code.length
  step(node.update, false)
  out.code.push({ op: 'jump', to: test })
  out.code[leave] = { op: 'branch', on: 'failure', to: out.code.length }
  out.code.push({ op: 'status', value: 0 })
  out.code[enter] = { op: 'loop', continueTo: update, breakTo: out.code.length }
  out.code.push({ op: 'endLoop' })
}

function cases(node: Case, scope: Scope, out: Output): void {
  const inner = { ...scope, isTail: false }
  const slots = createSlots(scope, out)
  const word = wordOf(node.word, slots)
  const patterns = node.items.map((item) => item.pattern.map((one) => wordOf(one, slots)))
  const start = reserve(out)
  const ends: number[] = []
  const items = node.items.map((item, index) => {
    const to = out.code.length
    out.code.push({ op: 'status', value: 0 })
    list(item.body.commands, inner, out)
    if (item.terminator !== ';&') ends.push(reserve(out))
    return { patterns: patterns[index]!, to }
  })
  const end = out.code.length
  for (const one of ends) out.code[one] = { op: 'jump', to: end }
  out.code[start] = { op: 'case', word, slots: slots.count, items, to: end }
}

function redirected(node: Redirected, scope: Scope, out: Output): void {
  const slots = createSlots(scope, out)
  const redirects = node.redirects.flatMap((one) => redirectOf(one, slots))
  const start = reserve(out)
  command(node.command, { ...scope, isTail: false }, out)
  out.code.push({ op: 'restore' })
  out.code[start] = { op: 'redirect', redirects, slots: slots.count, to: out.code.length }
}

function simple(node: Command, scope: Scope, out: Output): void {
  const slots = createSlots(scope, out)
  const assignments: Assignment[] = []
  const redirects: Redirect[] = []
  const words: Word[] = node.name ? wordsOf(node.name, slots) : []
  for (const one of node.prefix) {
    if (one.type === 'Assignment') assignments.push(assignmentOf(one, slots))
    else redirects.push(...redirectOf(one, slots))
  }
  for (const one of node.suffix) {
    if (one.type === 'Word') words.push(...wordsOf(one, slots))
    else if (one.type === 'Assignment') words.push(...assignmentWords(one, slots))
    else redirects.push(...redirectOf(one, slots))
  }
  const line = lineAt(scope.source, node.pos)
  const { checked, isTail } = scope
  out.code.push({ op: 'run', words, assignments, redirects, slots: slots.count, checked, isLast: isTail, line })
}

function plainRun(texts: readonly string[], scope: Scope, pos: number): Instruction {
  const words = texts.map((value): Word => [{ type: 'text', value, quoted: true }])
  const line = lineAt(scope.source, pos)
  return { op: 'run', words, assignments: [], redirects: [], slots: 0, checked: scope.checked, isLast: false, line }
}

function lineAt(source: string, pos: number): number {
  let line = 1
  for (let at = source.indexOf('\n'); at >= 0 && at < pos; at = source.indexOf('\n', at + 1)) line++
  return line
}

function reserve(out: Output): number {
  return out.code.push({ op: 'status', value: 0 }) - 1
}

/** Command substitutions of one command: each becomes an instruction that runs before it. */
interface Slots {
  readonly add: (script: ParsedScript | undefined) => number
  readonly count: number
}

// differs: a substitution inside ${x:-$(…)} runs even where x is set; only its side effects could tell.
function createSlots(scope: Scope, out: Output): Slots {
  const slots = {
    count: 0,
    add(script: ParsedScript | undefined) {
      out.code.push({ op: 'substitute', code: script ? codeOf(script, scope.source) : [] })
      return slots.count++
    },
  }
  return slots
}

function assignmentOf(node: SyntaxAssignment, slots: Slots): Assignment {
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
function assignmentWords(node: SyntaxAssignment, slots: Slots): Word[] {
  const { name, append, value } = node
  const head: Part = { type: 'text', value: `${name}${append ? '+' : ''}=`, quoted: true }
  if (value.type === 'ArrayValue') return [[head]]
  return [[head, ...wordOf(value, slots).map(quotedPart)]]
}

function quotedPart(part: Part): Part {
  if (part.type === 'glob') return { type: 'text', value: part.value, quoted: true }
  return part.type === 'home' ? part : { ...part, quoted: true }
}

function redirectOf(node: Redirection, slots: Slots): Redirect[] {
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

/** A word, or several where braces multiply it. */
function wordsOf(node: SyntaxWord, slots: Slots): Word[] {
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

function wordOf(node: SyntaxWord, slots: Slots): Word {
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

function arithmetic(node: ArithmeticExpression, slots: Slots): Arithmetic {
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

function literalNumber(value: string): Arithmetic {
  return { type: 'word', word: [textPart(value)] }
}

function condition(node: TestExpression, slots: Slots): Condition {
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
