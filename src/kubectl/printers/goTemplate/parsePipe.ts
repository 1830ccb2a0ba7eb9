import type { Bytes } from './bytes.ts'
import type { CommandNode, Operand, PipeNode, VariableNode } from './nodes.ts'
import { parseNumber } from './numbers.ts'
import { quote } from './quote.ts'
import {
  backUp,
  backUpThree,
  backUpTwo,
  complain,
  nest,
  next,
  nextNonSpace,
  peek,
  peekNonSpace,
  unexpected,
  unquoted,
  type Reader,
} from './reader.ts'
import type { Token, TokenType } from './tokens.ts'

// upstream: Go's text/template/parse/parse.go

const starts: ReadonlySet<TokenType> = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
])

/** Reads a pipeline and the token that ends it. */
export function parsePipe(reader: Reader, context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
  const { pos } = peekNonSpace(reader)
  const { declared, isAssign } = declarations(reader, context)
  const commands: CommandNode[] = []
  for (;;) {
    const token = nextNonSpace(reader)
    if (token.type === end) break
    if (!starts.has(token.type)) throw unexpected(reader, token, context)
    backUp(reader)
    commands.push(command(reader))
  }
  checkCommands(reader, commands, context)
  return { type: 'pipe', pos, declared, isAssign, commands }
}

const fixed: ReadonlySet<Operand['type']> = new Set(['bool', 'dot', 'nil', 'number', 'string'])

// What is handed on has to be handed to something that can take it.
function checkCommands(reader: Reader, commands: readonly CommandNode[], context: string): void {
  if (commands.length === 0) throw complain(reader, `missing value for ${context}`)
  const wrong = commands.findIndex(({ args }, index) => index > 0 && fixed.has(args[0]!.type))
  if (wrong > 0) throw complain(reader, `non executable command in pipeline stage ${wrong + 1}`)
}

function declarations(reader: Reader, context: string): Pick<PipeNode, 'declared' | 'isAssign'> {
  const declared: VariableNode[] = []
  for (;;) {
    const variable = peekNonSpace(reader)
    if (variable.type !== 'variable') return { declared, isAssign: false }
    next(reader)
    const after = peek(reader)
    const { type, text } = peekNonSpace(reader)
    if (type === 'assign' || type === 'declare') {
      nextNonSpace(reader)
      declare(reader, declared, variable)
      return { declared, isAssign: type === 'assign' }
    }
    if (type !== 'char' || text !== ',') {
      if (after.type === 'space') backUpThree(reader, variable, after)
      else backUpTwo(reader, variable)
      return { declared, isAssign: false }
    }
    nextNonSpace(reader)
    declare(reader, declared, variable)
    if (context !== 'range' || declared.length > 1) throw complain(reader, `too many declarations in ${context}`)
    if (!['variable', 'rightDelim', 'rightParen'].includes(peekNonSpace(reader).type))
      throw complain(reader, 'range can only initialize variables')
  }
}

function declare(reader: Reader, declared: VariableNode[], { pos, text }: Token): void {
  declared.push({ type: 'variable', pos, idents: text.split('.') })
  reader.variables.push(text)
}

function command(reader: Reader): CommandNode {
  const { pos } = peekNonSpace(reader)
  const args: Operand[] = []
  for (;;) {
    peekNonSpace(reader)
    const read = operand(reader)
    if (read !== undefined) args.push(read)
    const token = next(reader)
    if (token.type === 'space') continue
    if (token.type === 'rightDelim' || token.type === 'rightParen') backUp(reader)
    else if (token.type !== 'pipe') throw unexpected(reader, token, 'operand')
    break
  }
  if (args.length === 0) throw complain(reader, 'empty command')
  return { type: 'command', pos, args }
}

/** A term and the fields after it; undefined where no term begins. */
function operand(reader: Reader): Operand | undefined {
  const node = term(reader)
  const { pos, type } = node === undefined ? { pos: 0, type: undefined } : peek(reader)
  if (node === undefined || type !== 'field') return node
  const fields: Bytes[] = []
  while (peek(reader).type === 'field') fields.push(next(reader).text.slice(1))
  if (node.type === 'field' || node.type === 'variable') return { ...node, pos, idents: [...node.idents, ...fields] }
  if (fixed.has(node.type)) throw complain(reader, `unexpected . after term ${quote(literal(node))}`)
  return { type: 'chain', pos, node, fields }
}

function literal(node: Operand): Bytes {
  if (node.type === 'string') return node.quoted
  if (node.type === 'number') return node.text
  return node.type === 'bool' ? String(node.value) : node.type === 'dot' ? '.' : 'nil'
}

function term(reader: Reader): Operand | undefined {
  const token = nextNonSpace(reader)
  const { pos, text } = token
  switch (token.type) {
    case 'identifier':
      if (!reader.shared.functions.has(text)) throw complain(reader, `function ${quote(text)} not defined`)
      return { type: 'identifier', pos, ident: text }
    case 'dot':
    case 'nil':
      return { type: token.type, pos }
    case 'variable':
      if (!reader.variables.includes(text)) throw complain(reader, `undefined variable ${quote(text)}`)
      return { type: 'variable', pos, idents: [text] }
    case 'field':
      return { type: 'field', pos, idents: [text.slice(1)] }
    case 'bool':
      return { type: 'bool', pos, value: text === 'true' }
    case 'charConstant':
    case 'complex':
    case 'number':
      return numberOf(reader, token, token.type)
    case 'leftParen':
      return nest(reader, () => parsePipe(reader, 'parenthesized pipeline', 'rightParen'))
    case 'string':
    case 'rawString':
      return { type: 'string', pos, quoted: text, value: unquoted(reader, token) }
  }
  backUp(reader)
  return undefined
}

function numberOf(reader: Reader, { pos, text }: Token, type: 'number' | 'complex' | 'charConstant'): Operand {
  const forms = parseNumber(text, type)
  if (typeof forms === 'string') throw complain(reader, forms)
  return { type: 'number', pos, ...forms }
}
