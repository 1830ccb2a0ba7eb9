import { bool, text } from '../args/flags.ts'
import { allNamespaces, files } from '../args/shared.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, Exit } from '../errors.ts'
import { readFiles } from '../manifests/documents.ts'
import { alignTable } from '../printers/table.ts'

const verbs: ReadonlySet<string> = new Set(
  '*,get,list,watch,create,update,patch,delete,deletecollection,use,bind,impersonate,approve,sign,escalate,attest'.split(
    ',',
  ),
)

const canI = defineCommand({
  name: 'can-i',
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  summary: 'Check whether an action is allowed',
  completes: 'resources',
  flags: {
    ...allNamespaces,
    list: bool('Everything that is allowed'),
    'no-headers': bool('Leave the headers out'),
    quiet: bool('Answer by the exit code alone', false, { short: 'q' }),
    subresource: text('A part of the resource: log, scale'),
  },
  run({ cluster, io, args, flags }) {
    if (flags.list) throw new CommandError('--list needs authorization rules, which this cluster does not serve yet')
    if (args.length !== 2)
      throw new CommandError(
        `you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.`,
      )
    const [verb, resource] = args as [string, string]
    if (!resource.startsWith('/')) {
      const [type = ''] = resource.split('/')
      const kind = cluster.api.findKind(type)
      if (kind === undefined && type !== '*') io.err(`Warning: the server doesn't have a resource type '${type}'\n\n`)
      if (kind !== undefined && !kind.namespaced && !flags['all-namespaces'])
        io.err(`Warning: resource '${kind.plural}' is not namespace scoped\n\n`)
      if (!verbs.has(verb)) io.err(`Warning: verb '${verb}' is not a known verb\n\n`)
    }
    // differs: without rules to ask, only members of system:masters may do things
    const isAllowed = cluster.api.user.groups.includes('system:masters')
    if (!flags.quiet) io.out(isAllowed ? 'yes\n' : 'no\n')
    if (!isAllowed) throw new Exit(1)
    return 0
  },
})

const whoAmI = defineCommand({
  name: 'whoami',
  usage: 'auth whoami',
  summary: 'Experimental: Check self subject attributes',
  completes: 'none',
  flags: { output: text('yaml or json', '', { short: 'o' }) },
  run({ cluster, io }) {
    const { name, groups } = cluster.api.user
    io.out(alignTable(['ATTRIBUTE\tVALUE', `Username\t${name}`, `Groups\t[${groups.join(' ')}]`]))
    return 0
  },
})

const reconcile = defineCommand({
  name: 'reconcile',
  usage: 'auth reconcile -f FILENAME',
  summary: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  completes: 'none',
  flags: files,
  run({ io, flags }) {
    readFiles(flags, io)
    throw new CommandError('only rbac.authorization.k8s.io/v1 is supported, and this cluster does not serve it yet')
  },
})

/** Inspect authorization. */
export const auth = defineCommand({
  name: 'auth',
  usage: 'auth [flags] [options]',
  summary: 'Inspect authorization',
  subcommands: [canI, reconcile, whoAmI],
})
