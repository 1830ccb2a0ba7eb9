import { EtcdctlError } from './errors.ts'

/** One flag of a command, as `pflag` keeps it. */
export interface Flag {
  readonly name: string
  readonly short?: string
  readonly type: FlagType
  /** what it is unless said, as the usage shows it */
  readonly usual: string
  readonly about: string
  /** it is taken and would change what happens, which nothing here does */
  readonly isUnplayed?: true
}

/** What a flag's value is. */
export type FlagType = 'bool' | 'string' | 'int64' | 'int' | 'uint' | 'duration' | 'stringSlice'

/** Flags and words that were said; a switch that is on is `true`. */
export interface Said {
  readonly flags: ReadonlyMap<string, string>
  readonly args: readonly string[]
  /** how many words come before a `--`; undefined where there is none */
  readonly dashAt: number | undefined
}

/** Takes words apart as `pflag` does. Throws an EtcdctlError in its words. upstream: github.com/spf13/pflag flag.go */
export function parseFlags(words: readonly string[], known: readonly Flag[]): Said {
  const [flags, args] = [new Map<string, string>(), [] as string[]]
  let rest = [...words]
  const set = (flag: Flag, text: string): void => void flags.set(flag.name, checked(flag, text))
  while (rest.length > 0) {
    const word = rest.shift()!
    if (word === '--') return { flags, args: [...args, ...rest], dashAt: args.length }
    if (!word.startsWith('-') || word === '-') args.push(word)
    else if (word.startsWith('--')) rest = parseLong(word, rest, known, set)
    else rest = parseShorts(word.slice(1), rest, known, set)
  }
  return { flags, args, dashAt: undefined }
}

type Setter = (flag: Flag, text: string) => void

function parseLong(word: string, rest: string[], known: readonly Flag[], set: Setter): string[] {
  const [name = '', ...parts] = word.slice(2).split('=')
  if (name === '' || name.startsWith('-')) throw new EtcdctlError(`bad flag syntax: ${word}`)
  const flag = known.find((each) => each.name === name)
  if (flag === undefined) throw new EtcdctlError(`unknown flag: --${name}`)
  if (parts.length > 0) set(flag, parts.join('='))
  else if (flag.type === 'bool') set(flag, 'true')
  else if (rest.length === 0) throw new EtcdctlError(`flag needs an argument: --${name}`)
  else set(flag, rest.shift()!)
  return rest
}

function parseShorts(letters: string, rest: string[], known: readonly Flag[], set: Setter): string[] {
  for (let at = 0; at < letters.length; at++) {
    const [letter, left] = [letters[at]!, letters.slice(at + 1)]
    const flag = known.find(({ short }) => short === letter)
    const place = `'${letter}' in -${letters.slice(at)}`
    if (flag === undefined) throw new EtcdctlError(`unknown shorthand flag: ${place}`)
    if (left.length > 1 && left.startsWith('=')) {
      set(flag, left.slice(1))
      return rest
    }
    if (flag.type === 'bool') {
      set(flag, 'true')
      continue
    }
    if (left === '' && rest.length === 0) throw new EtcdctlError(`flag needs an argument: ${place}`)
    set(flag, left === '' ? rest.shift()! : left)
    return rest
  }
  return rest
}

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const lies: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

function checked(flag: Flag, text: string): string {
  if (flag.type === 'bool' && (truths.has(text) || lies.has(text))) return String(truths.has(text))
  const problem = problemWith(flag.type, text)
  if (problem === undefined) return text
  const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`
  throw new EtcdctlError(`invalid argument ${JSON.stringify(text)} for "${name}" flag: ${problem}`)
}

/** What Go says of a text that is no such value. */
function problemWith(type: FlagType, text: string): string | undefined {
  const parsing = `parsing ${JSON.stringify(text)}: invalid syntax`
  if (type === 'bool') return `strconv.ParseBool: ${parsing}`
  if (type === 'int64' || type === 'int') return /^[+-]?\d+$/.test(text) ? undefined : `strconv.ParseInt: ${parsing}`
  if (type === 'uint') return /^\d+$/.test(text) ? undefined : `strconv.ParseUint: ${parsing}`
  if (type !== 'duration' || /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(text)) return undefined
  const isUnitless = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)
  return `time: ${isUnitless ? 'missing unit in' : 'invalid'} duration ${JSON.stringify(text)}`
}
