/** A command line of etcdctl, taken apart. */
export interface Line {
  /** the words that are no flags: `get /registry/pods` */
  readonly words: readonly string[]
  readonly flags: ReadonlyMap<string, string>
}

/** A command line that makes no sense. */
export class EtcdctlError extends Error {
  override name = 'EtcdctlError'
}

const shorts: Readonly<Record<string, string>> = { w: 'write-out', h: 'help' }

/** Flags that take a value. */
const valued: ReadonlySet<string> = new Set([
  ...['write-out', 'endpoints', 'cacert', 'cert', 'key', 'user', 'command-timeout', 'dial-timeout'],
  ...['limit', 'rev', 'order', 'sort-by', 'consistency'],
])

/** Flags that are said or not; those of the connection are taken and mean nothing here. */
const switches: ReadonlySet<string> = new Set([
  ...['prefix', 'keys-only', 'count-only', 'print-value-only', 'help', 'cluster', 'physical', 'from-key'],
  ...['insecure-skip-tls-verify', 'insecure-transport', 'hex'],
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
    throw new EtcdctlError(
      `invalid argument ${JSON.stringify(text)} for "--${name}" flag: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
    )
  return Number(text)
}

/** Whether a switch is on. */
export const isOn = ({ flags }: Line, name: string): boolean => flags.get(name) === 'true'
