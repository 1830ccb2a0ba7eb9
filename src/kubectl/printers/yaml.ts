import { isPlainText } from './yamlScalars.ts'

const lineWidth = 80

/** An object as `kubectl -o yaml` prints it: sorted keys, quotes only where a reader would mistake the type, long lines folded. */
// upstream: sigs.k8s.io/yaml over go-yaml v2's emitter
export function formatYaml(value: unknown): string {
  if (isBlock(value)) return blockLines(value, 0).join('\n') + '\n'
  return scalarLines(value, 2, 0).join('\n') + '\n'
}

function isBlock(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && (Array.isArray(value) ? value.length > 0 : keysOf(value).length > 0)
  )
}

function keysOf(value: object): string[] {
  return Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined)
}

function blockLines(value: object, indent: number): string[] {
  return Array.isArray(value) ? listLines(value, indent) : mapLines(value as Record<string, unknown>, indent)
}

function mapLines(value: Record<string, unknown>, indent: number): string[] {
  const margin = ' '.repeat(indent)
  return keysOf(value)
    .sort(compareKeys)
    .flatMap((key) => entryLines(margin, key, value[key], indent))
}

function entryLines(margin: string, key: string, value: unknown, indent: number): string[] {
  const name = scalarLines(key, indent + 2, Infinity).join('')
  // A key of more than 128 characters is no simple key: it stands on its own line.
  const head = key.length > 128 ? [`${margin}? ${name}`, `${margin}:`] : [`${margin}${name}:`]
  const last = head.pop()!
  if (!isBlock(value)) {
    const [first, ...rest] = scalarLines(value, indent + 2, last.length + 1)
    return [...head, `${last} ${first}`, ...rest]
  }
  // A list under a key is not indented any further.
  return [...head, last, ...blockLines(value, Array.isArray(value) ? indent : indent + 2)]
}

function listLines(value: readonly unknown[], indent: number): string[] {
  const margin = ' '.repeat(indent)
  return value.flatMap((item) => {
    if (!isBlock(item)) {
      const [first, ...rest] = scalarLines(item, indent + 2, indent + 2)
      return [`${margin}- ${first}`, ...rest]
    }
    const [first, ...rest] = blockLines(item, indent + 2)
    return [`${margin}- ${first!.slice(indent + 2)}`, ...rest]
  })
}

/** A scalar's lines: the first continues at `column`, the others are indented already. A key has an infinite column: it never folds. */
function scalarLines(value: unknown, indent: number, column: number): string[] {
  if (value === null || value === undefined) return ['null']
  if (typeof value === 'object') return [Array.isArray(value) ? '[]' : '{}']
  if (typeof value !== 'string') return [formatNumber(value as number | boolean)]
  return textLines(value, indent, column)
}

function formatNumber(value: number | boolean): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

function textLines(text: string, indent: number, column: number): string[] {
  const shape = analyze(text)
  if (text.includes('\n'))
    return shape.isBlockAllowed && column !== Infinity ? literalLines(text, indent) : quotedLines(text, indent, column)
  if (!isPlainText(text)) return quotedLines(text, indent, column)
  if (shape.isPlainAllowed) return fold(text, indent, column)
  if (!shape.isSingleAllowed) return quotedLines(text, indent, column)
  return fold(`'${text.replaceAll("'", "''")}'`, indent, column)
}

/** Breaks a line at the first single space beyond the width. */
function fold(text: string, indent: number, column: number, isDouble = false): string[] {
  if (column === Infinity) return [text]
  const lines: string[] = []
  let line = ''
  let at = column
  for (let index = 0; index < text.length; index++) {
    const isBreak =
      text[index] === ' ' && at > lineWidth && text[index - 1] !== ' ' && index > 0 && index < text.length - 1
    if (isBreak && (isDouble || text[index + 1] !== ' ')) {
      lines.push(line)
      const isSpaceNext = text[index + 1] === ' '
      line = ' '.repeat(indent) + (isSpaceNext ? '\\' : '')
      at = line.length
    } else {
      line += text[index]
      at++
    }
  }
  return [...lines, line]
}

function literalLines(text: string, indent: number): string[] {
  const hint = text[0] === ' ' || text[0] === '\n' ? '2' : ''
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  const body = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  return [`|${hint}${chomp}`, ...body.map((line) => (line === '' ? '' : ' '.repeat(indent) + line))]
}

function quotedLines(text: string, indent: number, column: number): string[] {
  return fold(`"${[...text].map(escapeCharacter).join('')}"`, indent, column, true)
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function escapeCharacter(character: string): string {
  const known = escapes[character]
  if (known !== undefined) return known
  if (isPrintable(character)) return character
  const code = character.codePointAt(0)!.toString(16).toUpperCase()
  return code.length <= 2
    ? `\\x${code.padStart(2, '0')}`
    : code.length <= 4
      ? `\\u${code.padStart(4, '0')}`
      : `\\U${code.padStart(8, '0')}`
}

function isPrintable(character: string): boolean {
  const code = character.codePointAt(0)!
  if (code < 0xa0) return code === 0x0a || (code >= 0x20 && code <= 0x7e)
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfeff && code !== 0xfffe && code !== 0xffff
}

interface Shape {
  readonly isPlainAllowed: boolean
  readonly isSingleAllowed: boolean
  readonly isBlockAllowed: boolean
}

// upstream: go-yaml v2 emitterc.go yaml_emitter_analyze_scalar
function analyze(text: string): Shape {
  const isSpecial = / \n/.test(text) || [...text].some((character) => !isPrintable(character))
  const hasIndicator =
    /^(---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[-?:](\s|$)/.test(text) ||
    /:(\s|$)/.test(text) ||
    /\s#/.test(text)
  const isPadded = /^[ \n]/.test(text) || /[ \n]$/.test(text)
  return {
    isPlainAllowed: !isSpecial && !hasIndicator && !isPadded && !text.includes('\n') && text !== '',
    isSingleAllowed: !isSpecial && !/\n /.test(text),
    isBlockAllowed: !isSpecial && !text.endsWith(' '),
  }
}

/** Letters by code, numbers by value, and anything else before letters. */
// upstream: go-yaml v2 sorter.go
export function compareKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let index = 0; index < left.length && index < right.length; index++) {
    if (left[index] === right[index]) continue
    return compareFrom(left, right, index)
  }
  return left.length - right.length
}

function compareFrom(left: readonly string[], right: readonly string[], index: number): number {
  const [isLeft, isRight] = [isLetter(left[index]!), isLetter(right[index]!)]
  if (isLeft && isRight) return left[index]! < right[index]! ? -1 : 1
  if (isLeft || isRight) return isRight ? -1 : 1
  const start = isAfterNumber(left, right, index) ? 1 : 0
  const [leftNumber, leftEnd] = numberAt(left, index, start)
  const [rightNumber, rightEnd] = numberAt(right, index, start)
  if (leftNumber !== rightNumber) return leftNumber - rightNumber
  if (leftEnd !== rightEnd) return leftEnd - rightEnd
  return left[index]! < right[index]! ? -1 : 1
}

const isLetter = (character: string): boolean => /\p{L}/u.test(character)
const isDigit = (character: string | undefined): boolean => character !== undefined && /\d/.test(character)

function isAfterNumber(left: readonly string[], right: readonly string[], index: number): boolean {
  if (left[index] !== '0' && right[index] !== '0') return false
  for (let before = index - 1; before >= 0 && isDigit(left[before]); before--) if (left[before] !== '0') return true
  return false
}

function numberAt(text: readonly string[], from: number, start: number): [value: number, end: number] {
  let value = start
  let at = from
  for (; isDigit(text[at]); at++) value = value * 10 + Number(text[at])
  return [value, at]
}
