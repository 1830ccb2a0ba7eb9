import type {
  AndOr,
  ArithmeticExpression,
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
  Statement,
  While,
} from 'unbash'
import type { Assignment, Code, Instruction, Redirect, Word } from './code.ts'
import {
  arithmetic,
  assignmentOf,
  assignmentWords,
  condition,
  literalNumber,
  redirectOf,
  wordOf,
  wordsOf,
  type Slots,
} from './compileWords.ts'
import { deepFrozen } from './frozen.ts'

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

/** The frozen instructions of a script, or of one inside another: a command substitution. */
export function compileStatements(
  script: { readonly commands: readonly Statement[]; readonly source?: string },
  source: string,
): Code {
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

// differs: a substitution inside ${x:-$(…)} runs even where x is set; only its side effects could tell.
function createSlots(scope: Scope, out: Output): Slots {
  const slots = {
    count: 0,
    add(script: ParsedScript | undefined) {
      out.code.push({ op: 'substitute', code: script ? compileStatements(script, scope.source) : [] })
      return slots.count++
    },
  }
  return slots
}
