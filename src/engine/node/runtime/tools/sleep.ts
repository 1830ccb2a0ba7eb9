import { argumentsOf, complain, isBusybox, memoOf } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'

const unitMs: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Whoever sleeps longer is there to stay: a cluster does not wait for it to have settled. */
const idleMsMin = 600_000

/** Does nothing for a while. */
export const sleep = defineTool({
  names: ['sleep', 'usleep'],
  step(call) {
    const { host } = call.kernel
    const memo = memoOf(call, () => ({ until: -1, isIdle: false }))
    if (memo.until < 0) {
      const ms = durationOf(argumentsOf(call), call.process.argv[0]!.endsWith('usleep'))
      if (typeof ms === 'string') {
        complain(
          call,
          isBusybox(call)
            ? `sleep: invalid number '${ms}'\n`
            : `sleep: ${ms === '' ? 'missing operand' : `invalid time interval '${ms}'`}\nTry 'sleep --help' for more information.\n`,
        )
        return 1
      }
      memo.until = host.now() + ms
      memo.isIdle = call.process.memo.isIdle === true || ms >= idleMsMin
    }
    if (host.now() >= memo.until) return 0
    return { for: 'time', until: memo.until, isIdle: memo.isIdle }
  },
})

/** Milliseconds, or the word that makes no sense. */
function durationOf(words: readonly string[], isMicro: boolean): number | string {
  if (words.length === 0) return ''
  let ms = 0
  for (const word of words) {
    if (/^inf(inity)?$/i.test(word)) return Infinity
    const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word)
    if (!match) return word
    ms += isMicro ? Number(match[1]) / 1000 : Number(match[1]) * unitMs[match[2]!]!
  }
  return ms
}
