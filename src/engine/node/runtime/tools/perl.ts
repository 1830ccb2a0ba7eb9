import { argumentsOf, memoOf, print } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'

const msPerThousandDigits = 2500

/** Perl, as far as examples go: `print bpi(2000)` and plain texts. */
export const perl = defineTool({
  names: ['perl'],
  step(call) {
    const words = argumentsOf(call)
    const at = words.findIndex((word) => /^-\w*e$/.test(word))
    const script = at < 0 ? '' : (words[at + 1] ?? '')
    const digits = Number(/bpi\((\d+)\)/.exec(script)?.[1] ?? 0)
    const { host } = call.kernel
    const memo = memoOf(call, () => ({ until: host.now() + 100 + (digits / 1000) * msPerThousandDigits }))
    call.process.cpuMilli = 1000
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    const newline = /^-\w*l/.test(words[at] ?? '') ? '\n' : ''
    if (digits > 0) print(call, `${pi(Math.min(digits, 10_000))}${newline}`)
    for (const match of script.matchAll(/print\s+(?:"([^"]*)"|'([^']*)')/g))
      print(call, `${(match[1] ?? match[2] ?? '').replace(/\\n/g, '\n')}${newline}`)
    return Number(/exit\s*\(?\s*(\d+)/.exec(script)?.[1] ?? 0)
  },
})

/** Pi with so many significant digits, by Machin's formula in whole numbers. */
export function pi(digits: number): string {
  const guard = 10n
  const unit = 10n ** (BigInt(digits) - 1n + guard)
  const value = 4n * (4n * arctangent(5n, unit) - arctangent(239n, unit))
  const rounded = (value + 5n * 10n ** (guard - 1n)) / 10n ** guard
  const text = rounded.toString()
  return digits > 1 ? `${text[0]}.${text.slice(1)}` : text
}

function arctangent(inverse: bigint, unit: bigint): bigint {
  let term = unit / inverse
  let sum = term
  const square = inverse * inverse
  for (let divisor = 3n, sign = -1n; term !== 0n; divisor += 2n, sign = -sign) {
    term /= square
    sum += (sign * term) / divisor
  }
  return sum
}
