import {
  argumentsOf,
  complain,
  filesOf,
  isFileError,
  memoOf,
  parseOptions,
  pathOf,
  print,
  surroundingsOf,
} from '../kernel/io.ts'
import { defineTool, type Call } from '../kernel/tool.ts'
import { linesOf, readFile, readWhole, withCount } from './inputs.ts'

/** The last lines; with -f it goes on as the file grows. */
export const tail = defineTool({
  names: ['tail'],
  step(call) {
    const { flags, operands } = parseOptions(withCount(argumentsOf(call)), ['n', 'c', 'lines', 'bytes', 'pid', 's'])
    const count = String(flags.n ?? flags.lines ?? '10')
    const follows = flags.f === true || flags.F === true || flags.follow !== undefined
    if (operands.length === 0) {
      const text = readWhole(call, [])
      if (text === undefined) return { for: 'input', fd: 0 }
      print(call, lastOf(text, count))
      return 0
    }
    const memo = memoOf(call, () => ({ offsets: operands.map(() => -1), shown: -1, hasBegun: false }))
    if (!memo.hasBegun) {
      memo.hasBegun = true
      const status = begin(
        call,
        operands,
        memo,
        typeof flags.c === 'string' ? undefined : count,
        String(flags.c ?? ''),
        flags.F === true,
      )
      if (!follows) return status
      if (!flags.F && memo.offsets.every((offset) => offset < 0)) {
        complain(call, 'tail: no files remaining\n')
        return 1
      }
    } else operands.forEach((operand, index) => more(call, operand, index, memo, operands.length > 1))
    return { for: 'change', paths: Object.freeze(operands.map((operand) => pathOf(call, operand))) }
  },
})

interface Memo {
  offsets: number[]
  shown: number
}

function begin(
  call: Call,
  operands: readonly string[],
  memo: Memo,
  lines: string | undefined,
  bytes: string,
  isPatient: boolean,
): number {
  let status = 0
  operands.forEach((operand, index) => {
    if (operand === '/dev/null') return void (memo.offsets[index] = 0)
    const text = isPatient ? quietly(call, operand) : readFile(call, operand)
    if (text === undefined) {
      if (isPatient) complain(call, missing(call, operand))
      status = 1
      return
    }
    title(call, operand, index, memo, operands.length > 1)
    print(call, lines === undefined ? text.slice(-Number(bytes)) : lastOf(text, lines))
    memo.offsets[index] = text.length
  })
  return status
}

function missing(call: Call, operand: string): string {
  return surroundingsOf(call).family === 'busybox'
    ? `tail: can't open '${operand}': No such file or directory\n`
    : `tail: cannot open '${operand}' for reading: No such file or directory\n`
}

function quietly(call: Call, operand: string): string | undefined {
  const text = filesOf(call).read(pathOf(call, operand))
  return isFileError(text) ? undefined : text
}

function more(call: Call, operand: string, index: number, memo: Memo, hasTitles: boolean): void {
  const text = quietly(call, operand)
  if (text === undefined) return
  const offset = memo.offsets[index]!
  if (text.length === offset) return
  title(call, operand, index, memo, hasTitles)
  // a file that shrank was replaced: it is read from its start
  print(call, text.slice(offset < 0 || text.length < offset ? 0 : offset))
  memo.offsets[index] = text.length
}

function title(call: Call, operand: string, index: number, memo: Memo, hasTitles: boolean): void {
  if (!hasTitles || memo.shown === index) return
  print(call, `${memo.shown < 0 ? '' : '\n'}==> ${operand} <==\n`)
  memo.shown = index
}

function lastOf(text: string, count: string): string {
  const lines = linesOf(text)
  if (count.startsWith('+')) return lines.slice(Math.max(0, Number(count) - 1)).join('')
  const number = Math.abs(Number(count))
  return number === 0 ? '' : lines.slice(-number).join('')
}
