import { CommandError } from '../errors.ts'
import { parseDuration } from '../duration.ts'
import type { Flag, Flags } from './flags.ts'

/** A command line taken apart. */
export interface Line {
  /** what is no flag, in order */
  readonly args: readonly string[]
  /** how many arguments stood before `--`; -1 without one */
  readonly dash: number
  readonly values: Record<string, unknown>
  /** the flags that were written down */
  readonly given: ReadonlySet<string>
  /** the same in their order, each with its value as it was written: `--image=nginx` */
  readonly said: readonly string[]
  /** printed before the command runs */
  readonly notes: readonly string[]
}

/** Reads words by a command's flags; throws in pflag's words. */
// upstream: github.com/spf13/pflag flag.go
export function parseLine(words: readonly string[], flags: Flags): Line {
  const args: string[] = []
  const given = new Set<string>()
  const notes: string[] = []
  const said: string[] = []
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, flag.initial]),
  )
  const shorts = new Map(
    Object.entries(flags).flatMap(([name, flag]) => (flag.short === undefined ? [] : [[flag.short, name] as const])),
  )
  let dash = -1
  let at = 0

  function set(name: string, word: string): void {
    const flag = flags[name]!
    values[name] = combine(flag, given.has(name) ? values[name] : undefined, readValue(name, flag, word))
    given.add(name)
    said.push(`--${name}=${word}`)
    if (flag.deprecated !== undefined) notes.push(`Flag --${name} has been deprecated, ${flag.deprecated}`)
  }

  function long(word: string): void {
    const [name, value] = cut(word.slice(2))
    const flag = Object.hasOwn(flags, name) ? flags[name]! : undefined
    if (flag === undefined)
      throw new CommandError(
        name.startsWith('-') || name === '' ? `bad flag syntax: ${word}` : `unknown flag: --${name}`,
      )
    if (value !== undefined) set(name, value)
    else if (flag.bare !== undefined) set(name, flag.bare)
    else if (at < words.length) set(name, words[at++]!)
    else throw new CommandError(`flag needs an argument: --${name}`)
  }

  function short(word: string): void {
    for (let index = 1; index < word.length; index++) {
      const letter = word[index]!
      const name = shorts.get(letter)
      if (name === undefined) throw new CommandError(`unknown shorthand flag: '${letter}' in ${word}`)
      const rest = word.slice(index + 1)
      if (rest.length > 1 && rest.startsWith('=')) return set(name, rest.slice(1))
      const { bare } = flags[name]!
      if (bare !== undefined) {
        set(name, bare)
        continue
      }
      if (rest !== '') return set(name, rest)
      if (at >= words.length) throw new CommandError(`flag needs an argument: '${letter}' in ${word}`)
      return set(name, words[at++]!)
    }
  }

  while (at < words.length) {
    const word = words[at++]!
    if (word === '--') {
      dash = args.length
      args.push(...words.slice(at))
      break
    }
    if (word.startsWith('--')) long(word)
    else if (word.startsWith('-') && word.length > 1) short(word)
    else args.push(word)
  }
  return { args, dash, values, given, said, notes }
}

function cut(word: string): [name: string, value?: string] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)]
}

function combine(flag: Flag, before: unknown, value: unknown): unknown {
  const isMany = flag.type === 'strings' || flag.type === 'list'
  return isMany && before !== undefined ? [...(before as string[]), ...(value as string[])] : value
}

function readValue(name: string, flag: Flag, word: string): unknown {
  if (flag.type === 'string') return word
  if (flag.type === 'list') return [word]
  if (flag.type === 'strings') return word === '' ? [] : readCommas(word)
  const value =
    flag.type === 'bool' ? readBool(word) : flag.type === 'int' ? readInt(word, flag.bits ?? 64) : parseDuration(word)
  if (typeof value === 'object' || value === undefined) {
    const reason = value === undefined ? durationComplaint(word) : value.complaint
    const shown = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`
    throw new CommandError(`invalid argument "${word}" for "${shown}" flag: ${reason}`)
  }
  return value
}

interface Complaint {
  readonly complaint: string
}

function readBool(word: string): boolean | Complaint {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(word)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(word)) return false
  return { complaint: `strconv.ParseBool: parsing "${word}": invalid syntax` }
}

function readInt(word: string, bits: number): number | Complaint {
  if (!/^[-+]?(0[xX][\da-fA-F]+|\d+)$/.test(word))
    return { complaint: `strconv.ParseInt: parsing "${word}": invalid syntax` }
  const value = Number(word)
  const limit = 2 ** (bits - 1)
  if (value >= limit || value < -limit) return { complaint: `strconv.ParseInt: parsing "${word}": value out of range` }
  return value
}

function durationComplaint(word: string): string {
  const text = JSON.stringify(word)
  if (/^[-+]?[\d.]+$/.test(word)) return `time: missing unit in duration ${text}`
  const unit = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(word)?.[1]
  return unit === undefined
    ? `time: invalid duration ${text}`
    : `time: unknown unit ${JSON.stringify(unit)} in duration ${text}`
}

/** Splits at commas, a quoted part staying whole, as Go's csv reader does. */
function readCommas(word: string): string[] {
  const parts = [...word.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/g)]
  const values: string[] = []
  for (const [, quoted, plain = '', end] of parts) {
    values.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '') break
  }
  return values
}
