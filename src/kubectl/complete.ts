import type { Flags } from './args/flags.ts'
import { globalFlags } from './args/shared.ts'
import { commands } from './commands/index.ts'
import type { Command } from './defineCommand.ts'
import { ApiError, type Api, type KindInfo } from './engine.ts'

/** What may stand at the cursor. */
export interface Candidate {
  readonly value: string
  readonly hint?: string
}

/** Candidates for the word at the cursor of a line that begins with `kubectl`. */
export function complete(line: string, cursor: number, api: Api, namespace = 'default'): readonly Candidate[] {
  const words = line.slice(0, cursor).split(/\s+/)
  const [first, ...rest] = words
  if (first !== 'kubectl' && first !== 'k') return []
  const current = rest.at(-1) ?? ''
  const { command, args, place } = follow(rest.slice(0, -1), namespace)
  return candidatesFor(command, args, current, rest.at(-2), api, place)
    .filter(({ value }) => value.startsWith(current) && value !== current)
    .sort((a, b) => (a.value < b.value ? -1 : 1))
}

interface Spot {
  readonly command: Command | undefined
  readonly args: readonly string[]
  /** undefined: all namespaces */
  readonly place: string | undefined
}

/** Which command the words so far name, and what else they say. */
function follow(words: readonly string[], namespace: string): Spot {
  let command: Command | undefined
  const args: string[] = []
  let place: string | undefined = namespace
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '-A' || word === '--all-namespaces') place = undefined
    else if (word === '-n' || word === '--namespace') place = words[++at] ?? namespace
    else if (word.startsWith('--namespace=')) place = word.slice(12)
    else if (word.startsWith('-')) {
      if (!word.includes('=') && takesValue(command, word)) at++
    } else {
      const among: readonly Command[] = command === undefined ? commands : (command.subcommands ?? [])
      const found =
        args.length === 0 ? among.find(({ name, aliases = [] }) => name === word || aliases.includes(word)) : undefined
      if (found === undefined) args.push(word)
      else command = found
    }
  }
  return { command, args, place }
}

function takesValue(command: Command | undefined, word: string): boolean {
  const flags: Flags = { ...globalFlags, ...command?.flags }
  const flag = word.startsWith('--')
    ? flags[word.slice(2)]
    : Object.values(flags).find(({ short }) => short === word[1])
  return flag !== undefined && flag.bare === undefined
}

function candidatesFor(
  command: Command | undefined,
  args: readonly string[],
  current: string,
  before: string | undefined,
  api: Api,
  place: string | undefined,
): readonly Candidate[] {
  if (before === '-n' || before === '--namespace') return namesOf(api, 'namespaces', undefined)
  if (before === '-o' || before === '--output')
    return ['wide', 'yaml', 'json', 'name', 'jsonpath=', 'custom-columns='].map((value) => ({ value }))
  if (current.startsWith('-')) return flagCandidates(command)
  if (command === undefined) return commands.map(({ name, summary }) => ({ value: name, hint: summary }))
  const inner = (command.subcommands ?? []).map(({ name, summary }) => ({ value: name, hint: summary }))
  return args.length === 0 && inner.length > 0 ? inner : argumentCandidates(command, args, current, api, place)
}

function flagCandidates(command: Command | undefined): readonly Candidate[] {
  const own = Object.entries(command?.flags ?? {})
  const all = [...own, ...Object.entries(globalFlags).filter(([name]) => name === 'namespace' || name === 'as')]
  return all.map(([name, flag]) => ({ value: flag.bare === undefined ? `--${name}=` : `--${name}`, hint: flag.help }))
}

function argumentCandidates(
  command: Command,
  args: readonly string[],
  current: string,
  api: Api,
  place: string | undefined,
): readonly Candidate[] {
  if (command.completes === 'nodes') return namesOf(api, 'nodes', undefined)
  if (command.completes === 'pods')
    return args.length === 0 ? [...namesOf(api, 'pods', place), ...slashed(api, current, place)] : []
  if (command.completes !== 'resources') return []
  if (current.includes('/')) return slashed(api, current, place)
  if (args.length === 0) return kindCandidates(api, current)
  return args[0]!.includes('/') ? [] : namesOf(api, args[0]!, place)
}

/** `deploy/we` → `deploy/web` */
function slashed(api: Api, current: string, place: string | undefined): readonly Candidate[] {
  const slash = current.indexOf('/')
  if (slash < 0) return []
  const type = current.slice(0, slash)
  return namesOf(api, type, place).map(({ value, ...rest }) => ({ value: `${type}/${value}`, ...rest }))
}

function kindCandidates(api: Api, current: string): readonly Candidate[] {
  const listed = api.kinds().filter(({ verbs, isPreferred }) => verbs.includes('list') && isPreferred !== false)
  const head = current.slice(0, current.lastIndexOf(',') + 1)
  return [
    { value: 'all', hint: 'the usual kinds' },
    ...listed.map(({ plural, kind }) => ({ value: `${head}${plural}`, hint: kind })),
    // short names are offered only when they are being typed
    ...listed.flatMap(({ shortNames, kind }) =>
      shortNames.filter((name) => current !== '' && name.startsWith(current)).map((value) => ({ value, hint: kind })),
    ),
  ]
}

function namesOf(api: Api, word: string, place: string | undefined): readonly Candidate[] {
  const info: KindInfo | undefined = api.findKind(word)
  if (info === undefined) return []
  try {
    const objects = api.list(
      `${info.plural}.${info.group}`.replace(/\.$/, ''),
      info.namespaced && place !== undefined ? { namespace: place } : {},
    )
    return objects.map(({ metadata }) => ({ value: metadata.name, hint: info.kind }))
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
