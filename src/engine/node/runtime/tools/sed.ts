import { namedClasses } from '../shell/glob.ts'
import { argumentsOf, complain, filesOf, isFileError, memoOf, parseOptions, pathOf, print } from '../kernel/io.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { basicExpression } from './grep.ts'
import { eachLine, linesOf } from './inputs.ts'

interface SedCommand {
  readonly from: Address | undefined
  readonly to: Address | undefined
  readonly isNegated: boolean
  readonly verb: string
  readonly expression?: RegExp
  readonly text: string
  readonly flags: string
}

type Address = number | '$' | RegExp

/** Edits lines: s, y, d, p, q, a, i, c, =, with addresses. */
export const sed = defineTool({
  names: ['sed'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['e', 'f'])
    const script = typeof flags.e === 'string' ? flags.e : operands[0]
    const files = typeof flags.e === 'string' ? operands : operands.slice(1)
    const commands = script === undefined ? undefined : parseScript(script, flags.E === true || flags.r === true)
    if (commands === undefined) {
      complain(
        call,
        script === undefined
          ? 'Usage: sed [OPTION]... {script} [input-file]...\n'
          : `sed: unsupported command in '${script}'\n`,
      )
      return 1
    }
    if (flags.i !== undefined) return inPlace(call, files, commands, flags.n === true)
    const memo = memoOf(call, () => ({ number: 0, inside: commands.map(() => false) }))
    return eachLine(call, files, {
      line(line, hasNewline) {
        memo.number++
        const { out, isOver } = edit(line, memo, commands, flags.n === true, false)
        print(call, hasNewline ? out : out.replace(/\n$/, ''))
        return isOver ? 0 : undefined
      },
      end: (status) => status,
    })
  },
})

function inPlace(call: Call, operands: readonly string[], commands: readonly SedCommand[], isSilent: boolean): number {
  let status = 0
  for (const operand of operands) {
    const path = pathOf(call, operand)
    const text = filesOf(call).read(path)
    if (isFileError(text)) {
      complain(call, `sed: can't read ${operand}: ${text.error}\n`)
      status = 1
      continue
    }
    const memo = { number: 0, inside: commands.map(() => false) }
    const lines = linesOf(text)
    const out = lines.map((line, index) => {
      memo.number++
      return edit(line.replace(/\n$/, ''), memo, commands, isSilent, index === lines.length - 1).out
    })
    const error = filesOf(call).write(path, out.join(''), false)
    if (error) {
      complain(call, `sed: couldn't open temporary file: ${error.error}\n`)
      status = 4
    }
  }
  return status
}

function edit(
  line: string,
  memo: { number: number; inside: boolean[] },
  commands: readonly SedCommand[],
  isSilent: boolean,
  isLast: boolean,
): { out: string; isOver: boolean } {
  let text = line
  let before = ''
  let after = ''
  for (const [index, command] of commands.entries()) {
    if (isSelected(command, index, text, memo, isLast) === command.isNegated) continue
    switch (command.verb) {
      case 's': {
        const replaced = substitute(text, command)
        if (replaced !== undefined) {
          text = replaced
          if (command.flags.includes('p')) before += `${text}\n`
        }
        break
      }
      case 'd':
        return { out: before, isOver: false }
      case 'p':
        before += `${text}\n`
        break
      case 'q':
        return { out: `${before}${isSilent ? '' : `${text}\n`}`, isOver: true }
      case 'a':
        after += `${command.text}\n`
        break
      case 'i':
        before += `${command.text}\n`
        break
      case 'c':
        return { out: `${before}${command.text}\n`, isOver: false }
      case '=':
        before += `${memo.number}\n`
        break
      case 'y':
        text = [...text].map((char) => transliterated(char, command)).join('')
    }
  }
  return { out: `${before}${isSilent ? '' : `${text}\n`}${after}`, isOver: false }
}

function transliterated(char: string, command: SedCommand): string {
  const at = command.text.indexOf(char)
  return at < 0 ? char : (command.flags[at] ?? char)
}

function isSelected(
  command: SedCommand,
  index: number,
  text: string,
  memo: { number: number; inside: boolean[] },
  isLast: boolean,
): boolean {
  if (command.from === undefined) return true
  const fits = (address: Address): boolean =>
    address === '$' ? isLast : typeof address === 'number' ? memo.number === address : address.test(text)
  if (command.to === undefined) return fits(command.from)
  if (memo.inside[index]) {
    if (fits(command.to) || (typeof command.to === 'number' && memo.number >= command.to)) memo.inside[index] = false
    return true
  }
  if (!fits(command.from)) return false
  memo.inside[index] = !(typeof command.to === 'number' && command.to <= memo.number)
  return true
}

function substitute(text: string, command: SedCommand): string | undefined {
  const nth = Number(/\d+/.exec(command.flags)?.[0] ?? 0)
  let count = 0
  let isChanged = false
  const out = text.replace(command.expression!, (...found: unknown[]) => {
    count++
    const whole = found[0] as string
    if (nth > 0 && count !== nth && !(command.flags.includes('g') && count > nth)) return whole
    isChanged = true
    return command.text.replace(/\\([\s\S])|&/g, (part, escaped?: string) => {
      if (part === '&') return whole
      if (/\d/.test(escaped!)) return escaped === '0' ? whole : ((found[Number(escaped)] as string | undefined) ?? '')
      return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped!
    })
  })
  return isChanged ? out : undefined
}

const scripts = new Map<string, readonly SedCommand[] | undefined>()

function parseScript(script: string, isExtended: boolean): readonly SedCommand[] | undefined {
  const key = `${isExtended}${script}`
  if (!scripts.has(key)) {
    if (scripts.size > 500) scripts.clear()
    scripts.set(key, parsed(script, isExtended))
  }
  return scripts.get(key)
}

function parsed(script: string, isExtended: boolean): readonly SedCommand[] | undefined {
  const commands: SedCommand[] = []
  let rest = script
  const expression = (source: string, flags = ''): RegExp | undefined => {
    try {
      return new RegExp(isExtended ? namedClasses(source) : basicExpression(source), flags)
    } catch {
      return undefined
    }
  }
  const address = (): Address | undefined => {
    const match = /^(?:(\d+)|(\$)|\/((?:[^\\/]|\\.)*)\/)\s*/.exec(rest)
    if (!match) return undefined
    rest = rest.slice(match[0].length)
    return match[1] === undefined ? (match[2] ? '$' : expression(match[3]!.replace(/\\\//g, '/'))) : Number(match[1])
  }
  for (;;) {
    rest = rest.replace(/^[\s;{}]+/, '')
    if (rest === '' || rest.startsWith('#')) return commands
    const from = address()
    let to: Address | undefined
    if (from !== undefined && rest.startsWith(',')) {
      rest = rest.slice(1)
      to = address()
    }
    const isNegated = rest.startsWith('!')
    rest = rest.replace(/^!\s*/, '')
    const verb = rest[0] ?? ''
    rest = rest.slice(1)
    const base = { from, to, isNegated, verb }
    if (verb === 's' || verb === 'y') {
      const [first, second, flags, length] = delimited(rest)
      if (length === 0) return undefined
      rest = rest.slice(length)
      if (verb === 'y') commands.push({ ...base, text: first, flags: second })
      else {
        const compiled = expression(first, `${/[g\d]/.test(flags) ? 'g' : ''}${/[iI]/.test(flags) ? 'i' : ''}`)
        if (!compiled) return undefined
        commands.push({ ...base, expression: compiled, text: second, flags })
      }
    } else if (/^[aic]$/.test(verb)) {
      const end = rest.indexOf('\n', rest.startsWith('\\\n') ? 2 : 0)
      const text = (end < 0 ? rest : rest.slice(0, end)).replace(/^\s*\\?\n?\s*/, '')
      rest = end < 0 ? '' : rest.slice(end)
      commands.push({ ...base, text, flags: '' })
    } else if (/^[dpq=]$/.test(verb)) commands.push({ ...base, text: '', flags: '' })
    else return undefined
  }
}

/** `/a/b/g` taken apart, and how long it is; 0 when it does not end. */
function delimited(text: string): readonly [first: string, second: string, flags: string, length: number] {
  const mark = text[0] ?? '/'
  const pieces: string[] = []
  let piece = ''
  let at = 1
  for (; at < text.length && pieces.length < 2; at++) {
    const char = text[at]!
    if (char === '\\' && at + 1 < text.length) {
      const next = text[++at]!
      piece += next === mark ? mark : `\\${next}`
    } else if (char === mark) {
      pieces.push(piece)
      piece = ''
    } else piece += char
  }
  if (pieces.length < 2) return ['', '', '', 0]
  const flags = /^[gpiI\d]*/.exec(text.slice(at))![0]
  return [pieces[0]!, pieces[1]!, flags, at + flags.length]
}
