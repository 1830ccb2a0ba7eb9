import { read } from '../kernel/descriptors.ts'
import { argumentsOf, complain, isBusybox, memoOf, parseOptions, print } from '../kernel/io.ts'
import { defineTool, type Call, type Step } from '../kernel/tool.ts'
import { linesOf, readFile } from './inputs.ts'

/** Prints files, or what it reads. */
export const cat = defineTool({
  names: ['cat'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call))
    const memo = memoOf(call, () => ({ at: 0, status: 0, number: 0 }))
    const show = (text: string): void => print(call, flags.n ? numbered(text, memo) : text)
    const sources = operands.length === 0 ? ['-'] : operands
    while (memo.at < sources.length) {
      const source = sources[memo.at]!
      if (source === '-') {
        const step = copyInput(call, show)
        if (step !== undefined) return step
      } else if (/^\/dev\/(zero|urandom|random)$/.test(source)) {
        complain(call, `cat: ${source}: ${isBusybox(call) ? 'endless' : 'endless'} device\n`)
        memo.status = 1
      } else {
        const text = readFile(call, source)
        if (text === undefined) memo.status = 1
        else show(text)
      }
      memo.at++
    }
    return memo.status
  },
})

function copyInput(call: Call, show: (text: string) => void): Step | undefined {
  for (;;) {
    const text = read(call.kernel, call.process, 0)
    if (text === undefined) return { for: 'input', fd: 0 }
    if (text === '') return undefined
    show(text)
  }
}

function numbered(text: string, memo: { number: number }): string {
  return linesOf(text)
    .map((line) => `${String(++memo.number).padStart(6)}\t${line}`)
    .join('')
}
