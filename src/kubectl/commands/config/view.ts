import { bool, text } from '../../args/flags.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import type { Kubeconfig } from '../../kubeconfig.ts'
import { createPrinter } from '../../printers/output.ts'
import { alignTable } from '../../printers/table.ts'
import { openConfig, plainConfig } from './store.ts'

/** Display merged kubeconfig settings or a specified kubeconfig file. */
export const configView = defineCommand({
  name: 'view',
  usage: 'config view [flags]',
  summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
  completes: 'none',
  flags: {
    flatten: bool('Everything in one file'),
    merge: bool('Merge all files', true),
    minify: bool('Only what the current context needs'),
    output: text('Output format', 'yaml', { short: 'o' }),
    raw: bool('Show what is secret'),
    template: text('Template for -o go-template'),
  },
  run(call) {
    const { flags, io } = call
    const { config } = openConfig(call as unknown as Call)
    const chosen = flags.minify ? minified(config, flags.context) : config
    createPrinter({ ...flags, output: flags.output }, io)!(plainConfig(flags.raw ? chosen : redacted(chosen)))
    return 0
  },
})

function minified(config: Kubeconfig, asked: string): Kubeconfig {
  const name = asked === '' ? config.currentContext : asked
  const context = config.contexts.find((one) => one.name === name)
  if (context === undefined)
    throw new CommandError(
      name === '' ? 'current-context must exist in order to minify' : `cannot locate context ${name}`,
    )
  const { cluster, user } = context.context
  return {
    contexts: [context],
    clusters: config.clusters.filter((one) => one.name === cluster),
    users: config.users.filter((one) => one.name === user),
    currentContext: name,
  }
}

const secrets: Readonly<Record<string, string>> = {
  'certificate-authority-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  'client-key-data': 'DATA+OMITTED',
  token: 'REDACTED',
  password: 'REDACTED',
}

function redacted(config: Kubeconfig): Kubeconfig {
  const hide = (fields: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, secrets[key] ?? value]))
  return {
    ...config,
    clusters: config.clusters.map(({ name, cluster }) => ({ name, cluster: hide(cluster) })),
    users: config.users.map(({ name, user }) => ({ name, user: hide(user) })),
  }
}

/** Display the current-context. */
export const currentContext = defineCommand({
  name: 'current-context',
  usage: 'config current-context',
  summary: 'Display the current-context',
  completes: 'none',
  run(call) {
    const { config } = openConfig(call as unknown as Call)
    if (config.currentContext === '') throw new CommandError('current-context is not set')
    call.io.out(`${config.currentContext}\n`)
    return 0
  },
})

/** Describe one or many contexts. */
export const getContexts = defineCommand({
  name: 'get-contexts',
  usage: 'config get-contexts [(-o|--output=)name)]',
  summary: 'Describe one or many contexts',
  completes: 'none',
  flags: { output: text('name', '', { short: 'o' }), 'no-headers': bool('Leave the headers out') },
  run(call) {
    const { io, args, flags } = call
    if (!['', 'name'].includes(flags.output))
      throw new CommandError(`output must be one of '' or 'name': ${flags.output}`)
    const { config } = openConfig(call as unknown as Call)
    const missing = args.filter((name) => !config.contexts.some((context) => context.name === name))
    const chosen = config.contexts.filter(({ name }) => args.length === 0 || args.includes(name))
    const sorted = [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1))
    if (flags.output === 'name') for (const { name } of sorted) io.out(`${name}\n`)
    else {
      const rows = sorted.map(({ name, context }) =>
        [
          name === config.currentContext ? '*' : '',
          name,
          context['cluster'],
          context['user'],
          context['namespace'] ?? '',
        ].join('\t'),
      )
      io.out(alignTable([...(flags['no-headers'] ? [] : ['CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE']), ...rows]))
    }
    if (missing.length > 0) throw new CommandError(`context ${missing[0]} not found`)
    return 0
  },
})

function names(name: string, list: 'clusters' | 'users', what: string) {
  return defineCommand({
    name,
    usage: `config ${name}`,
    summary: `Display ${what} defined in the kubeconfig`,
    completes: 'none',
    run(call) {
      const { config } = openConfig(call as unknown as Call)
      call.io.out(alignTable(['NAME', ...config[list].map((one) => one.name)]))
      return 0
    },
  })
}

/** Display clusters defined in the kubeconfig. */
export const getClusters = names('get-clusters', 'clusters', 'clusters')

/** Display users defined in the kubeconfig. */
export const getUsers = names('get-users', 'users', 'users')
