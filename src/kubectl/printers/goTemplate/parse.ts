import type { Bytes } from './bytes.ts'
import { createLexer } from './lex.ts'
import type { BranchNode, CallNode, TemplateNode } from './nodes.ts'
import { parsePipe } from './parsePipe.ts'
import { quote } from './quote.ts'
import {
  backUp,
  backUpTwo,
  complain,
  createReader,
  expect,
  nest,
  next,
  nextNonSpace,
  peek,
  peekNonSpace,
  unexpected,
  unquoted,
  type Reader,
} from './reader.ts'

// upstream: Go's text/template/parse/parse.go

/** Templates by name. */
export type Templates = ReadonlyMap<Bytes, readonly TemplateNode[]>

/** Takes a template apart; what it defines is beside it. Throws a TemplateError that says where it makes no sense. */
export function parseTemplate(text: Bytes, name: Bytes, functions: ReadonlySet<Bytes>): Templates {
  const templates = new Map<Bytes, readonly TemplateNode[]>()
  const reader = createReader(createLexer(text), { name, functions, templates, depth: 0 })
  const root: TemplateNode[] = []
  while (peek(reader).type !== 'EOF') {
    if (peek(reader).type === 'leftDelim') {
      const delim = next(reader)
      if (nextNonSpace(reader).type === 'define') {
        parseDefinition(createReader(reader.lexer, reader.shared))
        continue
      }
      backUpTwo(reader, delim)
    }
    const node = textOrAction(reader)
    if (isEnding(node)) throw complain(reader, `unexpected {{${node.type}}}`)
    root.push(node)
  }
  add(reader, name, root)
  return templates
}

/** The end of a list; it is not kept. */
interface Ending {
  readonly type: 'end' | 'else'
}

const isEnding = (node: TemplateNode | Ending): node is Ending => node.type === 'end' || node.type === 'else'

function parseDefinition(reader: Reader): void {
  const token = nextNonSpace(reader)
  if (token.type !== 'string' && token.type !== 'rawString') throw unexpected(reader, token, 'define clause')
  const name = unquoted(reader, token)
  expect(reader, 'rightDelim', 'define clause')
  add(reader, name, wholeList(reader, reader, 'define clause'))
}

/** A list that has to close with an end; `outer` is whose place a complaint tells. */
function wholeList(reader: Reader, outer: Reader, context: string): readonly TemplateNode[] {
  const { nodes, ending } = itemList(reader)
  if (ending.type !== 'end') throw complain(outer, `unexpected {{${ending.type}}} in ${context}`)
  return nodes
}

function add(reader: Reader, name: Bytes, nodes: readonly TemplateNode[]): void {
  const { templates } = reader.shared
  const known = templates.get(name)
  if (known === undefined || isEmpty(known)) templates.set(name, nodes)
  else if (!isEmpty(nodes)) throw complain(reader, `template: multiple definition of template ${quote(name)}`)
}

const isEmpty = (nodes: readonly TemplateNode[]): boolean =>
  nodes.every((node) => node.type === 'text' && node.text.trim() === '')

function itemList(reader: Reader): { readonly nodes: readonly TemplateNode[]; readonly ending: Ending } {
  const nodes: TemplateNode[] = []
  while (peekNonSpace(reader).type !== 'EOF') {
    const node = textOrAction(reader)
    if (isEnding(node)) return { nodes, ending: node }
    nodes.push(node)
  }
  throw complain(reader, 'unexpected EOF')
}

function textOrAction(reader: Reader): TemplateNode | Ending {
  const token = nextNonSpace(reader)
  if (token.type === 'text') return { type: 'text', pos: token.pos, text: token.text }
  if (token.type !== 'leftDelim') throw unexpected(reader, token, 'input')
  reader.actionLine = token.line
  const node = action(reader)
  reader.actionLine = 0
  return node
}

function action(reader: Reader): TemplateNode | Ending {
  const token = nextNonSpace(reader)
  switch (token.type) {
    case 'block':
      return blockControl(reader)
    case 'break':
    case 'continue':
      return jump(reader, token.type, token.pos)
    case 'else':
      return elseControl(reader)
    case 'end':
      expect(reader, 'rightDelim', 'end')
      return { type: 'end' }
    case 'if':
    case 'range':
    case 'with':
      return branch(reader, token.type)
    case 'template':
      return templateControl(reader)
  }
  backUp(reader)
  const { pos } = peek(reader)
  return { type: 'action', pos, pipe: parsePipe(reader, 'command', 'rightDelim') }
}

function jump(reader: Reader, type: 'break' | 'continue', pos: number): TemplateNode {
  const token = nextNonSpace(reader)
  if (token.type !== 'rightDelim') throw unexpected(reader, token, `{{${type}}}`)
  if (reader.rangeDepth === 0) throw complain(reader, `{{${type}}} outside {{range}}`)
  return { type, pos }
}

// What follows an else at once, an if or a with, is left for the branch it belongs to.
function elseControl(reader: Reader): Ending {
  const { type } = peekNonSpace(reader)
  if (type !== 'if' && type !== 'with') expect(reader, 'rightDelim', 'else')
  return { type: 'else' }
}

function branch(reader: Reader, type: BranchNode['type']): BranchNode {
  return nest(reader, () => {
    const known = reader.variables.length
    const pipe = parsePipe(reader, type, 'rightDelim')
    if (type === 'range') reader.rangeDepth++
    const { nodes: body, ending } = itemList(reader)
    if (type === 'range') reader.rangeDepth--
    const otherwise = ending.type === 'end' ? undefined : elseList(reader, type)
    reader.variables.length = known
    return { type, pos: pipe.pos, pipe, body, otherwise }
  })
}

function elseList(reader: Reader, type: BranchNode['type']): readonly TemplateNode[] {
  if (type !== 'range' && peek(reader).type === type) {
    next(reader)
    return [branch(reader, type)]
  }
  const { nodes, ending } = itemList(reader)
  if (ending.type !== 'end') throw complain(reader, `expected end; found {{${ending.type}}}`)
  return nodes
}

function blockControl(reader: Reader): CallNode {
  const token = nextNonSpace(reader)
  const name = templateName(reader, token, 'block clause')
  const pipe = parsePipe(reader, 'block clause', 'rightDelim')
  const block = createReader(reader.lexer, reader.shared)
  add(
    block,
    name,
    nest(reader, () => wholeList(block, reader, 'block clause')),
  )
  return { type: 'template', pos: token.pos, name, pipe }
}

function templateControl(reader: Reader): CallNode {
  const token = nextNonSpace(reader)
  const name = templateName(reader, token, 'template clause')
  if (nextNonSpace(reader).type === 'rightDelim') return { type: 'template', pos: token.pos, name, pipe: undefined }
  backUp(reader)
  return { type: 'template', pos: token.pos, name, pipe: parsePipe(reader, 'template clause', 'rightDelim') }
}

function templateName(reader: Reader, token: ReturnType<typeof next>, context: string): Bytes {
  if (token.type !== 'string' && token.type !== 'rawString') throw unexpected(reader, token, context)
  return unquoted(reader, token)
}
