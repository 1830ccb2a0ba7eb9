import { CommandError } from '../errors.ts'

/** A value in a template. */
export type Expression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'field'; readonly fields: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipe'; readonly pipe: Pipe; readonly fields: readonly string[] }

/** Commands whose results are handed on by `|`. */
export type Pipe = readonly (readonly Expression[])[]

/** A piece of a template. */
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipe: Pipe }
  | { readonly type: 'assign'; readonly names: readonly string[]; readonly pipe: Pipe }
  | BlockNode

/** A piece that decides what becomes of the pieces inside it. */
export interface BlockNode {
  readonly type: 'range' | 'if' | 'with'
  readonly names: readonly string[]
  readonly pipe: Pipe
  readonly body: readonly TemplateNode[]
  readonly otherwise: readonly TemplateNode[]
}

const complain = (message: string): CommandError => new CommandError(`parsing: ${message}`)

interface Open {
  readonly type: 'range' | 'if' | 'with'
  readonly names: readonly string[]
  readonly pipe: Pipe
  readonly body: TemplateNode[]
  readonly otherwise: TemplateNode[]
  isElse: boolean
  /** an `else if` closes with the `if` around it */
  readonly isChained: boolean
}

/** Takes a template apart; a broken one throws a complaint that begins with `parsing: `. */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const root: TemplateNode[] = []
  const open: Open[] = []
  const add = (node: TemplateNode): void => {
    const block = open.at(-1)
    ;(block === undefined ? root : block.isElse ? block.otherwise : block.body).push(node)
  }
  const close = (): void => {
    const block = open.pop()
    if (block === undefined) throw complain('unexpected {{end}}')
    const { type, names, pipe, body, otherwise, isChained } = block
    add({ type, names, pipe, body, otherwise })
    if (isChained) close()
  }
  for (const piece of piecesOf(template)) {
    if (piece.isText) {
      if (piece.text !== '') add({ type: 'text', text: piece.text })
      continue
    }
    const [, word, rest = ''] = /^(range|if|with|else|end)\b\s*(.*)$/s.exec(piece.text) ?? []
    if (word === 'end') close()
    else if (word === 'else') {
      const block = open.at(-1)
      if (block === undefined) throw complain('unexpected {{else}}')
      block.isElse = true
      const chained = /^if\s+(.*)$/s.exec(rest)
      if (chained)
        open.push({ type: 'if', ...parsePipe(chained[1]!), body: [], otherwise: [], isElse: false, isChained: true })
    } else if (word !== undefined) {
      open.push({
        type: word as Open['type'],
        ...parsePipe(rest),
        body: [],
        otherwise: [],
        isElse: false,
        isChained: false,
      })
    } else if (!piece.text.startsWith('/*')) {
      const { names, pipe } = parsePipe(piece.text)
      add(names.length > 0 ? { type: 'assign', names, pipe } : { type: 'print', pipe })
    }
  }
  if (open.length > 0) throw complain('unexpected EOF')
  return root
}

interface Piece {
  readonly isText: boolean
  readonly text: string
}

function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let isTrimming = false
  const addText = (text: string): void => void pieces.push({ isText: true, text: isTrimming ? text.trimStart() : text })
  for (;;) {
    const start = template.indexOf('{{', at)
    if (start < 0) break
    const inner = /^\{\{(- )?((?:"(?:\\.|[^"\\])*"|`[^`]*`|(?!\}\})[^"`])*?)\s*( -)?\}\}/s.exec(template.slice(start))
    if (inner === null) throw complain('unclosed action')
    const text = template.slice(at, start)
    addText(inner[1] === undefined ? text : text.trimEnd())
    pieces.push({ isText: false, text: inner[2]!.trim() })
    isTrimming = inner[3] !== undefined
    at = start + inner[0].length
  }
  addText(template.slice(at))
  return pieces
}

function parsePipe(text: string): { readonly names: readonly string[]; readonly pipe: Pipe } {
  const declared = /^((?:\$\w+)(?:\s*,\s*\$\w+)?)\s*:?=\s*(.*)$/s.exec(text)
  const names = declared === null ? [] : declared[1]!.split(',').map((name) => name.trim())
  const tokens = tokensOf(declared === null ? text : declared[2]!)
  const [pipe, end] = readPipe(tokens, 0)
  if (end < tokens.length) throw complain(`unexpected ${JSON.stringify(tokens[end])} in command`)
  return { names, pipe }
}

function tokensOf(text: string): readonly string[] {
  const shape = /\s*("(?:\\.|[^"\\])*"|`[^`]*`|[()|]|\$?[\w]*(?:\.[\w]+)+|\$\w*|\.|[-+]?\d+(?:\.\d+)?|\w+)/y
  const tokens: string[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    shape.lastIndex = at
    const match = shape.exec(text)
    if (match === null) throw complain(`unexpected ${JSON.stringify(text.slice(at).trim()[0])} in operand`)
    tokens.push(match[1]!)
    at = shape.lastIndex
  }
  return tokens
}

function readPipe(tokens: readonly string[], from: number): readonly [pipe: Pipe, end: number] {
  const pipe: Expression[][] = [[]]
  let at = from
  for (; at < tokens.length && tokens[at] !== ')'; at++) {
    const token = tokens[at]!
    if (token === '|') pipe.push([])
    else if (token === '(') {
      const [inner, end] = readPipe(tokens, at + 1)
      if (tokens[end] !== ')') throw complain('unclosed left paren')
      at = end
      const fields = tokens[at + 1]?.startsWith('.') && tokens[at + 1] !== '.' ? tokens[++at]!.slice(1).split('.') : []
      pipe.at(-1)!.push({ type: 'pipe', pipe: inner, fields })
    } else pipe.at(-1)!.push(readOperand(token))
  }
  return [pipe, at]
}

function readOperand(token: string): Expression {
  if (token.startsWith('"')) return { type: 'literal', value: JSON.parse(token) as string }
  if (token.startsWith('`')) return { type: 'literal', value: token.slice(1, -1) }
  if (token === '.') return { type: 'field', fields: [] }
  if (token.startsWith('.')) return { type: 'field', fields: token.slice(1).split('.') }
  if (token.startsWith('$')) {
    const [name = '$', ...fields] = token.split('.')
    return { type: 'variable', name, fields }
  }
  if (/^[-+\d]/.test(token)) return { type: 'literal', value: Number(token) }
  if (token === 'true' || token === 'false') return { type: 'literal', value: token === 'true' }
  return token === 'nil' ? { type: 'literal', value: null } : { type: 'function', name: token }
}
