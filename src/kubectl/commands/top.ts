import { bool, text } from '../args/flags.ts'
import { allNamespaces, fieldSelector, selector } from '../args/shared.ts'
import { defineCommand, type Command } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'

// differs: the metrics API is not served yet, so there is nothing to print
function define(name: string, aliases: readonly string[], summary: string): Command {
  return defineCommand({
    name,
    aliases,
    usage: `top ${name} [NAME | -l label]`,
    summary,
    completes: name === 'node' ? 'nodes' : 'pods',
    flags: {
      ...selector,
      ...fieldSelector,
      ...allNamespaces,
      containers: bool('For each container'),
      'no-headers': bool('Leave the headers out'),
      'show-capacity': bool('Of capacity instead of what is allocatable'),
      'show-swap': bool('Show swap too'),
      'sort-by': text('cpu or memory'),
      sum: bool('Add the sum'),
      'use-protocol-buffers': bool('How metrics are asked for', true),
    },
    run({ flags }) {
      if (!['', 'cpu', 'memory'].includes(flags['sort-by']))
        throw new CommandError('--sort-by accepts only cpu or memory')
      throw new CommandError('Metrics API not available')
    },
  })
}

/** Display resource (CPU/memory) usage. */
export const top = defineCommand({
  name: 'top',
  usage: 'top [flags] [options]',
  summary: 'Display resource (CPU/memory) usage',
  subcommands: [
    define('node', ['nodes', 'no'], 'Display resource (CPU/memory) usage of nodes'),
    define('pod', ['pods', 'po'], 'Display resource (CPU/memory) usage of pods'),
  ],
})
