import type { Bytes } from './bytes.ts'
import { TemplateError } from './failure.ts'
import { nextToken, type Lexer } from './lex.ts'
import type { TemplateNode } from './nodes.ts'
import { unquote } from './quote.ts'
import { tokenText, type Token, type TokenType } from './tokens.ts'

/** What the readers of one text share. */
interface Shared {
  /** of the text, in complaints */
  readonly name: Bytes
  readonly functions: ReadonlySet<Bytes>
  readonly templates: Map<Bytes, readonly TemplateNode[]>
  /** how many parentheses and blocks are open */
  depth: number
}

/** Reads the tokens of one template, with up to three that were put back. */
export interface Reader {
  readonly lexer: Lexer
  readonly shared: Shared
  readonly held: [Token, Token, Token]
  heldCount: number
  /** the variables that are known, in order */
  readonly variables: Bytes[]
  /** the line of the action that is being read, 0 outside */
  actionLine: number
  rangeDepth: number
}

const nothing: Token = { type: 'EOF', pos: 0, text: '', line: 0 }

/** A reader of one template, to whom only `$` is known. */
export function createReader(lexer: Lexer, shared: Shared): Reader {
  const held: Reader['held'] = [nothing, nothing, nothing]
  return { lexer, shared, held, heldCount: 0, variables: ['$'], actionLine: 0, rangeDepth: 0 }
}

/** Takes the next token. */
export function next(reader: Reader): Token {
  if (reader.heldCount > 0) reader.heldCount--
  else reader.held[0] = nextToken(reader.lexer)
  return reader.held[reader.heldCount]!
}

/** The next token, which stays. */
export function peek(reader: Reader): Token {
  const token = next(reader)
  reader.heldCount++
  return token
}

/** Takes the next token that is no space. */
export function nextNonSpace(reader: Reader): Token {
  for (;;) {
    const token = next(reader)
    if (token.type !== 'space') return token
  }
}

/** The next token that is no space; it stays, the space does not. */
export function peekNonSpace(reader: Reader): Token {
  const token = nextNonSpace(reader)
  backUp(reader)
  return token
}

/** Puts the token that was taken last back. */
export function backUp(reader: Reader): void {
  reader.heldCount++
}

/** Puts the last token back, and the one before it. */
export function backUpTwo(reader: Reader, first: Token): void {
  reader.held[1] = first
  reader.heldCount = 2
}

/** Puts the last token back, and the two before it. */
export function backUpThree(reader: Reader, first: Token, second: Token): void {
  reader.held[1] = second
  reader.held[2] = first
  reader.heldCount = 3
}

/** A complaint about the line that is being read. */
export function complain(reader: Reader, message: Bytes): TemplateError {
  return new TemplateError(`template: ${reader.shared.name}:${reader.held[0].line}: ${message}`)
}

/** Takes the next token, which has to be of a type. */
export function expect(reader: Reader, type: TokenType, context: string): Token {
  const token = nextNonSpace(reader)
  if (token.type !== type) throw unexpected(reader, token, context)
  return token
}

/** A complaint about a token that does not belong where it is. */
export function unexpected(reader: Reader, token: Token, context: string): TemplateError {
  if (token.type !== 'error') return complain(reader, `unexpected ${tokenText(token)} in ${context}`)
  const { actionLine, shared } = reader
  if (actionLine === 0 || actionLine === token.line) return complain(reader, token.text)
  const start = token.text.endsWith(' action') ? 'started' : 'in action started'
  return complain(reader, `${token.text} ${start} at ${shared.name}:${actionLine}`)
}

/** What a string's token says. */
export function unquoted(reader: Reader, { text }: Token): Bytes {
  const value = unquote(text)
  if (value === undefined) throw complain(reader, 'invalid syntax')
  return value
}

// upstream: Go reads 10000 parentheses in each other, 1000 where the stack is small.
// differs: here blocks count, too, and both together may be no deeper than the stack of any browser allows
const depthMax = 200

/** Reads what lies inside something else. */
export function nest<T>(reader: Reader, read: () => T): T {
  const { shared } = reader
  if (shared.depth >= depthMax) throw complain(reader, 'max expression depth exceeded')
  shared.depth++
  const result = read()
  shared.depth--
  return result
}
