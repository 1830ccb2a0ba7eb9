import { utf8Bytes } from './base64.ts'

/** What Go's JSON decoder says of a text that is none; undefined when it is fine. */
export function jsonError(text: string): string | undefined {
  return jsonErrorOfBytes(byteString(text))
}

function byteString(text: string): string {
  return /^[\0-\x7f]*$/.test(text)
    ? text
    : utf8Bytes(text)
        .map((byte) => String.fromCharCode(byte))
        .join('')
}

/**
 * How many objects and lists may lie in each other. What is let in is walked by functions that call themselves, in a worker whose stack
 * is small.
 */
// differs: Go lets 10,000 of them pass
export const nestingMax = 500

/** What Go's decoder would say of a value that is nested too deeply; undefined when it is not. */
export function nestingError(value: object): string | undefined {
  const deep = tooDeepIn(value, nestingMax)
  return deep === undefined ? undefined : `invalid character '${Array.isArray(deep) ? '[' : '{'}' ${tooDeep}`
}

const tooDeep = 'exceeded max depth'

function tooDeepIn(value: object, left: number): object | undefined {
  if (left === 0) return value
  for (const key in value) {
    const part = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof part !== 'object' || part === null) continue
    const deep = tooDeepIn(part, left - 1)
    if (deep !== undefined) return deep
  }
  return undefined
}

/** How many objects and lists lie in each other in a value: none in a text or number. */
export function nestingOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let inner = 0
  for (const key in value) inner = Math.max(inner, nestingOf((value as Readonly<Record<string, unknown>>)[key]))
  return inner + 1
}

/** The same of bytes, one character each. */
// upstream: encoding/json/scanner.go
export function jsonErrorOfBytes(text: string): string | undefined {
  const scanner: Scanner = { text, at: 0, left: nestingMax }
  try {
    skipSpace(scanner)
    readValue(scanner)
    skipSpace(scanner)
    if (scanner.at < text.length) fail(scanner, 'after top-level value')
    return undefined
  } catch (error) {
    if (error instanceof Complaint) return error.message
    throw error
  }
}

interface Scanner {
  readonly text: string
  at: number
  /** how many more objects and lists may be opened inside the one at hand */
  left: number
}

class Complaint extends Error {}

function fail(scanner: Scanner, where: string): never {
  if (scanner.at >= scanner.text.length) throw new Complaint('unexpected end of JSON input')
  const char = scanner.text[scanner.at]!
  throw new Complaint(`invalid character ${quoteChar(char)} ${where}`)
}

/** Go quotes single and double quotes in its own way. */
function quoteChar(char: string): string {
  if (char === "'") return String.raw`'\''`
  if (char === '"') return `'"'`
  return char < ' '
    ? `'${JSON.stringify(char)
        .slice(1, -1)
        .replace(/^\\u00/, String.raw`\x`)}'`
    : `'${char}'`
}

function skipSpace(scanner: Scanner): void {
  while (/[ \t\r\n]/.test(scanner.text[scanner.at] ?? '')) scanner.at++
}

function readValue(scanner: Scanner): void {
  const char = scanner.text[scanner.at]
  if (char === '{' || char === '[') readNested(scanner, char)
  else if (char === '"') readString(scanner)
  else if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) readNumber(scanner)
  else if (char === 't') readLiteral(scanner, 'true')
  else if (char === 'f') readLiteral(scanner, 'false')
  else if (char === 'n') readLiteral(scanner, 'null')
  else fail(scanner, 'looking for beginning of value')
}

function readNested(scanner: Scanner, char: string): void {
  if (scanner.left === 0) fail(scanner, tooDeep)
  scanner.left--
  if (char === '{') readObject(scanner)
  else readArray(scanner)
  scanner.left++
}

function readObject(scanner: Scanner): void {
  scanner.at++
  skipSpace(scanner)
  if (scanner.text[scanner.at] === '}') return void scanner.at++
  for (;;) {
    if (scanner.text[scanner.at] !== '"') fail(scanner, 'looking for beginning of object key string')
    readString(scanner)
    skipSpace(scanner)
    if (scanner.text[scanner.at] !== ':') fail(scanner, 'after object key')
    scanner.at++
    skipSpace(scanner)
    readValue(scanner)
    skipSpace(scanner)
    const char = scanner.text[scanner.at]
    if (char !== '}' && char !== ',') fail(scanner, 'after object key:value pair')
    scanner.at++
    if (char === '}') return
    skipSpace(scanner)
  }
}

function readArray(scanner: Scanner): void {
  scanner.at++
  skipSpace(scanner)
  if (scanner.text[scanner.at] === ']') return void scanner.at++
  for (;;) {
    readValue(scanner)
    skipSpace(scanner)
    const char = scanner.text[scanner.at]
    if (char !== ']' && char !== ',') fail(scanner, 'after array element')
    scanner.at++
    if (char === ']') return
    skipSpace(scanner)
  }
}

function readString(scanner: Scanner): void {
  scanner.at++
  for (;;) {
    const char = scanner.text[scanner.at]
    if (char === undefined || char < ' ') fail(scanner, 'in string literal')
    scanner.at++
    if (char === '"') return
    if (char !== '\\') continue
    const escape = scanner.text[scanner.at]
    if (escape === undefined || !'bfnrt\\/"u'.includes(escape)) fail(scanner, 'in string escape code')
    scanner.at++
    for (let digits = 0; escape === 'u' && digits < 4; digits++) {
      if (!/[0-9a-fA-F]/.test(scanner.text[scanner.at] ?? ''))
        fail(scanner, String.raw`in \u hexadecimal character escape`)
      scanner.at++
    }
  }
}

function readNumber(scanner: Scanner): void {
  const digits = (where: string): void => {
    if (!/\d/.test(scanner.text[scanner.at] ?? '')) fail(scanner, where)
    while (/\d/.test(scanner.text[scanner.at] ?? '')) scanner.at++
  }
  if (scanner.text[scanner.at] === '-') scanner.at++
  if (scanner.text[scanner.at] === '0') scanner.at++
  else digits('in numeric literal')
  if (scanner.text[scanner.at] === '.') {
    scanner.at++
    digits('after decimal point in numeric literal')
  }
  if (/[eE]/.test(scanner.text[scanner.at] ?? '')) {
    scanner.at++
    if (/[+-]/.test(scanner.text[scanner.at] ?? '')) scanner.at++
    digits('in exponent of numeric literal')
  }
}

function readLiteral(scanner: Scanner, word: string): void {
  for (let index = 0; index < word.length; index++, scanner.at++)
    if (scanner.text[scanner.at] !== word[index]) fail(scanner, `in literal ${word} (expecting '${word[index]}')`)
}
