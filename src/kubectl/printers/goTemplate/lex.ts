import { decodeRune, encodeRune, type Bytes } from './bytes.ts'
import { isPrintable, quote } from './quote.ts'
import { keywords, type Token, type TokenType } from './tokens.ts'

// upstream: Go's text/template/parse/lex.go

/** Where a reader of a template stands. */
export interface Lexer {
  input: Bytes
  pos: number
  /** where the piece that is being read begins */
  start: number
  line: number
  startLine: number
  isInAction: boolean
  parens: number
}

/** A reader at the begin of a template. */
export function createLexer(input: Bytes): Lexer {
  return { input, pos: 0, start: 0, line: 1, startLine: 1, isInAction: false, parens: 0 }
}

/** The next piece; after an error, as after the end, there is only the end. */
export function nextToken(lexer: Lexer): Token {
  return lexer.isInAction ? insideAction(lexer) : textOrDelim(lexer)
}

function emit(lexer: Lexer, type: TokenType): Token {
  const { start, startLine, pos } = lexer
  const text = lexer.input.slice(start, pos)
  skip(lexer)
  return { type, pos: start, text, line: startLine }
}

/** Leaves behind what was read, and counts its lines. */
function skip(lexer: Lexer): void {
  for (let at = lexer.start; at < lexer.pos; at++) if (lexer.input.charCodeAt(at) === 10) lexer.line++
  lexer.start = lexer.pos
  lexer.startLine = lexer.line
}

function fail(lexer: Lexer, message: string): Token {
  const token: Token = { type: 'error', pos: lexer.start, text: message, line: lexer.startLine }
  lexer.input = ''
  lexer.pos = 0
  lexer.start = 0
  return token
}

const leftDelim = '{{'
const rightDelim = '}}'
const isSpace = (character: string | undefined): boolean => character !== undefined && ' \t\r\n'.includes(character)

function textOrDelim(lexer: Lexer): Token {
  for (;;) {
    const { input, pos } = lexer
    const found = input.indexOf(leftDelim, pos)
    const end = found < 0 ? input.length : found
    if (end > pos) {
      const isTrimmed = found >= 0 && hasLeftTrim(input, found + 2)
      lexer.pos = isTrimmed ? trimmedEnd(input, lexer.start, end) : end
      const token = emit(lexer, 'text')
      lexer.pos = end
      skip(lexer)
      if (token.text !== '') return token
    }
    if (found < 0) return emit(lexer, 'EOF')
    const token = leftDelimOrComment(lexer)
    if (token !== undefined) return token
  }
}

const hasLeftTrim = (input: Bytes, at: number): boolean => input[at] === '-' && isSpace(input[at + 1])

function trimmedEnd(input: Bytes, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(input[at - 1])) at--
  return at
}

function leftDelimOrComment(lexer: Lexer): Token | undefined {
  const { input } = lexer
  const inside = lexer.pos + 2
  const afterMark = hasLeftTrim(input, inside) ? inside + 2 : inside
  if (input.startsWith('/*', afterMark)) return comment(lexer, afterMark)
  lexer.pos = inside
  const token = emit(lexer, 'leftDelim')
  lexer.isInAction = true
  lexer.parens = 0
  lexer.pos = afterMark
  skip(lexer)
  return token
}

/** Passes over a comment; undefined where nothing is wrong with it. */
function comment(lexer: Lexer, from: number): Token | undefined {
  lexer.pos = from
  skip(lexer)
  const end = lexer.input.indexOf('*/', from + 2)
  if (end < 0) return fail(lexer, 'unclosed comment')
  lexer.pos = end + 2
  const delim = rightDelimAt(lexer)
  if (delim === undefined) return fail(lexer, 'comment ends before closing delimiter')
  passDelim(lexer, delim)
  skip(lexer)
  return undefined
}

type Delim = 'plain' | 'trimming'

function rightDelimAt({ input, pos }: Lexer): Delim | undefined {
  if (isSpace(input[pos]) && input[pos + 1] === '-' && input.startsWith(rightDelim, pos + 2)) return 'trimming'
  return input.startsWith(rightDelim, pos) ? 'plain' : undefined
}

function passDelim(lexer: Lexer, delim: Delim): void {
  lexer.pos += delim === 'trimming' ? 4 : 2
  if (delim === 'trimming') while (isSpace(lexer.input[lexer.pos])) lexer.pos++
}

function endOfAction(lexer: Lexer, delim: Delim): Token {
  if (delim === 'trimming') {
    lexer.pos += 2
    skip(lexer)
  }
  lexer.pos += 2
  const token = emit(lexer, 'rightDelim')
  if (delim === 'trimming') while (isSpace(lexer.input[lexer.pos])) lexer.pos++
  skip(lexer)
  lexer.isInAction = false
  return token
}

const marks: Readonly<Record<string, TokenType>> = { '=': 'assign', '|': 'pipe' }

function insideAction(lexer: Lexer): Token {
  const delim = rightDelimAt(lexer)
  if (delim !== undefined) return lexer.parens === 0 ? endOfAction(lexer, delim) : fail(lexer, 'unclosed left paren')
  const { input, pos } = lexer
  if (pos >= input.length) return fail(lexer, 'unclosed action')
  const { code, width } = decodeRune(input, pos)
  const character = String.fromCodePoint(code)
  if (isSpace(character)) return space(lexer)
  if (/[+\-0-9]/.test(character) || /^\.[0-9]/.test(input.slice(pos, pos + 2))) return number(lexer)
  if (isAlphaNumeric(code)) return identifier(lexer)
  lexer.pos += width
  if (marks[character] !== undefined) return emit(lexer, marks[character])
  switch (character) {
    case ':':
      if (input[lexer.pos] !== '=') return fail(lexer, 'expected :=')
      lexer.pos++
      return emit(lexer, 'declare')
    case '"':
      return quoted(lexer, '"', 'string', 'quoted string')
    case "'":
      return quoted(lexer, "'", 'charConstant', 'character constant')
    case '`':
      return rawString(lexer)
    case '$':
      return fieldOrVariable(lexer, 'variable')
    case '.':
      return fieldOrVariable(lexer, 'field')
    case '(':
      lexer.parens++
      return emit(lexer, 'leftParen')
    case ')':
      return --lexer.parens < 0 ? fail(lexer, 'unexpected right paren') : emit(lexer, 'rightParen')
    default:
      return code < 0x80 && isPrintable(code)
        ? emit(lexer, 'char')
        : fail(lexer, `unrecognized character in action: ${codePoint(code)}`)
  }
}

/** `U+0021 '!'` */
function codePoint(code: number): Bytes {
  const hex = code.toString(16).toUpperCase().padStart(4, '0')
  return `U+${hex}${isPrintable(code) ? ` '${encodeRune(code)}'` : ''}`
}

// A space may belong to the delimiter that follows it.
function space(lexer: Lexer): Token {
  const { input, pos } = lexer
  while (isSpace(input[lexer.pos])) lexer.pos++
  const count = lexer.pos - pos
  lexer.pos--
  const isDelim = rightDelimAt(lexer) === 'trimming'
  if (isDelim && count === 1) return endOfAction(lexer, 'trimming')
  if (!isDelim) lexer.pos++
  return emit(lexer, 'space')
}

function isAlphaNumeric(code: number): boolean {
  const character = String.fromCodePoint(code)
  return code < 0x80 ? /^\w$/.test(character) : /^[\p{L}\p{Nd}]$/u.test(character)
}

function passWord(lexer: Lexer): void {
  while (lexer.pos < lexer.input.length) {
    const { code, width } = decodeRune(lexer.input, lexer.pos)
    if (!isAlphaNumeric(code)) return
    lexer.pos += width
  }
}

function identifier(lexer: Lexer): Token {
  passWord(lexer)
  if (!isAtTerminator(lexer)) return badCharacter(lexer)
  const word = lexer.input.slice(lexer.start, lexer.pos)
  const keyword = keywords.find((one) => one === word)
  return emit(lexer, keyword ?? (word === 'nil' ? 'nil' : word === 'true' || word === 'false' ? 'bool' : 'identifier'))
}

function fieldOrVariable(lexer: Lexer, type: 'field' | 'variable'): Token {
  if (isAtTerminator(lexer)) return emit(lexer, type === 'field' ? 'dot' : type)
  passWord(lexer)
  return isAtTerminator(lexer) ? emit(lexer, type) : badCharacter(lexer)
}

function badCharacter(lexer: Lexer): Token {
  return fail(lexer, `bad character ${codePoint(decodeRune(lexer.input, lexer.pos).code)}`)
}

function isAtTerminator({ input, pos }: Lexer): boolean {
  const next = input[pos]
  return next === undefined || isSpace(next) || '.,|:)('.includes(next) || input.startsWith(rightDelim, pos)
}

function quoted(lexer: Lexer, mark: string, type: TokenType, what: string): Token {
  for (;;) {
    let character = lexer.input[lexer.pos++]
    const isEscape = character === '\\'
    if (isEscape) character = lexer.input[lexer.pos++]
    if (character === undefined || character === '\n') return fail(lexer, `unterminated ${what}`)
    if (character === mark && !isEscape) return emit(lexer, type)
  }
}

function rawString(lexer: Lexer): Token {
  const end = lexer.input.indexOf('`', lexer.pos)
  if (end < 0) return fail(lexer, 'unterminated raw quoted string')
  lexer.pos = end + 1
  return emit(lexer, 'rawString')
}

// A complex number is two numbers with nothing in between, the second ending in i.
function number(lexer: Lexer): Token {
  if (!passNumber(lexer)) return badNumber(lexer)
  if (!/[+-]/.test(lexer.input[lexer.pos] ?? '')) return emit(lexer, 'number')
  return passNumber(lexer) && lexer.input[lexer.pos - 1] === 'i' ? emit(lexer, 'complex') : badNumber(lexer)
}

function badNumber(lexer: Lexer): Token {
  return fail(lexer, `bad number syntax: ${quote(lexer.input.slice(lexer.start, lexer.pos))}`)
}

const numberShape =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y

function passNumber(lexer: Lexer): boolean {
  numberShape.lastIndex = lexer.pos
  numberShape.exec(lexer.input)
  lexer.pos = numberShape.lastIndex
  if (lexer.pos >= lexer.input.length) return true
  const { code, width } = decodeRune(lexer.input, lexer.pos)
  if (!isAlphaNumeric(code)) return true
  lexer.pos += width
  return false
}
