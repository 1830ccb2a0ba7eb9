import { namedClasses, escapeExpression } from '../shell/glob.ts'
import { argumentsOf, complain, filesOf, memoOf, parseOptions, pathOf, print } from '../kernel/io.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { eachLine } from './inputs.ts'

/** Prints lines that match. */
export const grep = defineTool({
  names: ['grep', 'egrep', 'fgrep'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['e', 'm', 'A', 'B', 'C', 'max-count', 'f'])
    const pattern = typeof flags.e === 'string' ? flags.e : operands[0]
    if (pattern === undefined) {
      complain(call, 'Usage: grep [OPTION]... PATTERNS [FILE]...\n')
      return 2
    }
    const files = searchedFiles(
      call,
      typeof flags.e === 'string' ? operands : operands.slice(1),
      flags.r === true || flags.R === true,
    )
    const expression = expressionOf(pattern, flags, call.process.argv[0]!)
    if (expression === undefined) {
      complain(call, `grep: bad regex '${pattern}'\n`)
      return 2
    }
    const memo = memoOf(call, () => ({ count: 0, number: 0, file: '', after: 0 }))
    const max = Number(flags.m ?? flags['max-count'] ?? Infinity)
    const isNamed = (files.length > 1 || flags.r === true) && !flags.h
    const show = (file: string, number: number, text: string): void =>
      print(call, `${isNamed || flags.H ? `${file}:` : ''}${flags.n ? `${number}:` : ''}${text}\n`)
    return eachLine(call, files, {
      line(line, _, file) {
        if (file !== memo.file) Object.assign(memo, { file, number: 0 })
        memo.number++
        const match = expression.exec(line)
        if ((match !== null) === (flags.v === true)) {
          if (memo.after > 0 && memo.after-- > 0) show(file, memo.number, line)
          return undefined
        }
        memo.count++
        memo.after = Number(flags.A ?? flags.C ?? 0)
        if (flags.q) return 0
        if (flags.l) {
          print(call, `${file}\n`)
          return 0
        }
        if (!flags.c) for (const text of flags.o ? matchesOf(expression, line) : [line]) show(file, memo.number, text)
        return memo.count >= max && !flags.c ? 0 : undefined
      },
      end(status) {
        if (flags.c) print(call, `${memo.count}\n`)
        return memo.count > 0 ? 0 : status || 1
      },
    })
  },
})

function searchedFiles(call: Call, operands: readonly string[], isDeep: boolean): readonly string[] {
  if (!isDeep) return operands
  const below = (path: string): string[] => {
    const names = filesOf(call).list(pathOf(call, path))
    return names ? names.flatMap((name) => below(`${path === '/' ? '' : path}/${name}`)) : [path]
  }
  return (operands.length > 0 ? operands : ['.']).flatMap(below)
}

function matchesOf(expression: RegExp, line: string): string[] {
  return [...line.matchAll(new RegExp(expression.source, `${expression.flags}g`))]
    .map(([text]) => text)
    .filter((text) => text !== '')
}

function expressionOf(
  pattern: string,
  flags: Readonly<Record<string, string | true>>,
  name: string,
): RegExp | undefined {
  const isFixed = flags.F === true || name === 'fgrep'
  const isExtended = flags.E === true || flags.P === true || name === 'egrep'
  const sources = pattern
    .split('\n')
    .map((one) => (isFixed ? escapeExpression(one) : isExtended ? namedClasses(one) : basicExpression(one)))
  let source = sources.length > 1 ? sources.map((one) => `(?:${one})`).join('|') : sources[0]!
  if (flags.w) source = `\\b(?:${source})\\b`
  if (flags.x) source = `^(?:${source})$`
  try {
    return new RegExp(source, flags.i ? 'i' : '')
  } catch {
    return undefined
  }
}

/** A basic regular expression in JavaScript's form: there, `+ ? | ( ) { }` are plain unless escaped. */
export function basicExpression(text: string): string {
  const swapped = text.replace(
    /\\([+?|(){}])|([+?|(){}])/g,
    (_, escaped?: string, plain?: string) => escaped ?? `\\${plain}`,
  )
  return namedClasses(swapped.replace(/^\*/, '\\*'))
}
