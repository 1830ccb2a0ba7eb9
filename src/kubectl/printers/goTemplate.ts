import { CommandError } from '../errors.ts'
import { goPrint } from './goSyntax.ts'
import { parseTemplate, type BlockNode, type Expression, type TemplateNode } from './goTemplateParse.ts'
import { goJson, sortKeys } from './json.ts'

/** Prints an object by a Go template: fields, variables, range, if, with and the usual functions. */
// differs: define, template and block are not there: a template on a command line does without
export function formatTemplate(template: string, data: unknown): string {
  const complain = (message: string): CommandError =>
    new CommandError(`error executing template ${JSON.stringify(template)}: template: output:1: ${message}`)
  try {
    return render(parseTemplate(template), data, new Map([['$', data]]))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (error.message.startsWith('parsing: '))
      throw new CommandError(`error parsing template ${template}, template: output:1: ${error.message.slice(9)}`)
    throw complain(error.message)
  }
}

type Variables = Map<string, unknown>

function render(nodes: readonly TemplateNode[], dot: unknown, variables: Variables): string {
  return nodes.map((node) => renderNode(node, dot, variables)).join('')
}

function renderNode(node: TemplateNode, dot: unknown, variables: Variables): string {
  switch (node.type) {
    case 'text':
      return node.text
    case 'print':
      return printValue(evaluate(node.pipe, dot, variables))
    case 'assign':
      variables.set(node.names[0]!, evaluate(node.pipe, dot, variables))
      return ''
    case 'if':
      return render(isTrue(evaluate(node.pipe, dot, variables)) ? node.body : node.otherwise, dot, new Map(variables))
    case 'with': {
      const value = evaluate(node.pipe, dot, variables)
      return isTrue(value)
        ? render(node.body, value, bound(variables, node.names, [value]))
        : render(node.otherwise, dot, new Map(variables))
    }
    case 'range':
      return renderRange(node, dot, variables)
  }
}

function renderRange(node: BlockNode, dot: unknown, variables: Variables): string {
  const entries = entriesOf(evaluate(node.pipe, dot, variables))
  if (entries.length === 0) return render(node.otherwise, dot, new Map(variables))
  return entries
    .map(([key, item]) =>
      render(node.body, item, bound(variables, node.names, node.names.length > 1 ? [key, item] : [item])),
    )
    .join('')
}

function bound(variables: Variables, names: readonly string[], values: readonly unknown[]): Variables {
  return new Map([...variables, ...names.map((name, index) => [name, values[index]] as const)])
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item])
  if (typeof value !== 'object' || value === null) {
    if (value === null || value === undefined) return []
    throw new CommandError(`range can't iterate over ${goPrint(value)}`)
  }
  const record = value as Record<string, unknown>
  return Object.keys(record)
    .sort()
    .map((key) => [key, record[key]])
}

const noValue = '<no value>'

function printValue(value: unknown): string {
  return value === undefined || value === null ? noValue : goPrint(value)
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

function evaluate(pipe: readonly (readonly Expression[])[], dot: unknown, variables: Variables): unknown {
  let last: unknown
  pipe.forEach((command, index) => {
    last = runCommand(command, dot, variables, index === 0 ? [] : [last])
  })
  return last
}

function runCommand(
  command: readonly Expression[],
  dot: unknown,
  variables: Variables,
  piped: readonly unknown[],
): unknown {
  const [first, ...rest] = command
  if (first === undefined) throw new CommandError('parsing: missing value for command')
  if (first.type !== 'function') return valueOf(first, dot, variables)
  const call = functions[first.name]
  if (call === undefined) throw new CommandError(`parsing: function "${first.name}" not defined`)
  const values = [...rest.map((argument) => valueOf(argument, dot, variables)), ...piped]
  return call(...(values as never[]))
}

function valueOf(expression: Expression, dot: unknown, variables: Variables): unknown {
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'pipe':
      return follow(evaluate(expression.pipe, dot, variables), expression.fields)
    case 'field':
      return follow(dot, expression.fields)
    case 'variable':
      return follow(variables.get(expression.name), expression.fields)
    case 'function':
      return runCommand([expression], dot, variables, [])
  }
}

function follow(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce((current, field) => {
    if (current === undefined || current === null) return undefined
    if (typeof current !== 'object' || Array.isArray(current))
      throw new CommandError(
        `executing "output" at <.${fields.join('.')}>: can't evaluate field ${field} in type ${Array.isArray(current) ? '[]interface {}' : typeof current}`,
      )
    return (current as Record<string, unknown>)[field]
  }, value)
}

// Arguments come as they are; a template that mixes up types gets what JavaScript makes of them.
const functions: Readonly<Record<string, (...values: never[]) => unknown>> = {
  and: (...values: unknown[]) => values.find((value) => !isTrue(value)) ?? values.at(-1),
  or: (...values: unknown[]) => values.find(isTrue) ?? values.at(-1),
  not: (value: unknown) => !isTrue(value),
  eq: (first: unknown, ...others: unknown[]) => others.some((other) => other === first),
  ne: (a: unknown, b: unknown) => a !== b,
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
  len: (value: object | string) =>
    typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).length : (value as string).length,
  index: (value: unknown, ...keys: (string | number)[]) =>
    keys.reduce((current, key) => (current as Record<string, unknown> | undefined)?.[key], value),
  print: (...values: unknown[]) => values.map(goPrint).join(''),
  println: (...values: unknown[]) => `${values.map(goPrint).join(' ')}\n`,
  printf: (format: string, ...values: unknown[]) => formatText(format, values),
  html: (value: unknown) => goPrint(value),
  base64decode: (value: string) => fromBase64(value),
  exists: (value: unknown, ...keys: (string | number)[]) =>
    keys.reduce((current, key) => (current as Record<string, unknown> | undefined)?.[key], value) !== undefined,
}

function formatText(format: string, values: readonly unknown[]): string {
  let at = 0
  return format.replace(/%(-?\d*)([sdvqt%])/g, (_, width: string, verb: string) => {
    if (verb === '%') return '%'
    const value = values[at++]
    const shown = verb === 'q' ? goJson(sortKeys(value)) : goPrint(value)
    return width.startsWith('-') ? shown.padEnd(Number(width.slice(1))) : shown.padStart(Number(width))
  })
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Text of base64: bytes are read as UTF-8. */
export function fromBase64(text: string): string {
  return decodeUtf8(bytesOfBase64(text))
}

/** Bytes of base64. */
export function bytesOfBase64(text: string): number[] {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255)
  }
  return bytes
}

/** UTF-8 text as base64. */
export function toBase64(text: string): string {
  const bytes = utf8Of(text)
  let result = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3)
    const left = bytes.length - at
    result += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | (b >> 4)]!
    result += (left > 1 ? alphabet[((b & 15) << 2) | (c >> 6)]! : '=') + (left > 2 ? alphabet[c & 63]! : '=')
  }
  return result
}

/** The UTF-8 bytes of a text. */
export function utf8Of(text: string): number[] {
  return [...text].flatMap((character) => {
    const code = character.codePointAt(0)!
    if (code < 0x80) return [code]
    if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)]
    if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
  })
}

function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++]!
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let code = more === 0 ? first : first & (0x3f >> more)
    for (let index = 0; index < more; index++) code = (code << 6) | ((bytes[at++] ?? 0) & 63)
    text += String.fromCodePoint(code)
  }
  return text
}
