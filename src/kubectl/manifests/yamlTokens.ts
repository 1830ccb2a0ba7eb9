/** What libyaml's scanner hands to its parser; the texts of scalars do not matter for finding faults. */
export type TokenType =
  | 'streamEnd'
  | 'documentStart'
  | 'documentEnd'
  | 'directive'
  | 'blockSequenceStart'
  | 'blockMappingStart'
  | 'blockEnd'
  | 'flowSequenceStart'
  | 'flowSequenceEnd'
  | 'flowMappingStart'
  | 'flowMappingEnd'
  | 'blockEntry'
  | 'flowEntry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export interface Token {
  readonly type: TokenType
  /** counted from 0 */
  readonly line: number
}

/** A fault in go-yaml's words. */
export class YamlFault extends Error {
  override name = 'YamlFault'
}

/** A fault that the scanner finds is told with the line it stands on, but for the first one. */
export const scannerFault = (problem: string, line: number): YamlFault =>
  new YamlFault(line === 0 ? problem : `line ${line + 1}: ${problem}`)

/** The parser counts lines from 0, and says nothing of the first one. */
export const parserFault = (problem: string, line: number): YamlFault =>
  new YamlFault(line === 0 ? problem : `line ${line}: ${problem}`)

/** A place that a plain or quoted text may turn out to be a key at. */
interface SimpleKey {
  isPossible: boolean
  readonly isRequired: boolean
  readonly tokenNumber: number
  readonly index: number
  readonly line: number
  readonly column: number
}

const nowhere: SimpleKey = { isPossible: false, isRequired: false, tokenNumber: 0, index: 0, line: 0, column: 0 }

/** Hands out the tokens of a text one by one; throws the first fault. */
// upstream: go-yaml v2 scannerc.go, a port of libyaml's
export function createScanner(text: string) {
  let index = 0
  let line = 0
  let column = 0
  let indent = -1
  let flowLevel = 0
  let isKeyAllowed = true
  let taken = 0
  let isOver = false
  const indents: number[] = []
  const keys: SimpleKey[] = [nowhere]
  const queue: Token[] = []

  const at = (offset = 0): string => text[index + offset] ?? ''
  const isBlank = (character: string): boolean => character === ' ' || character === '\t'
  const isBreak = (character: string): boolean => character === '\n' || character === '\r'
  const isBlankOrEnd = (character: string): boolean => character === '' || isBlank(character) || isBreak(character)
  const push = (type: TokenType, onLine = line): void => void queue.push({ type, line: onLine })

  function skip(count = 1): void {
    index += count
    column += count
  }

  function skipLine(): void {
    index += text.startsWith('\r\n', index) ? 2 : 1
    column = 0
    line++
  }

  function isKeyValid(key: SimpleKey): boolean {
    if (!key.isPossible) return false
    if (key.line >= line && key.index + 1024 >= index) return true
    if (key.isRequired) throw scannerFault("could not find expected ':'", line)
    key.isPossible = false
    return false
  }

  function removeKey(): void {
    const key = keys.at(-1)!
    if (key.isPossible && key.isRequired) throw scannerFault("could not find expected ':'", line)
    keys[keys.length - 1] = nowhere
  }

  function saveKey(): void {
    if (!isKeyAllowed) return
    const isRequired = flowLevel === 0 && indent === column
    removeKey()
    keys[keys.length - 1] = { isPossible: true, isRequired, tokenNumber: taken + queue.length, index, line, column }
  }

  function rollIndent(to: number, type: TokenType, number: number, onLine: number): void {
    if (flowLevel > 0 || indent >= to) return
    indents.push(indent)
    indent = to
    queue.splice(number - taken, 0, { type, line: onLine })
  }

  function unrollIndent(to: number): void {
    if (flowLevel > 0) return
    while (indent > to) {
      push('blockEnd')
      indent = indents.pop()!
    }
  }

  function skipToToken(): void {
    for (;;) {
      while (at() === ' ' || ((flowLevel > 0 || !isKeyAllowed) && at() === '\t')) skip()
      if (at() === '#') while (at() !== '' && !isBreak(at())) skip()
      if (!isBreak(at())) return
      skipLine()
      if (flowLevel === 0) isKeyAllowed = true
    }
  }

  const isDocumentMark = (): boolean =>
    column === 0 && (text.startsWith('---', index) || text.startsWith('...', index)) && isBlankOrEnd(at(3))

  function fetch(): void {
    skipToToken()
    unrollIndent(column)
    const character = at()
    if (character === '') return end()
    if (column === 0 && character === '%') return directive()
    if (isDocumentMark()) return documentMark()
    if (character === '[' || character === '{') return openFlow(character)
    if (character === ']' || character === '}') return closeFlow(character)
    if (character === ',') return flowEntry()
    if (character === '-' && isBlankOrEnd(at(1))) return blockEntry()
    if (character === '?' && (flowLevel > 0 || isBlankOrEnd(at(1)))) return keyMark()
    if (character === ':' && (flowLevel > 0 || isBlankOrEnd(at(1)))) return valueMark()
    if (character === '*' || character === '&') return anchor(character)
    if (character === '!') return tag()
    if ((character === '|' || character === '>') && flowLevel === 0) return blockScalar()
    if (character === "'" || character === '"') return flowScalar(character)
    if (startsPlain(character)) return plainScalar()
    throw scannerFault('found character that cannot start any token', line)
  }

  function startsPlain(character: string): boolean {
    if (!isBlankOrEnd(character) && !'-?:,[]{}#&*!|>\'"%@`'.includes(character)) return true
    if (character === '-' && !isBlank(at(1))) return true
    return flowLevel === 0 && (character === '?' || character === ':') && !isBlankOrEnd(at(1))
  }

  function end(): void {
    if (column !== 0) {
      column = 0
      line++
    }
    unrollIndent(-1)
    removeKey()
    isKeyAllowed = false
    isOver = true
    push('streamEnd')
  }

  function directive(): void {
    unrollIndent(-1)
    removeKey()
    isKeyAllowed = false
    const start = line
    skip()
    if (!/[\w-]/.test(at())) throw scannerFault('could not find expected directive name', line)
    const name = /[\w-]*/y
    name.lastIndex = index
    skip(name.exec(text)![0].length)
    if (!isBlankOrEnd(at())) throw scannerFault('found unexpected non-alphabetical character', line)
    const word = text.slice(text.lastIndexOf('%', index - 1) + 1, index)
    if (word !== 'YAML' && word !== 'TAG') throw scannerFault('found unknown directive name', line)
    while (at() !== '' && !isBreak(at())) skip()
    push('directive', start)
  }

  function documentMark(): void {
    unrollIndent(-1)
    removeKey()
    isKeyAllowed = false
    push(at() === '-' ? 'documentStart' : 'documentEnd')
    skip(3)
  }

  function openFlow(character: string): void {
    saveKey()
    keys.push(nowhere)
    flowLevel++
    isKeyAllowed = true
    push(character === '[' ? 'flowSequenceStart' : 'flowMappingStart')
    skip()
  }

  function closeFlow(character: string): void {
    removeKey()
    if (flowLevel > 0) {
      flowLevel--
      keys.pop()
    }
    isKeyAllowed = false
    push(character === ']' ? 'flowSequenceEnd' : 'flowMappingEnd')
    skip()
  }

  function flowEntry(): void {
    removeKey()
    isKeyAllowed = true
    push('flowEntry')
    skip()
  }

  function blockEntry(): void {
    if (flowLevel === 0) {
      if (!isKeyAllowed) throw scannerFault('block sequence entries are not allowed in this context', line)
      rollIndent(column, 'blockSequenceStart', taken + queue.length, line)
    }
    removeKey()
    isKeyAllowed = true
    push('blockEntry')
    skip()
  }

  function keyMark(): void {
    if (flowLevel === 0) {
      if (!isKeyAllowed) throw scannerFault('mapping keys are not allowed in this context', line)
      rollIndent(column, 'blockMappingStart', taken + queue.length, line)
    }
    removeKey()
    isKeyAllowed = flowLevel === 0
    push('key')
    skip()
  }

  function valueMark(): void {
    const key = keys.at(-1)!
    if (isKeyValid(key)) {
      queue.splice(key.tokenNumber - taken, 0, { type: 'key', line: key.line })
      rollIndent(key.column, 'blockMappingStart', key.tokenNumber, key.line)
      keys[keys.length - 1] = nowhere
      isKeyAllowed = false
    } else {
      if (flowLevel === 0) {
        if (!isKeyAllowed) throw scannerFault('mapping values are not allowed in this context', line)
        rollIndent(column, 'blockMappingStart', taken + queue.length, line)
      }
      isKeyAllowed = flowLevel === 0
    }
    push('value')
    skip()
  }

  function anchor(character: string): void {
    saveKey()
    isKeyAllowed = false
    const [start, from] = [line, index + 1]
    skip()
    while (/[\w-]/.test(at())) skip()
    if (index === from || !(isBlankOrEnd(at()) || '?:,]}%@`'.includes(at())))
      throw scannerFault('did not find expected alphabetic or numeric character', line)
    push(character === '*' ? 'alias' : 'anchor', start)
  }

  function tag(): void {
    saveKey()
    isKeyAllowed = false
    const start = line
    while (!isBlankOrEnd(at()) && !(flowLevel > 0 && ',[]{}'.includes(at()))) skip()
    push('tag', start)
  }

  function blockScalar(): void {
    removeKey()
    isKeyAllowed = true
    const start = line
    skip()
    let increment = 0
    for (let count = 0; count < 2; count++) {
      if (at() === '+' || at() === '-') skip()
      else if (/\d/.test(at())) {
        if (at() === '0') throw scannerFault('found an indentation indicator equal to 0', line)
        increment = Number(at())
        skip()
      }
    }
    while (isBlank(at())) skip()
    if (at() === '#') while (at() !== '' && !isBreak(at())) skip()
    if (at() !== '' && !isBreak(at())) throw scannerFault('did not find expected comment or line break', line)
    if (at() !== '') skipLine()
    let width = increment > 0 ? Math.max(indent, 0) + increment : 0
    width = skipBlockBreaks(width)
    while (column === width && at() !== '') {
      while (at() !== '' && !isBreak(at())) skip()
      if (at() !== '') skipLine()
      skipBlockBreaks(width)
    }
    push('scalar', start)
  }

  /** Empty lines of a block scalar; the first line with something on it settles how far all are indented. */
  function skipBlockBreaks(width: number): number {
    let widest = 0
    for (;;) {
      while ((width === 0 || column < width) && at() === ' ') skip()
      widest = Math.max(widest, column)
      if ((width === 0 || column < width) && at() === '\t')
        throw scannerFault('found a tab character where an indentation space is expected', line)
      if (!isBreak(at())) break
      skipLine()
    }
    return width === 0 ? Math.max(widest, indent + 1, 1) : width
  }

  function flowScalar(quote: string): void {
    saveKey()
    isKeyAllowed = false
    const start = line
    skip()
    for (;;) {
      if (isDocumentMark()) throw scannerFault('found unexpected document indicator', line)
      if (at() === '') throw scannerFault('found unexpected end of stream', line)
      if (at() === quote) {
        if (quote === "'" && at(1) === "'") skip(2)
        else break
      } else if (at() === '\\' && quote === '"') skipEscape()
      else if (isBreak(at())) skipLine()
      else skip()
    }
    skip()
    push('scalar', start)
  }

  function skipEscape(): void {
    if (isBreak(at(1))) {
      skip()
      return skipLine()
    }
    const digits = { x: 2, u: 4, U: 8 }[at(1)] ?? 0
    if (digits === 0 && !'0abt\tnvfre "\'/\\N_LP'.includes(at(1)))
      throw scannerFault('found unknown escape character', line)
    const code = text.slice(index + 2, index + 2 + digits)
    if (code.length < digits || /[^\da-fA-F]/.test(code))
      throw scannerFault('did not find expected hexdecimal number', line)
    skip(2 + digits)
  }

  function plainScalar(): void {
    saveKey()
    isKeyAllowed = false
    const start = line
    let isAfterBreak = false
    for (;;) {
      if (isDocumentMark() || at() === '#') break
      while (!isBlankOrEnd(at())) {
        if ((at() === ':' && isBlankOrEnd(at(1))) || (flowLevel > 0 && ',?[]{}'.includes(at()))) break
        isAfterBreak = false
        skip()
      }
      if (!isBlank(at()) && !isBreak(at())) break
      while (isBlank(at()) || isBreak(at())) {
        if (isBlank(at())) {
          if (isAfterBreak && column < indent + 1 && at() === '\t')
            throw scannerFault('found a tab character that violates indentation', line)
          skip()
        } else {
          skipLine()
          isAfterBreak = true
        }
      }
      if (flowLevel === 0 && column < indent + 1) break
    }
    push('scalar', start)
    if (isAfterBreak) isKeyAllowed = true
  }

  /** Looks ahead for as long as the next token may turn out to be a key. */
  function peek(): Token {
    while (!isOver) {
      if (queue.length > 0 && !keys.some((key) => key.isPossible && key.tokenNumber === taken && isKeyValid(key))) break
      fetch()
    }
    return queue[0] ?? { type: 'streamEnd', line }
  }

  function take(): Token {
    const token = peek()
    queue.shift()
    taken++
    return token
  }

  return { peek, take }
}
