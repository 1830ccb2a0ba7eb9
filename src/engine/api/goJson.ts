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

/** The same of bytes, one character each. */
// upstream: encoding/json/scanner.go
export function jsonErrorOfBytes(text: string): string | undefined {
  const scanner: Scanner = { text, at: 0 }
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
  if (char === '{') readObject(scanner)
  else if (char === '[') readArray(scanner)
  else if (char === '"') readString(scanner)
  else if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) readNumber(scanner)
  else if (char === 't') readLiteral(scanner, 'true')
  else if (char === 'f') readLiteral(scanner, 'false')
  else if (char === 'n') readLiteral(scanner, 'null')
  else fail(scanner, 'looking for beginning of value')
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
