import { formatPrintf, readEscapes } from './text.ts'

/** What a running awk remembers, as plain data. */
export interface AwkState {
  variables: Record<string, string | number>
  fields: string[]
  hasBegun: boolean
  out: string
}

export interface AwkRule {
  readonly when: 'BEGIN' | 'END' | 'line'
  readonly pattern?: string
  readonly action: readonly string[]
}

/** A program as rules with statements; undefined for what is beyond this small awk. */
export function parseAwk(program: string): readonly AwkRule[] | undefined {
  const rules: AwkRule[] = []
  let rest = program.trim()
  while (rest !== '') {
    const open = rest.indexOf('{')
    const head = (open < 0 ? rest : rest.slice(0, open)).trim()
    const close = open < 0 ? -1 : closing(rest, open)
    if (open >= 0 && close < 0) return undefined
    const body = open < 0 ? 'print' : rest.slice(open + 1, close)
    const action = statements(body)
    if (head === 'BEGIN' || head === 'END') rules.push({ when: head, action })
    else rules.push(head === '' ? { when: 'line', action } : { when: 'line', pattern: head, action })
    rest = open < 0 ? '' : rest.slice(close + 1).trim()
  }
  return rules
}

function closing(text: string, open: number): number {
  let depth = 0
  let isQuoted = false
  for (let at = open; at < text.length; at++) {
    if (text[at] === '"' && text[at - 1] !== '\\') isQuoted = !isQuoted
    else if (!isQuoted && text[at] === '{') depth++
    else if (!isQuoted && text[at] === '}' && --depth === 0) return at
  }
  return -1
}

function statements(body: string): string[] {
  return (body.match(/(?:"(?:[^"\\]|\\.)*"|[^;\n"])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '')
}

/** Runs statements: print, printf, assignments; anything else is evaluated and dropped. */
export function runAction(action: readonly string[], state: AwkState): void {
  for (const statement of action) {
    const call = /^(printf?)\b\s*([^]*)$/.exec(statement)
    if (call?.[1] === 'print') {
      const words =
        call[2] === '' ? [state.fields[0] ?? ''] : commaParts(call[2]!).map((one) => String(valueOf(one, state)))
      state.out += `${words.join(String(state.variables.OFS ?? ' '))}\n`
    } else if (call) {
      const [format, ...words] = commaParts(call[2]!.replace(/^\(([^]*)\)$/, '$1')).map((one) =>
        String(valueOf(one, state)),
      )
      state.out += formatPrintf(format ?? '', words)
    } else valueOf(statement, state)
  }
}

function commaParts(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let isQuoted = false
  let part = ''
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted
    if (!isQuoted && (char === '(' || char === '[')) depth++
    if (!isQuoted && (char === ')' || char === ']')) depth--
    if (char === ',' && depth === 0 && !isQuoted) {
      parts.push(part)
      part = ''
    } else part += char
  }
  return [...parts, part].map((one) => one.trim())
}

/** Whether a pattern holds for the current line. */
export function truth(pattern: string, state: AwkState): boolean {
  const value = valueOf(pattern, state)
  return value !== '' && value !== 0
}

const tokens =
  /\s*(?:(\d+\.?\d*|\.\d+)|("(?:[^"\\]|\\.)*")|(\/(?:[^/\\]|\\.)+\/)|(\$|\+\+|--|[-+*/%]=|==|!=|<=|>=|&&|\|\||!~|[-+*/%<>!~=(),?:])|([A-Za-z_]\w*))/y
const slash = /\s*\/=?/y

interface Reader {
  readonly words: readonly string[]
  at: number
}

function valueOf(text: string, state: AwkState): string | number {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    // After a value a slash divides, elsewhere it starts a pattern.
    const isAfterValue = /^[\w".)]/.test(words.at(-1) ?? '')
    slash.lastIndex = tokens.lastIndex = at
    const match = (isAfterValue ? slash.exec(text) : null) ?? tokens.exec(text)
    if (!match) break
    words.push(match[0].trim())
    at += match[0].length
  }
  return choice({ words, at: 0 }, state)
}

function choice(reader: Reader, state: AwkState): string | number {
  const test = logical(reader, state)
  if (reader.words[reader.at] !== '?') return test
  reader.at++
  const yes = choice(reader, state)
  reader.at++
  const no = choice(reader, state)
  return test !== '' && test !== 0 ? yes : no
}

function logical(reader: Reader, state: AwkState): string | number {
  let left = comparison(reader, state)
  for (let word = reader.words[reader.at]; word === '&&' || word === '||'; word = reader.words[reader.at]) {
    reader.at++
    const right = comparison(reader, state)
    const [a, b] = [left !== '' && left !== 0, right !== '' && right !== 0]
    left = (word === '&&' ? a && b : a || b) ? 1 : 0
  }
  return left
}

function comparison(reader: Reader, state: AwkState): string | number {
  const left = joined(reader, state)
  const operator = reader.words[reader.at] ?? ''
  if (!/^(==|!=|<|>|<=|>=|~|!~)$/.test(operator)) return left
  reader.at++
  if (operator.endsWith('~')) {
    const source = reader.words[reader.at++] ?? ''
    const matches = new RegExp(source.replace(/^[/"]|[/"]$/g, '')).test(String(left))
    return matches === (operator === '~') ? 1 : 0
  }
  const right = joined(reader, state)
  const [a, b] = isNumeric(left) && isNumeric(right) ? [Number(left), Number(right)] : [String(left), String(right)]
  const holds = { '==': a === b, '!=': a !== b, '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[operator]
  return holds ? 1 : 0
}

function isNumeric(value: string | number): boolean {
  return typeof value === 'number' || (value.trim() !== '' && !Number.isNaN(Number(value)))
}

// Two values side by side are one text.
function joined(reader: Reader, state: AwkState): string | number {
  let left = sum(reader, state)
  while (reader.at < reader.words.length && /^["$\w(.]/.test(reader.words[reader.at]!))
    left = `${left}${sum(reader, state)}`
  return left
}

function sum(reader: Reader, state: AwkState): string | number {
  let left = product(reader, state)
  for (let word = reader.words[reader.at]; word === '+' || word === '-'; word = reader.words[reader.at]) {
    reader.at++
    const right = Number(product(reader, state)) || 0
    left = (Number(left) || 0) + (word === '+' ? right : -right)
  }
  return left
}

function product(reader: Reader, state: AwkState): string | number {
  let left = single(reader, state)
  for (
    let word = reader.words[reader.at];
    word === '*' || word === '/' || word === '%';
    word = reader.words[reader.at]
  ) {
    reader.at++
    const right = Number(single(reader, state)) || 0
    const a = Number(left) || 0
    left = word === '*' ? a * right : word === '/' ? a / right : a % right
  }
  return left
}

function single(reader: Reader, state: AwkState): string | number {
  const word = reader.words[reader.at++] ?? ''
  if (word === '$') return fieldValue(state.fields[Number(single(reader, state))])
  if (word === '-') return -(Number(single(reader, state)) || 0)
  if (word === '!') return Number(single(reader, state)) ? 0 : 1
  if (word === '(') {
    const value = choice(reader, state)
    reader.at++
    return value
  }
  if (/^[\d.]/.test(word)) return Number(word)
  if (word.startsWith('"')) return readEscapes(word.slice(1, -1).replace(/\\"/g, '"'))
  if (word.startsWith('/')) return new RegExp(word.slice(1, -1)).test(state.fields[0] ?? '') ? 1 : 0
  return variableOrCall(word, reader, state)
}

function fieldValue(text: string | undefined): string {
  return text ?? ''
}

function variableOrCall(name: string, reader: Reader, state: AwkState): string | number {
  const next = reader.words[reader.at]
  if (next === '(' && /^(length|toupper|tolower|int|substr)$/.test(name)) {
    reader.at++
    const given: (string | number)[] = []
    while (reader.at < reader.words.length && reader.words[reader.at] !== ')') {
      given.push(choice(reader, state))
      if (reader.words[reader.at] === ',') reader.at++
    }
    reader.at++
    return builtin(name, given, state)
  }
  const old = state.variables[name] ?? ''
  if (next === '=' || /^[-+*/%]=$/.test(next ?? '')) {
    reader.at++
    const right = choice(reader, state)
    const [a, b] = [Number(old) || 0, Number(right) || 0]
    const value =
      next === '='
        ? right
        : next === '+='
          ? a + b
          : next === '-='
            ? a - b
            : next === '*='
              ? a * b
              : next === '/='
                ? a / b
                : a % b
    return (state.variables[name] = value)
  }
  if (next === '++' || next === '--') {
    reader.at++
    state.variables[name] = (Number(old) || 0) + (next === '++' ? 1 : -1)
  }
  return old
}

function builtin(name: string, given: readonly (string | number)[], state: AwkState): string | number {
  const text = String(given[0] ?? state.fields[0] ?? '')
  if (name === 'length') return text.length
  if (name === 'toupper') return text.toUpperCase()
  if (name === 'tolower') return text.toLowerCase()
  if (name === 'int') return Math.trunc(Number(text) || 0)
  const from = Math.max(0, Number(given[1]) - 1)
  return text.slice(from, given[2] === undefined ? undefined : from + Number(given[2]))
}
