import { read, readLine } from '../kernel/descriptors.ts'
import { complain, filesOf, isBusybox, isFileError, pathOf } from '../kernel/io.ts'
import type { Call, Step } from '../kernel/tool.ts'

/** The old way to say how many lines, `-12`, in the new one. */
export function withCount(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => (/^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word]))
}

/** What a filter does with its input. A number ends it at once, with that exit code. */
export interface LineHandlers {
  readonly line: (line: string, hasNewline: boolean, file: string) => number | undefined | void
  readonly end: (status: number) => number
}

/** Feeds lines from files, or from the input as they come, to a filter. State between steps must be kept by the filter in its memo. */
export function eachLine(call: Call, operands: readonly string[], handlers: LineHandlers): Step {
  const { process } = call
  let status = 0
  if (operands.length === 0 || (operands.length === 1 && operands[0] === '-')) {
    for (let count = 0; count < 5000; count++) {
      const line = readLine(call.kernel, process, 0)
      if (line === undefined) return { for: 'input', fd: 0 }
      if (line === '') return handlers.end(status)
      const ended = handlers.line(line.replace(/\n$/, ''), line.endsWith('\n'), '')
      if (typeof ended === 'number') return ended
    }
    return 'again'
  }
  for (const operand of operands) {
    const text = readFile(call, operand)
    if (text === undefined) {
      status = process.argv[0] === 'grep' ? 2 : 1
      continue
    }
    for (const line of linesOf(text)) {
      const ended = handlers.line(line.replace(/\n$/, ''), line.endsWith('\n'), operand)
      if (typeof ended === 'number') return ended
    }
  }
  return handlers.end(status)
}

/** A text's lines, each with its newline. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
}

/** A file's text; complains in the tool's name when it cannot be read. `-` is not known here. */
export function readFile(call: Call, operand: string): string | undefined {
  const text = filesOf(call).read(pathOf(call, operand))
  if (!isFileError(text)) {
    noteRead(call, operand)
    return text
  }
  const [name] = call.process.argv
  const tool = name!.slice(name!.lastIndexOf('/') + 1)
  const opens = isBusybox(call) && text.error !== 'Is a directory' && tool !== 'grep' && tool !== 'sort'
  complain(
    call,
    opens
      ? `${tool}: can't open '${operand}': ${text.error}\n`
      : `${tool}: ${isBusybox(call) && tool === 'cat' ? `read error: ` : `${operand}: `}${text.error}\n`,
  )
  return undefined
}

/** Reading what another container wrote is worth a trace record: that is how containers of a pod share work. */
function noteRead(call: Call, operand: string): void {
  const { host } = call.kernel
  const path = pathOf(call, operand)
  const node = filesOf(call).find(path)
  if (node?.kind === 'file' && node.writer !== undefined)
    host.record(call.kernel, 'file.read', { path, writtenBy: node.writer })
}

/** All of the input, or of the files: undefined when more may come (wait for input on descriptor 0). */
export function readWhole(call: Call, operands: readonly string[]): string | undefined {
  if (operands.length > 0 && operands[0] !== '-') return operands.map((one) => readFile(call, one) ?? '').join('')
  const memo = call.process.memo as { gathered?: string }
  memo.gathered ??= ''
  for (;;) {
    const text = read(call.kernel, call.process, 0)
    if (text === undefined) return undefined
    if (text === '') return memo.gathered
    memo.gathered += text
  }
}
