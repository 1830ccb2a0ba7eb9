import { bool } from '../args/flags.ts'
import { defineCommand, type Command } from '../defineCommand.ts'
import { CommandError, UsageError } from '../errors.ts'

interface Elsewhere {
  readonly name: string
  readonly usage?: string
  readonly summary: string
  /** why it does nothing here, and what to do instead */
  readonly instead: string
}

/** A command that needs a machine around it: it says so, and where to turn. */
function define({ name, usage = name, summary, instead }: Elsewhere): Command {
  return defineCommand({
    name,
    usage,
    summary,
    completes: 'none',
    run() {
      throw new CommandError(`${name} does nothing in this terminal: ${instead}`)
    },
  })
}

/** Run a proxy to the Kubernetes API server. */
export const proxy = define({
  name: 'proxy',
  usage: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  summary: 'Run a proxy to the Kubernetes API server',
  instead: 'there is no port to listen on; kubectl get --raw PATH asks the API server for a path',
})

const shells: readonly string[] = ['bash', 'fish', 'powershell', 'zsh']

/** Output shell completion code for the specified shell. */
// upstream: kubectl/pkg/cmd/completion/completion.go
export const completion = defineCommand({
  name: 'completion',
  usage: 'completion SHELL',
  summary: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  completes: 'none',
  run({ args }) {
    const [shell] = args
    if (shell === undefined) throw new UsageError('Shell not specified.')
    if (args.length > 1) throw new UsageError('Too many arguments. Expected only the shell type.')
    if (!shells.includes(shell)) throw new UsageError(`Unsupported shell type ${JSON.stringify(shell)}.`)
    throw new CommandError(
      'completion does nothing in this terminal: the Tab key completes commands, kinds and names without it',
    )
  },
})

/** Manage kuberc configuration files. */
export const kuberc = define({
  name: 'kuberc',
  usage: 'kuberc SUBCOMMAND',
  summary: 'Manage kuberc configuration files',
  instead: 'there is no home folder for a kuberc file; kubectl config keeps contexts',
})

/** Commands for features in alpha: there are none. */
export const alpha = defineCommand({
  name: 'alpha',
  usage: 'alpha',
  summary: 'Commands for features in alpha',
  completes: 'none',
  run({ io }) {
    io.err('No alpha commands are available in this version of kubectl\n')
    return 0
  },
})

/** The visible plugins: there are none. */
const pluginList = defineCommand({
  name: 'list',
  usage: 'plugin list [flags]',
  summary: "List all visible plugin executables on a user's PATH",
  completes: 'none',
  flags: { 'name-only': bool('Names alone, without their folders') },
  run() {
    throw new CommandError('unable to find any kubectl plugins in your PATH')
  },
})

/** Provides utilities for interacting with plugins. */
export const plugin = defineCommand({
  name: 'plugin',
  usage: 'plugin [flags] [options]',
  summary: 'Provides utilities for interacting with plugins',
  subcommands: [pluginList],
})
