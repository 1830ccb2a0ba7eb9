import { endless, keysBelow, type KeyRange } from '#engine'
import { suggestionsFor } from '#kubectl'
import { badArgs, EtcdctlError, notSimulated } from './errors.ts'
import { parseFlags, type Flag, type Said } from './flags.ts'
import { etcdctl, type Command } from './tree.ts'

/** A command line of etcdctl, taken apart. */
export interface Line {
  /** the words that are no flags, commands by their whole names: `get /registry/pods` */
  readonly words: readonly string[]
  readonly flags: ReadonlyMap<string, string>
  /** the words after `--`, where somebody wrote that */
  readonly after?: readonly string[]
}

/** The command that a line means, with those above it; and the line, unless only help is wanted. */
export interface Found {
  /** from etcdctl itself down */
  readonly path: readonly Command[]
  readonly line: Line
}

/** A line whose flags make no sense: whoever wrote it is shown how the command is used. */
export class UsageError extends EtcdctlError {
  override name = 'UsageError'
  readonly path: readonly Command[]

  constructor(message: string, path: readonly Command[]) {
    super(message)
    this.path = path
  }
}

/** Finds the command that words mean, and reads its flags. Throws an EtcdctlError. upstream: github.com/spf13/cobra command.go Find, execute */
export function readLine(argv: readonly string[], root: Command = etcdctl): Found {
  const { path, rest } = findCommand(argv, [root])
  const command = path[path.length - 1]!
  const names = path.slice(1).map(({ name }) => name)
  const [stray] = path.length === 1 ? wordsAmong(rest, flagsOf(path)) : []
  if (stray !== undefined) throw unknownCommand(stray, root)
  const isHelp = asksForHelp(rest)
  if (command.isUnplayed && !isHelp) throw notSimulated([root.name, ...names].join(' '))
  if (command.isUnplayed) return { path, line: { words: names, flags: new Map([['help', 'true']]) } }
  const { flags, args, dashAt } = parsed(rest, path)
  for (const { name, isUnplayed } of flagsOf(path))
    if (isUnplayed && flags.has(name)) throw notSimulated(`etcdctl ${names.join(' ')} --${name}`)
  const after = dashAt === undefined ? {} : { after: args.slice(dashAt) }
  return { path, line: { words: [...names, ...args], flags, ...after } }
}

function parsed(words: readonly string[], path: readonly Command[]): Said {
  try {
    return parseFlags(words, [...flagsOf(path), helpFlag(path[path.length - 1]!)])
  } catch (error) {
    throw error instanceof EtcdctlError ? new UsageError(error.message, path) : error
  }
}

const asksForHelp = (words: readonly string[]): boolean => words.some((word) => word === '--help' || word === '-h')

/** Help is a flag of every command. */
export const helpFlag = ({ name }: Command): Flag => ({
  name: 'help',
  short: 'h',
  type: 'bool',
  usual: 'false',
  about: `help for ${name}`,
})

/** All flags that the last of some commands takes. */
export function flagsOf(path: readonly Command[]): readonly Flag[] {
  const own = path[path.length - 1]?.flags ?? []
  return [...path.flatMap(({ sharedFlags = [] }) => sharedFlags), ...own]
}

interface Way {
  readonly path: readonly Command[]
  /** all words but the names of commands */
  readonly rest: readonly string[]
}

function findCommand(words: readonly string[], path: readonly Command[]): Way {
  const [at] = placesAmong(words, flagsOf(path))
  const word = at === undefined ? undefined : words[at]
  const next = word === undefined ? undefined : commandNamed(word, path[path.length - 1]!)
  if (next === undefined) return { path, rest: words }
  return findCommand(
    words.filter((_, index) => index !== at),
    [...path, next],
  )
}

/** A command by its name, or by a beginning that no other has. upstream: cobra.EnablePrefixMatching */
function commandNamed(word: string, { commands = [] }: Command): Command | undefined {
  const near = commands.filter(({ name }) => name.startsWith(word))
  return commands.find(({ name }) => name === word) ?? (near.length === 1 ? near[0] : undefined)
}

/** Where the words stand that are neither flags nor their values. upstream: cobra command.go stripFlags */
function placesAmong(words: readonly string[], flags: readonly Flag[]): readonly number[] {
  const places: number[] = []
  const isSwitch = (matches: (flag: Flag) => boolean): boolean => flags.find(matches)?.type === 'bool'
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') break
    const takesNext =
      (word.startsWith('--') && !word.includes('=') && !isSwitch(({ name }) => name === word.slice(2))) ||
      (word.startsWith('-') && word.length === 2 && !isSwitch(({ short }) => short === word[1]))
    if (takesNext && index + 2 >= words.length) break
    if (takesNext) index++
    else if (word !== '' && !word.startsWith('-')) places.push(index)
  }
  return places
}

const wordsAmong = (words: readonly string[], flags: readonly Flag[]): readonly string[] =>
  placesAmong(words, flags).map((index) => words[index]!)

function unknownCommand(word: string, { name, commands = [] }: Command): EtcdctlError {
  const near = suggestionsFor(
    word,
    commands.filter((each) => each.name !== 'help'),
  )
  const hint = near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((each) => `\t${each}\n`).join('')}`
  return new EtcdctlError(
    `unknown command ${JSON.stringify(word)} for "${name}"${hint}\nRun '${name} --help' for usage.`,
  )
}

/** A whole number that a flag says; 0 where it is not said. */
export const numberOf = ({ flags }: Line, name: string): number => Number(flags.get(name) ?? 0)

/** The keys that a line's words name, one or a range. upstream: etcdctl/ctlv3/command/get_command.go getGetOp */
export function rangeOf(line: Line, command: string): KeyRange {
  const [, key, end = ''] = line.words
  const [isPrefix, isFrom] = [isOn(line, 'prefix'), isOn(line, 'from-key')]
  if (key === undefined || (command === 'del' && line.words.length > 3))
    throw badArgs(`${command} command needs one argument as key and an optional argument as range_end`)
  if (isPrefix && isFrom) throw badArgs('`--prefix` and `--from-key` cannot be set at the same time, choose one')
  if (line.words.length > 2 && (isPrefix || isFrom))
    throw badArgs('too many arguments, only accept one argument when `--prefix` or `--from-key` is set')
  if (isPrefix) return keysBelow(key)
  if (isFrom) return { key: key === '' ? endless : key, end: endless }
  return end === '' ? { key } : { key, end }
}

/** What Go says of a text that is no number. */
export const notANumber = (text: string): string => `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`

/** Whether a switch is on. */
export const isOn = ({ flags }: Line, name: string): boolean => flags.get(name) === 'true'
