import { endless, keysBelow, type KeyRange } from '#engine'

/** A command line of etcdctl, taken apart. */
export interface Line {
  /** the words that are no flags: `get /registry/pods` */
  readonly words: readonly string[]
  readonly flags: ReadonlyMap<string, string>
}

/** A command line that makes no sense. */
export class EtcdctlError extends Error {
  override name = 'EtcdctlError'
  readonly code: number

  constructor(message: string, code: number = exitCodes.error) {
    super(message)
    this.code = code
  }
}

/** upstream: pkg/cobrautl/error.go */
export const exitCodes = Object.freeze({ error: 1, badConnection: 2, invalidInput: 3, badFeature: 4, badArgs: 128 })

const shorts: Readonly<Record<string, string>> = { w: 'write-out', h: 'help', i: 'interactive' }

/** Flags that take a value. */
const valued: ReadonlySet<string> = new Set([
  ...['write-out', 'endpoints', 'cacert', 'cert', 'key', 'user', 'command-timeout', 'dial-timeout'],
  ...['limit', 'rev', 'order', 'sort-by', 'consistency', 'lease'],
])

/** Flags that are said or not; those of the connection are taken and mean nothing here. */
const switches: ReadonlySet<string> = new Set([
  ...['prefix', 'keys-only', 'count-only', 'print-value-only', 'help', 'cluster', 'physical', 'from-key'],
  ...['insecure-skip-tls-verify', 'insecure-transport', 'hex'],
  ...['prev-kv', 'range', 'keys', 'once', 'interactive'],
])

/** Reads flags and words as etcdctl does. */
export function readLine(argv: readonly string[]): Line {
  const words: string[] = []
  const flags = new Map<string, string>()
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!
    if (word === '--') {
      words.push(...argv.slice(index + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const given = word.replace(/^--?/, '').slice(0, equals < 0 ? undefined : equals - (word.startsWith('--') ? 2 : 1))
    const name = word.startsWith('--') ? given : (shorts[given] ?? given)
    if (switches.has(name)) flags.set(name, equals < 0 ? 'true' : word.slice(equals + 1))
    else if (!valued.has(name))
      throw new EtcdctlError(
        word.startsWith('--') ? `unknown flag: --${name}` : `unknown shorthand flag: '${given[0]}' in ${word}`,
      )
    else if (equals >= 0) flags.set(name, word.slice(equals + 1))
    else if (argv[index + 1] !== undefined) flags.set(name, argv[++index]!)
    else throw new EtcdctlError(`flag needs an argument: --${name}`)
  }
  return { words, flags }
}

/** A whole number that a flag says. */
export function numberOf({ flags }: Line, name: string, usual: number): number {
  const text = flags.get(name)
  if (text === undefined) return usual
  if (!/^\d+$/.test(text))
    throw new EtcdctlError(`invalid argument ${JSON.stringify(text)} for "--${name}" flag: ${notANumber(text)}`)
  return Number(text)
}

/** The keys that a line's words name, one or a range. upstream: etcdctl/ctlv3/command/get_command.go getGetOp */
export function rangeOf(line: Line, command: string): KeyRange {
  const [, key, end] = line.words
  const [isPrefix, isFrom] = [isOn(line, 'prefix'), isOn(line, 'from-key')]
  if (key === undefined || line.words.length > 3)
    throw badArgs(`${command} command needs one argument as key and an optional argument as range_end`)
  if (isPrefix && isFrom) throw badArgs('`--prefix` and `--from-key` cannot be set at the same time, choose one')
  if (end !== undefined && (isPrefix || isFrom))
    throw badArgs('too many arguments, only accept one argument when `--prefix` or `--from-key` is set')
  if (isPrefix) return keysBelow(key)
  if (isFrom) return { key: key === '' ? endless : key, end: endless }
  return end === undefined ? { key } : { key, end }
}

/** A command line that lacks something, or has too much. */
export const badArgs = (message: string): EtcdctlError => new EtcdctlError(message, exitCodes.badArgs)

/** What Go says of a text that is no number. */
export const notANumber = (text: string): string => `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`

/** Whether a switch is on. */
export const isOn = ({ flags }: Line, name: string): boolean => flags.get(name) === 'true'
