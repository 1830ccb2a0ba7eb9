import { CommandError } from '../errors.ts'

/** One step into a value. */
export type Step =
  | { readonly type: 'field'; readonly name: string }
  | {
      readonly type: 'slice'
      readonly from?: number | undefined
      readonly to?: number | undefined
      readonly step?: number | undefined
      readonly isOne: boolean
    }
  | { readonly type: 'union'; readonly paths: readonly (readonly Step[])[] }
  | {
      readonly type: 'filter'
      readonly left: readonly Step[]
      readonly operator: string
      readonly right: readonly Step[]
    }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  | { readonly type: 'identifier'; readonly name: string }

/** One piece of a template: text, a path, or a range with what is inside it. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly steps: readonly Step[] }
  | { readonly type: 'range'; readonly steps: readonly Step[]; readonly body: readonly Block[] }
  /** an end that ends nothing, which only its evaluation complains of */
  | { readonly type: 'end' }

/** Takes a template apart. upstream: client-go/util/jsonpath/parser.go */
export function parseJsonPath(template: string): readonly Block[] {
  const root: Block[] = []
  const open: Block[][] = [root]
  let at = 0
  while (at < template.length) {
    const brace = template.indexOf('{', at)
    const end = brace < 0 ? template.length : brace
    if (end > at) open.at(-1)!.push({ type: 'text', text: template.slice(at, end) })
    if (brace < 0) break
    const action = readAction(template, brace + 1)
    at = action.end
    if (action.word === 'end') {
      if (open.length === 1) root.push({ type: 'end' })
      else open.pop()
    } else if (action.word === 'range') {
      const body: Block[] = []
      open.at(-1)!.push({ type: 'range', steps: action.steps, body })
      open.push(body)
    } else open.at(-1)!.push({ type: 'path', steps: action.steps })
  }
  return root
}

interface Action {
  readonly word?: string
  readonly steps: readonly Step[]
  readonly end: number
}

function readAction(template: string, start: number): Action {
  const reader = createReader(template, start)
  const steps: Step[] = []
  let word: string | undefined
  for (;;) {
    const character = reader.peek()
    if (character === '' || character === '\n') throw new CommandError('unclosed action')
    if (character === '}') break
    if (/[A-Za-z_]/.test(character)) {
      const name = reader.take(identifier)
      if (name === 'range' || name === 'end') word = name
      else steps.push(readIdentifier(name))
    } else readStep(reader, steps)
  }
  return { ...(word !== undefined && { word }), steps, end: reader.at() + 1 }
}

/** The steps of a part of its own: a union's member, a side of a filter. */
function readSteps(text: string): readonly Step[] {
  const reader = createReader(text, 0)
  const steps: Step[] = []
  while (reader.peek() !== '') {
    if (/[A-Za-z_]/.test(reader.peek())) steps.push(readIdentifier(reader.take(identifier)))
    else readStep(reader, steps)
  }
  return steps
}

const identifier = /[^\s.,[\]$@{}]+/y

function readIdentifier(name: string): Step {
  if (name === 'true' || name === 'false') return { type: 'literal', value: name === 'true' }
  return { type: 'identifier', name }
}

function readStep(reader: Reader, steps: Step[]): void {
  const character = reader.peek()
  if (reader.skip('[?(')) steps.push(readFilter(reader))
  else if (reader.skip('..')) {
    if (steps.at(-1)?.type === 'recursive') throw new CommandError('invalid multiple recursive descent')
    steps.push({ type: 'recursive' })
    if (/[A-Za-z0-9_*]/.test(reader.peek())) steps.push(readField(reader))
  } else if (reader.skip(' ') || reader.skip('@') || reader.skip('$')) return
  else if (reader.skip('[')) steps.push(...readArray(reader))
  else if (character === '"' || character === "'") steps.push({ type: 'literal', value: readQuoted(reader, character) })
  else if (reader.skip('.')) steps.push(readField(reader))
  else if (/[-+\d]/.test(character)) steps.push({ type: 'literal', value: readNumber(reader) })
  else throw new CommandError(`unrecognized character in action: ${unicodeName(character)}`)
}

function unicodeName(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${character}'`
}

function readField(reader: Reader): Step {
  const name = reader.take(/(?:\\.|[^\s.,[\]$@{}\\])*/y)
  return name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') }
}

function readNumber(reader: Reader): number {
  const text = reader.take(/[-+]?[\w.]*/y)
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) throw new CommandError(`cannot parse number ${text}`)
  return value
}

function readQuoted(reader: Reader, quote: string): string {
  reader.skip(quote)
  const text = reader.take(quote === '"' ? /(?:\\.|[^"\\])*/y : /(?:\\.|[^'\\])*/y)
  if (!reader.skip(quote)) throw new CommandError('unterminated quoted string')
  return text.replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function readArray(reader: Reader): readonly Step[] {
  const text = reader.take(/[^\]\n]*/y)
  if (!reader.skip(']')) throw new CommandError('unterminated array')
  const parts = text.split(',')
  if (parts.length > 1) return [{ type: 'union', paths: parts.map((part) => readSteps(`[${part.trim()}]`)) }]
  const key = /^'([^']*)'$/.exec(text)
  if (key) return readSteps(`.${key[1]}`)
  return [readSlice(text === '*' ? ':' : text)]
}

function readSlice(text: string): Step {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text)
  if (match === null) throw new CommandError(`invalid array index ${text}`)
  const [, from = '', to, step = ''] = match
  const number = (part: string): number | undefined => (part === '' ? undefined : Number(part))
  if (to === undefined) return { type: 'slice', from: number(from), isOne: true }
  return { type: 'slice', from: number(from), to: number(to.slice(1)), step: number(step.slice(1)), isOne: false }
}

function readFilter(reader: Reader): Step {
  const text = reader.take(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^)"'\n])*/y)
  if (!reader.skip(')')) throw new CommandError('unterminated filter')
  if (!reader.skip(']')) throw new CommandError('unclosed array expect ]')
  const match = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text)
  if (match === null) return { type: 'filter', left: readSteps(text), operator: 'exists', right: [] }
  return { type: 'filter', left: readSteps(match[1]!), operator: match[2]!, right: readSteps(match[3]!) }
}

interface Reader {
  readonly at: () => number
  readonly peek: () => string
  readonly skip: (text: string) => boolean
  /** what a sticky expression matches here */
  readonly take: (expression: RegExp) => string
}

function createReader(text: string, start: number): Reader {
  let at = start
  return {
    at: () => at,
    peek: () => text[at] ?? '',
    skip(word) {
      const isHere = text.startsWith(word, at)
      if (isHere) at += word.length
      return isHere
    },
    take(expression) {
      expression.lastIndex = at
      const found = expression.exec(text)?.[0] ?? ''
      at += found.length
      return found
    },
  }
}
