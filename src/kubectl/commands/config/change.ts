import { bool, text, type Flags } from '../../args/flags.ts'
import { defineCommand, type Call, type Command } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { helpOf } from '../../help.ts'
import type { Kubeconfig } from '../../kubeconfig.ts'
import { openConfig } from './store.ts'

type Fields = Readonly<Record<string, unknown>>
type List = 'clusters' | 'contexts' | 'users'
const wordOf = { clusters: 'cluster', contexts: 'context', users: 'user' } as const

interface Entry {
  readonly name: string
}

const fieldsOf = (entry: Entry, list: List): Fields => (entry as unknown as Record<string, Fields>)[wordOf[list]]!

/** A kubeconfig with an entry's fields merged in; whether the entry is new. */
function withEntry(
  config: Kubeconfig,
  list: List,
  name: string,
  fields: Fields,
): { readonly config: Kubeconfig; readonly isNew: boolean } {
  const entries = config[list] as readonly Entry[]
  const before = entries.find((entry) => entry.name === name)
  const entry = { name, [wordOf[list]]: { ...(before && fieldsOf(before, list)), ...fields } }
  const next = before === undefined ? [...entries, entry] : entries.map((one) => (one === before ? entry : one))
  return { config: { ...config, [list]: next }, isNew: before === undefined }
}

const without = (config: Kubeconfig, list: List, name: string): Kubeconfig => ({
  ...config,
  [list]: (config[list] as readonly Entry[]).filter((entry) => entry.name !== name),
})

/** What flags say, but for those that were not given. */
function givenFields(call: Call, names: readonly string[]): Fields {
  const flags = call.flags as unknown as Record<string, unknown>
  return Object.fromEntries(names.filter((name) => call.given.has(name)).map((name) => [name, flags[name]]))
}

/** The one argument of a command; without it, help and a complaint. */
function onlyArgument({ args, command, path, io }: Call): string {
  if (args.length === 1) return args[0]!
  io.out(helpOf(command, path))
  throw new CommandError(`Unexpected args: [${args.join(' ')}]`)
}

function define(
  command: Omit<Command, 'run' | 'flags' | 'usage'> & { readonly usage: string; readonly flags?: Flags },
  run: (call: Call) => string,
): Command {
  return defineCommand({
    completes: 'none',
    ...command,
    flags: command.flags ?? {},
    run(call) {
      call.io.out(run(call as unknown as Call))
      return 0
    },
  })
}

/** Set the current-context in a kubeconfig file. */
export const useContext = define(
  {
    name: 'use-context',
    aliases: ['use'],
    usage: 'config use-context CONTEXT_NAME',
    summary: 'Set the current-context in a kubeconfig file',
    examples: ['# Use the context for the minikube cluster', 'kubectl config use-context minikube'],
  },
  (call) => {
    const name = onlyArgument(call)
    const { config, save } = openConfig(call)
    if (!config.contexts.some((context) => context.name === name))
      throw new CommandError(`no context exists with the name: "${name}"`)
    save({ ...config, currentContext: name })
    return `Switched to context "${name}".\n`
  },
)

/** Set a context entry in kubeconfig. */
export const setContext = define(
  {
    name: 'set-context',
    usage:
      'config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
    summary: 'Set a context entry in kubeconfig',
    flags: { current: bool('The current context') },
  },
  (call) => {
    const { config, save } = openConfig(call)
    const isCurrent = (call.flags as unknown as { current: boolean }).current
    if (isCurrent && config.currentContext === '') throw new CommandError('no current context is set')
    const name = isCurrent ? config.currentContext : (call.args[0] ?? '')
    if (name === '') throw new CommandError('you must specify a non-empty context name or --current')
    const { config: next, isNew } = withEntry(
      config,
      'contexts',
      name,
      givenFields(call, ['cluster', 'user', 'namespace']),
    )
    save(next)
    return `Context "${name}" ${isNew ? 'created' : 'modified'}.\n`
  },
)

/** Set a user entry in kubeconfig. */
export const setCredentials = define(
  {
    name: 'set-credentials',
    usage: 'config set-credentials NAME [--token=bearer_token]',
    summary: 'Set a user entry in kubeconfig',
  },
  (call) => {
    const name = onlyArgument(call)
    const { config, save } = openConfig(call)
    save(
      withEntry(
        config,
        'users',
        name,
        givenFields(call, ['client-certificate', 'client-key', 'token', 'username', 'password']),
      ).config,
    )
    return `User "${name}" set.\n`
  },
)

/** Set a cluster entry in kubeconfig. */
export const setCluster = define(
  {
    name: 'set-cluster',
    usage: 'config set-cluster NAME [--server=server]',
    summary: 'Set a cluster entry in kubeconfig',
    flags: { 'proxy-url': text('A proxy for requests to the cluster') },
  },
  (call) => {
    const name = onlyArgument(call)
    const { config, save } = openConfig(call)
    const fields = givenFields(call, [
      'server',
      'certificate-authority',
      'insecure-skip-tls-verify',
      'tls-server-name',
      'proxy-url',
    ])
    save(withEntry(config, 'clusters', name, fields).config)
    return `Cluster "${name}" set.\n`
  },
)

/** Rename a context from the kubeconfig file. */
export const renameContext = define(
  {
    name: 'rename-context',
    usage: 'config rename-context CONTEXT_NAME NEW_NAME',
    summary: 'Rename a context from the kubeconfig file',
  },
  (call) => {
    const [from, to] = call.args
    if (from === undefined || to === undefined || call.args.length > 2)
      throw new CommandError(`Unexpected args: [${call.args.join(' ')}]`)
    const { config, save, file } = openConfig(call)
    if (!config.contexts.some(({ name }) => name === from))
      throw new CommandError(`cannot rename the context "${from}", it's not in ${file}`)
    if (config.contexts.some(({ name }) => name === to))
      throw new CommandError(`cannot rename the context "${from}", the context "${to}" already exists in ${file}`)
    const contexts = config.contexts.map((context) => (context.name === from ? { ...context, name: to } : context))
    save({ ...config, contexts, currentContext: config.currentContext === from ? to : config.currentContext })
    return `Context "${from}" renamed to "${to}".\n`
  },
)

function removal(name: string, list: List): Command {
  const word = wordOf[list]
  return define(
    { name, usage: `config ${name} NAME`, summary: `Delete the specified ${word} from the kubeconfig` },
    (call) => {
      const entry = onlyArgument(call)
      const { config, save, file } = openConfig(call)
      if (!(config[list] as readonly Entry[]).some((one) => one.name === entry))
        throw new CommandError(`cannot delete ${word} ${entry}, not in ${file}`)
      if (list === 'contexts' && config.currentContext === entry)
        call.io.err(
          'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
        )
      save(without(config, list, entry))
      return `deleted ${word} ${entry} from ${file}\n`
    },
  )
}

/** Delete the specified context from the kubeconfig. */
export const deleteContext = removal('delete-context', 'contexts')

/** Delete the specified cluster from the kubeconfig. */
export const deleteCluster = removal('delete-cluster', 'clusters')

/** Delete the specified user from the kubeconfig. */
export const deleteUser = removal('delete-user', 'users')

/** Set an individual value in a kubeconfig file. */
export const setProperty = define(
  {
    name: 'set',
    usage: 'config set PROPERTY_NAME PROPERTY_VALUE',
    summary: 'Set an individual value in a kubeconfig file',
  },
  (call) => {
    const [path, value] = call.args
    if (path === undefined || value === undefined) throw new CommandError(`Unexpected args: [${call.args.join(' ')}]`)
    const { config, save } = openConfig(call)
    save(changed(config, path, value))
    return `Property "${path}" set.\n`
  },
)

/** Unset an individual value in a kubeconfig file. */
export const unsetProperty = define(
  { name: 'unset', usage: 'config unset PROPERTY_NAME', summary: 'Unset an individual value in a kubeconfig file' },
  (call) => {
    const path = onlyArgument(call)
    const { config, save } = openConfig(call)
    save(changed(config, path, undefined))
    return `Property "${path}" unset.\n`
  },
)

/** `users.bob.token` or `current-context` put to a value, or taken away. */
function changed(config: Kubeconfig, path: string, value: string | undefined): Kubeconfig {
  if (path === 'current-context') return { ...config, currentContext: value ?? '' }
  const [list, ...rest] = path.split('.')
  if (list !== 'users' && list !== 'clusters' && list !== 'contexts')
    throw new CommandError(`unable to parse ${path} at ${list}`)
  const field = rest.at(-1)
  const name = rest.slice(0, -1).join('.')
  if (field === undefined || name === '') {
    if (value === undefined && field !== undefined) return without(config, list, field)
    throw new CommandError(`can't set ${path}: it is no value`)
  }
  return withEntry(config, list, name, { [field]: value }).config
}
