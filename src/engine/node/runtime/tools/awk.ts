import { argumentsOf, complain, memoOf, parseOptions, print } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'
import { eachLine } from './inputs.ts'
import { parseAwk, runAction, truth, type AwkState } from './awkLanguage.ts'

/** Prints fields of lines: a small part of awk (patterns, print, printf, arithmetic, variables). */
export const awk = defineTool({
  names: ['awk', 'gawk', 'mawk'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['F', 'v'], true)
    const rules = operands[0] === undefined ? undefined : parseAwk(operands[0])
    if (rules === undefined) {
      complain(call, `awk: syntax error in '${operands[0] ?? ''}'\n`)
      return 2
    }
    const memo = memoOf(call, (): AwkState => ({ variables: initial(flags), fields: [''], hasBegun: false, out: '' }))
    const flush = (): void => {
      print(call, memo.out)
      memo.out = ''
    }
    if (!memo.hasBegun) {
      memo.hasBegun = true
      for (const rule of rules) if (rule.when === 'BEGIN') runAction(rule.action, memo)
      flush()
      if (rules.every(({ when }) => when === 'BEGIN')) return 0
    }
    return eachLine(call, operands.slice(1), {
      line(line) {
        memo.variables.NR = Number(memo.variables.NR) + 1
        memo.fields = [line, ...splitFields(line, String(memo.variables.FS))]
        memo.variables.NF = memo.fields.length - 1
        for (const { when, pattern, action } of rules) {
          if (when === 'line' && (pattern === undefined || truth(pattern, memo))) runAction(action, memo)
        }
        flush()
      },
      end(status) {
        for (const rule of rules) if (rule.when === 'END') runAction(rule.action, memo)
        flush()
        return status
      },
    })
  },
})

function initial(flags: Readonly<Record<string, string | true>>): Record<string, string | number> {
  const variables: Record<string, string | number> = {
    NR: 0,
    NF: 0,
    FS: typeof flags.F === 'string' ? flags.F.replace('\\t', '\t') : ' ',
    OFS: ' ',
  }
  const given = typeof flags.v === 'string' ? /^(\w+)=([^]*)$/.exec(flags.v) : null
  if (given) variables[given[1]!] = given[2]!
  return variables
}

function splitFields(line: string, separator: string): string[] {
  if (separator === ' ') return line.trim() === '' ? [] : line.trim().split(/\s+/)
  if (line === '') return []
  return line.split(separator.length > 1 ? new RegExp(separator) : separator)
}
