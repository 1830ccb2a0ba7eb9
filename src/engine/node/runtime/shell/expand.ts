import { evaluate } from './arithmetic.ts'
import type { Part, VariablePart, Word } from './code.ts'
import { globExpression } from './glob.ts'
import { assign, ShellError, valueOf, type ShellState } from './shellState.ts'

/** What expansion needs beyond the shell's own memory: names of files. */
export interface ExpansionHost {
  /** the paths that a pattern matches, sorted; characters that were quoted come escaped by a backslash */
  readonly paths: (pattern: string) => readonly string[]
}

/** A stretch of a field that is being built; `isLiteral` text neither splits nor matches files. */
interface Run {
  readonly text: string
  readonly isLiteral: boolean
}

/** All words of a command, expanded, split and matched against files. */
export function expandWords(words: readonly Word[], shell: ShellState, host: ExpansionHost): string[] {
  const fields: string[] = []
  for (const word of words) {
    const [only] = word
    if (word.length === 1 && only!.type === 'text') fields.push(only!.value)
    else for (const field of fieldsOf(word, shell)) fields.push(...matched(field, shell, host))
  }
  return fields
}

/** A word as one text: no splitting, no files. For assignments, redirections, `case`. */
export function expandText(word: Word, shell: ShellState): string {
  const [only] = word
  if (word.length === 1 && only!.type === 'text') return only!.value
  let text = ''
  for (const part of word) text = joined(text, textOf(part, shell))
  return text
}

const textCharsMax = 16_000_000

/** Two texts in one. A text that doubles and doubles ends its shell, as running out of memory does. */
export function joined(text: string, more: string): string {
  if (text.length + more.length > textCharsMax) throw new ShellError('xrealloc: cannot allocate memory', 2)
  return text + more
}

/** A word as a pattern: what was quoted is escaped. */
export function expandPattern(word: Word, shell: ShellState): string {
  let text = ''
  for (const part of word) {
    if (part.type === 'glob') text += part.value
    else if (part.type === 'text' || part.type === 'home' || part.quoted) text += escapePattern(textOf(part, shell))
    else text += textOf(part, shell)
  }
  return text
}

function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&')
}

function textOf(part: Part, shell: ShellState): string {
  switch (part.type) {
    case 'text':
    case 'glob':
      return part.value
    case 'home':
      return valueOf(shell, 'HOME') ?? '/root'
    case 'result':
      return shell.results[part.slot] ?? ''
    case 'arithmetic':
      return String(evaluate(part.expression, shell, (word) => expandText(word, shell)))
    case 'variable':
      return variableValues(part, shell).join(valueOf(shell, 'IFS')?.[0] ?? ' ')
  }
}

function fieldsOf(word: Word, shell: ShellState): Run[][] {
  const fields: Run[][] = []
  let current: Run[] | undefined
  const add = (run: Run): void => void (current ??= []).push(run)
  const end = (): void => {
    if (current) fields.push(current)
    current = undefined
  }
  const separators = valueOf(shell, 'IFS') ?? ' \t\n'
  const split = (text: string): void => {
    const isBlank = (char: string): boolean => separators.includes(char)
    let start = 0
    for (let index = 0; index <= text.length; index++) {
      if (index < text.length && !isBlank(text[index]!)) continue
      if (index > start) add({ text: text.slice(start, index), isLiteral: false })
      else if (index < text.length && !/\s/.test(text[index]!)) add({ text: '', isLiteral: true })
      if (index < text.length) end()
      start = index + 1
    }
  }
  for (const part of word) {
    if (part.type === 'text') add({ text: part.value, isLiteral: true })
    else if (part.type === 'glob') add({ text: part.value, isLiteral: false })
    else if (part.type === 'home') add({ text: textOf(part, shell), isLiteral: true })
    else if (part.type === 'variable' && isList(part)) {
      const values = variableValues(part, shell)
      values.forEach((value, index) => {
        if (index > 0) end()
        if (part.quoted) add({ text: value, isLiteral: true })
        else split(value)
      })
    } else if (
      part.type === 'variable' &&
      !part.quoted &&
      part.operand &&
      !isSet(part, shell) &&
      /^:?[-=]$/.test(part.operator ?? '')
    ) {
      // ${x:-"a b"}: what is quoted in the default stays together
      for (const field of fieldsOf(part.operand, shell)) {
        for (const run of field)
          if (run.isLiteral) add(run)
          else split(run.text)
      }
      if (part.operator!.endsWith('=')) assign(shell, part.name, expandText(part.operand, shell))
    } else if (part.quoted) add({ text: textOf(part, shell), isLiteral: true })
    else split(textOf(part, shell))
  }
  end()
  return fields
}

function matched(field: readonly Run[], shell: ShellState, host: ExpansionHost): readonly string[] {
  const isPattern = field.some(({ text, isLiteral }) => !isLiteral && /[*?[]/.test(text)) && !shell.options.f
  if (isPattern) {
    const paths = host.paths(field.map(({ text, isLiteral }) => (isLiteral ? escapePattern(text) : text)).join(''))
    if (paths.length > 0) return paths
  }
  return [field.map(({ text }) => text).join('')]
}

function isList(part: VariablePart): boolean {
  const whole = part.index?.[0]
  const isWhole = whole?.type === 'text' && whole.value === '@'
  return (
    part.prefix !== '#' &&
    part.operator === undefined &&
    (part.name === '@' || isWhole || (part.name === '*' && !part.quoted))
  )
}

function variableValues(part: VariablePart, shell: ShellState): readonly string[] {
  if (part.operator === undefined && part.prefix === undefined && part.index === undefined) {
    if (part.name === '@' || part.name === '*') return shell.parameters
    return [required(valueOf(shell, part.name), part, shell)]
  }
  if (part.index) return elementValues(part, shell)
  if (part.prefix === '#')
    return [
      String(
        part.name === '@' || part.name === '*' ? shell.parameters.length : (valueOf(shell, part.name) ?? '').length,
      ),
    ]
  if (part.prefix === '!') return [valueOf(shell, valueOf(shell, part.name) ?? '') ?? '']
  if (part.operator === 'slice' && (part.name === '@' || part.name === '*'))
    return slicedList(part, shell.parameters, shell)
  return [modified(part, valueOf(shell, part.name), shell)]
}

function slicedList(part: VariablePart, list: readonly string[], shell: ShellState): readonly string[] {
  const from = Math.max(0, wholeNumber(part.operand, shell) - 1)
  return list.slice(from, part.second ? from + wholeNumber(part.second, shell) : undefined)
}

function elementValues(part: VariablePart, shell: ShellState): readonly string[] {
  const variable = shell.variables.get(part.name)
  const list = variable ? (variable.list ?? [variable.value]) : []
  const index = expandText(part.index!, shell)
  if (index === '@' || index === '*') {
    if (part.prefix === '#') return [String(list.length)]
    if (part.prefix === '!') return list.map((_, at) => String(at))
    return list
  }
  const at = evaluate({ type: 'word', word: part.index! }, shell, (word) => expandText(word, shell))
  const value = list.at(at)
  return [part.prefix === '#' ? String((value ?? '').length) : modified(part, value, shell)]
}

function isSet(part: VariablePart, shell: ShellState): boolean {
  const value = part.index ? elementValues({ ...part, operator: '' }, shell)[0] : valueOf(shell, part.name)
  return part.operator?.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
}

function required(value: string | undefined, part: VariablePart, shell: ShellState): string {
  if (value === undefined && shell.options.u && !/^[@*#?$!-]$/.test(part.name))
    throw new ShellError(
      shell.flavour === 'bash' ? `${part.name}: unbound variable` : `${part.name}: parameter not set`,
      shell.flavour === 'bash' ? 1 : 2,
    )
  return value ?? ''
}

function modified(part: VariablePart, value: string | undefined, shell: ShellState): string {
  const { operator, operand } = part
  const text = (): string => (operand ? expandText(operand, shell) : '')
  const isMissing = value === undefined || (operator?.startsWith(':') === true && value === '')
  switch (operator) {
    case '-':
    case ':-':
      return isMissing ? text() : value
    case '=':
    case ':=':
      if (isMissing) assign(shell, part.name, text())
      return isMissing ? text() : value
    case '+':
    case ':+':
      return isMissing ? '' : text()
    case '?':
    case ':?':
      if (isMissing)
        throw new ShellError(`${part.name}: ${text() || 'parameter not set'}`, shell.flavour === 'bash' ? 127 : 2)
      return value
    case undefined:
    case '':
      return required(value, part, shell)
    case 'slice':
      return sliced(part, required(value, part, shell), shell)
    default:
      return edited(operator, required(value, part, shell), part, shell)
  }
}

function wholeNumber(word: Word | undefined, shell: ShellState): number {
  return word ? evaluate({ type: 'word', word }, shell, (one) => expandText(one, shell)) : 0
}

function sliced(part: VariablePart, value: string, shell: ShellState): string {
  const offset = wholeNumber(part.operand, shell)
  const from = offset < 0 ? Math.max(0, value.length + offset) : offset
  if (!part.second) return value.slice(from)
  const length = wholeNumber(part.second, shell)
  return length < 0 ? value.slice(from, length) : value.slice(from, from + length)
}

function edited(operator: string, value: string, part: VariablePart, shell: ShellState): string {
  const pattern = part.operand ? expandPattern(part.operand, shell) : '?'
  switch (operator) {
    case '#':
      return value.replace(globExpression(pattern, 'start', true), '')
    case '##':
      return value.replace(globExpression(pattern, 'start'), '')
    case '%':
      return shortestSuffix(value, pattern)
    case '%%':
      return value.replace(globExpression(pattern, 'end'), '')
    case '/':
    case '//':
    case '/#':
    case '/%':
      return replaced(operator, value, pattern, part, shell)
    case '^':
      return value.charAt(0).toUpperCase() + value.slice(1)
    case '^^':
      return value.toUpperCase()
    case ',':
      return value.charAt(0).toLowerCase() + value.slice(1)
    case ',,':
      return value.toLowerCase()
    default:
      throw new ShellError('Bad substitution', 2)
  }
}

function shortestSuffix(value: string, pattern: string): string {
  const expression = globExpression(pattern)
  for (let start = value.length; start >= 0; start--)
    if (expression.test(value.slice(start))) return value.slice(0, start)
  return value
}

function replaced(operator: string, value: string, pattern: string, part: VariablePart, shell: ShellState): string {
  const replacement = part.second ? expandText(part.second, shell) : ''
  const anchors = operator === '/#' ? 'start' : operator === '/%' ? 'end' : 'none'
  const expression = globExpression(pattern, anchors)
  if (operator === '//') return value.replace(new RegExp(expression.source, 'g'), () => replacement)
  return value.replace(expression, () => replacement)
}
