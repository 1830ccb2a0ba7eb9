import { decodeRune, type Bytes } from './bytes.ts'
import { quote } from './quote.ts'

/** What a piece of a template is. */
export type TokenType =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'EOF'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot'
  | 'nil'
  | Keyword

/** Words with a meaning of their own; `.` and `nil` are such words, too. */
export const keywords = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
] as const

/** A word with a meaning of its own. */
export type Keyword = (typeof keywords)[number]

/** A piece of a template; an error's text is its complaint. */
export interface Token {
  readonly type: TokenType
  /** in bytes, from 0 */
  readonly pos: number
  readonly text: Bytes
  /** from 1 */
  readonly line: number
}

const worded: ReadonlySet<TokenType> = new Set([...keywords, 'dot', 'nil'])

/** A token as a complaint names it. */
export function tokenText({ type, text }: Token): Bytes {
  if (type === 'EOF') return 'EOF'
  if (type === 'error') return text
  if (worded.has(type)) return `<${text}>`
  return text.length > 10 ? `${quote(firstRunes(text, 10))}...` : quote(text)
}

/** The first characters of a string. */
export function firstRunes(bytes: Bytes, count: number): Bytes {
  let at = 0
  for (let left = count; left > 0 && at < bytes.length; left--) at += decodeRune(bytes, at).width
  return bytes.slice(0, at)
}
