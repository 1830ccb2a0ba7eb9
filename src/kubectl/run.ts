import { connectsFirst } from './args/connecting.ts'
import { parseLine } from './args/parse.ts'
import { globalFlags } from './args/shared.ts'
import { refuseUnsimulated } from './args/unsimulated.ts'
import { createCluster } from './cluster.ts'
import { formatMicroTime, type User } from './engine.ts'
import { commands } from './commands/index.ts'
import type { Follow, KubectlContext } from './context.ts'
import type { Command, Waiting } from './defineCommand.ts'
import { parseDuration } from './duration.ts'
import { CommandError, knownOrThrow, reportOf, StandardError, UsageError } from './errors.ts'
import { groupHelp, helpOf, mainGroups, mainHelp } from './help.ts'
import { contextOf, createSession, serverOf, type Session } from './kubeconfig.ts'
import { seesManagedFields } from './printers/output.ts'
import { suggestionsFor } from './suggest.ts'

const pollMs = 20
const interrupted = 130

/** Runs one command line (the words after `kubectl`): an exit code, or what its host polls until it has ended. */
export function run(argv: readonly string[], context: KubectlContext): number | Follow {
  const session = context.session ?? createSession()
  const fail = (error: unknown): number => {
    const { text, code } = reportOf(knownOrThrow(error), serverOf(session.config))
    context.io.err(text)
    return code
  }
  try {
    const result = start(argv, { ...context, session })
    return typeof result === 'number' ? result : followOf(result, fail)
  } catch (error) {
    return fail(error)
  }
}

/** Lets a command run up to where it has to wait. */
function followOf(waiting: Waiting, fail: (error: unknown) => number): number | Follow {
  let code: number | undefined
  const step = (): number | undefined => {
    if (code !== undefined) return code
    try {
      const next = waiting.next()
      if (next.done) code = next.value
    } catch (error) {
      code = fail(error)
    }
    return code
  }
  const stop = (): number => {
    waiting.return(interrupted)
    return (code ??= interrupted)
  }
  return step() ?? { pollMs, poll: step, stop }
}

function start(argv: readonly string[], context: KubectlContext & { session: Session }): number | Waiting {
  const { command, path, words } = findCommand(argv)
  if (command === undefined) return runMain(words, context)
  const flags = { ...globalFlags, ...command.flags }
  refuseUnsimulated(path, words, flags)
  const line = withUsage(path, () => parseLine(words, flags))
  for (const note of line.notes) context.io.err(`${note}\n`)
  modernize(line.values, context)
  if (line.values['help']) return say(context, helpOf(command, path), 0)
  if (command.run === undefined) return runGroup(command, path, line.args, context)
  const missing = Object.entries(flags).filter(([name, flag]) => flag.isRequired && !line.given.has(name))
  if (missing.length > 0)
    throw new CommandError(`required flag(s) ${missing.map(([name]) => `"${name}"`).join(', ')} not set`)
  const { args, dash, values, given, said } = line
  const spelled = ['kubectl', path, ...args, ...said].join(' ')
  const cluster = clusterOf(values, context, path, command)
  const { io, now } = context
  try {
    const result = command.run({
      command,
      path,
      args,
      words: spelled,
      dash,
      flags: values as never,
      given,
      cluster,
      io,
      now,
      context,
    })
    return typeof result === 'number' ? result : hinted(result, path)
  } catch (error) {
    throw withHint(error, path)
  }
}

/** Walks down to the command that the first words name. Flags may stand before it. */
function findCommand(argv: readonly string[]): {
  command: Command | undefined
  path: string
  words: readonly string[]
} {
  let among = commands
  let command: Command | undefined
  const path: string[] = []
  const words = [...argv]
  for (;;) {
    const at = firstArgument(words, { ...globalFlags, ...command?.flags })
    const found =
      at < 0 ? undefined : among.find(({ name, aliases = [] }) => name === words[at] || aliases.includes(words[at]!))
    if (found === undefined) return { command, path: path.join(' '), words }
    words.splice(at, 1)
    path.push(found.name)
    command = found
    among = found.subcommands ?? []
  }
}

function firstArgument(words: readonly string[], flags: Command['flags']): number {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '--') return -1
    if (!word.startsWith('-') || word === '-') return at
    if (word.includes('=')) continue
    const flag = word.startsWith('--')
      ? flags[word.slice(2)]
      : word.length === 2
        ? Object.values(flags).find(({ short }) => short === word[1])
        : undefined
    if (flag !== undefined && flag.bare === undefined) at++
  }
  return -1
}

function runMain(words: readonly string[], context: KubectlContext): number {
  // A wrong command is told before its flags are looked at.
  const isFirst = words[0] !== undefined && !words[0].startsWith('-') && words[0] !== 'help'
  const [word, ...rest] = isFirst ? words : withUsage('', () => parseLine(words, globalFlags)).args
  if (word === undefined || word === 'help') return helpFor(rest, context)
  const near = suggestionsFor(word, commands)
  const hint = near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`
  throw new CommandError(`unknown command "${word}" for "kubectl"${hint.replace(/\n$/, '')}`)
}

function helpFor(words: readonly string[], context: KubectlContext): number {
  if (words.length === 0) return say(context, mainHelp(commands), 0)
  const { command, path } = findCommand(words)
  if (command === undefined) return unknownTopic(words, context)
  return say(context, helpOf(command, path), 0)
}

function unknownTopic(words: readonly string[], { io }: KubectlContext): number {
  io.err(`Unknown help topic [${words.map((word) => `\`${word}\``).join(' ')}]\n\n\n${mainGroups(commands)}`)
  return 0
}

/** A group called without one of its commands. */
function runGroup(group: Command, path: string, args: readonly string[], context: KubectlContext): number {
  if (args.length > 0)
    throw new CommandError(`unknown command "${args.join(' ')}"\nSee 'kubectl ${path} -h' for help and examples`)
  if (group.name === 'rollout') return say(context, groupHelp(group, path), 1)
  context.io.err(groupHelp(group, path))
  return 1
}

/** A bare `--dry-run` still works, with a word of warning. */
function modernize(values: Record<string, unknown>, { io, now }: KubectlContext): void {
  if (values['dry-run'] !== 'unchanged') return
  const [date = '', clock = ''] = formatMicroTime(now()).replace('Z', '').split('T')
  io.err(
    `W${date.slice(5).replace('-', '')} ${clock} 1000000 helpers.go:719] --dry-run is deprecated and can be replaced with --dry-run=client.\n`,
  )
  values['dry-run'] = 'client'
}

function say({ io }: KubectlContext, text: string, code: number): number {
  io.out(text)
  return code
}

/** What pflag complains of is followed by where to read about flags. */
function withUsage<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const known = knownOrThrow(error)
    throw new CommandError(`${known.message}\nSee 'kubectl${path === '' ? '' : ` ${path}`} --help' for usage.`)
  }
}

function* hinted(waiting: Waiting, path: string): Waiting {
  try {
    return yield* waiting
  } catch (error) {
    throw withHint(error, path)
  }
}

function withHint(error: unknown, path: string): unknown {
  if (!(error instanceof UsageError)) return error
  return new CommandError(`${error.message}\nSee 'kubectl ${path} -h' for help and examples`)
}

function clusterOf(
  values: Readonly<Record<string, unknown>>,
  { api, io, session }: KubectlContext & { session: Session },
  path: string,
  command: Command,
) {
  const isOffline = path.startsWith('config')
  const file = String(values['kubeconfig'])
  if (file !== '' && !isOffline && io.readFile(file) === undefined)
    throw new CommandError(`stat ${file}: no such file or directory`)
  const context = String(values['context'])
  const chosen = contextOf(session.config, context)
  if (context !== '' && chosen === undefined && !isOffline) throw noContext(context, path, values)
  if (!isOffline) refuseOverrides(values, session, command)
  const asked = String(values['namespace'])
  const namespace = asked !== '' ? asked : String(chosen?.['namespace'] ?? 'default')
  const wanted = wantedUser(values)
  const apiOf = wanted === undefined ? api : api.as({ ...wanted, impersonator: api.user })
  return createCluster(apiOf, namespace, asked !== '', io.err, {
    showsFields: values['show-managed-fields'] === true || seesManagedFields(values),
    discovered: (session.discovered ??= []),
  })
}

function noContext(context: string, path: string, values: Readonly<Record<string, unknown>>): CommandError {
  return connectsFirst(path, Boolean(values['raw']))
    ? new CommandError(`context ${JSON.stringify(context)} does not exist`, path === 'diff' ? 2 : 1)
    : new StandardError(`Error in configuration: context was not found for specified context: ${context}`)
}

// upstream: client-go/tools/clientcmd, cli-runtime/pkg/genericclioptions
function refuseOverrides(values: Readonly<Record<string, unknown>>, { config }: Session, { flags }: Command): void {
  // A command's own flag of the name hides the one that all commands take.
  const [cluster, user, timeout] = ['cluster', 'user', 'request-timeout'].map((flag) =>
    Object.hasOwn(flags, flag) ? '' : String(values[flag]),
  )
  if (user !== '' && !config.users.some(({ name }) => name === user))
    throw new CommandError(`auth info ${JSON.stringify(user)} does not exist`)
  if (cluster !== '' && !config.clusters.some(({ name }) => name === cluster))
    throw new CommandError(`no server found for cluster ${JSON.stringify(cluster)}`)
  if (timeout !== '' && !/^\d+$/.test(timeout!) && parseDuration(timeout!) === undefined)
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    )
}

/** In whose name the flags say to act. */
function wantedUser(values: Readonly<Record<string, unknown>>): User | undefined {
  const name = String(values['as'])
  const uid = String(values['as-uid'])
  const groups = values['as-group'] as readonly string[]
  const extras = values['as-user-extra'] as readonly string[]
  if (name === '' && uid === '' && groups.length === 0 && extras.length === 0) return undefined
  const extra: Record<string, string[]> = {}
  for (const text of extras) {
    const [key = '', value = ''] = text.split(/=(.*)/s)
    ;(extra[key.toLowerCase()] ??= []).push(value)
  }
  return { name, groups, ...(uid !== '' && { uid }), ...(extras.length > 0 && { extra }) }
}
