import type { Flag } from './args/flags.ts'
import type { Command } from './defineCommand.ts'

const options = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'

/** What `kubectl` alone prints: every command, by what it is for. */
export function mainHelp(commands: readonly Command[]): string {
  return `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

${mainGroups(commands)}`
}

/** The commands by what they are for, and how a line begins. */
export function mainGroups(commands: readonly Command[]): string {
  const sections = groups.map(([title, names]) => {
    const lines = names.flatMap((name) => {
      const command = commands.find((one) => one.name === name)
      return command === undefined ? [] : [`  ${name.padEnd(15)} ${command.summary}\n`]
    })
    return `${title}:\n${lines.join('')}\n`
  })
  return `${sections.join('')}Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
${options}`
}

const groups: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['Basic Commands (Beginner)', ['create', 'expose', 'run', 'set']],
  ['Basic Commands (Intermediate)', ['explain', 'get', 'edit', 'delete']],
  ['Deploy Commands', ['rollout', 'scale', 'autoscale']],
  ['Cluster Management Commands', ['certificate', 'cluster-info', 'top', 'cordon', 'uncordon', 'drain', 'taint']],
  [
    'Troubleshooting and Debugging Commands',
    ['describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug', 'events'],
  ],
  ['Advanced Commands', ['diff', 'apply', 'patch', 'replace', 'wait', 'kustomize']],
  ['Settings Commands', ['label', 'annotate', 'completion']],
  ['Subcommands provided by plugins', []],
  ['Other Commands', ['api-resources', 'api-versions', 'config', 'kuberc', 'plugin', 'version']],
]

/** What `kubectl options` prints: the flags that every command takes. */
export function optionsHelp(flags: Command['flags']): string {
  return `The following options can be passed to any command:\n\n${flagLines(flags)}`.trimEnd() + '\n'
}

/** What a group of commands prints: its members. */
export function groupHelp(command: Command, path: string): string {
  const members = command.subcommands ?? []
  const width = Math.max(11, ...members.map(({ name }) => name.length)) + 2
  const lines = members.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}\n`)
  return `${command.summary}.

${aliases(command)}${examples(command)}Available Commands:
${lines.join('')}
${flagList(command)}Usage:
  kubectl ${command.usage}

Use "kubectl ${path} <command> --help" for more information about a given command.
${options}`
}

/** What `--help` prints. */
export function helpOf(command: Command, path: string): string {
  if (command.subcommands !== undefined) return groupHelp(command, path)
  return `${command.summary}.

${aliases(command)}${examples(command)}${flagList(command)}Usage:
  kubectl ${command.usage} [options]

${options}`
}

function aliases({ name, aliases = [] }: Command): string {
  return aliases.length === 0 ? '' : `Aliases:\n${[name, ...aliases].join(', ')}\n\n`
}

function examples({ examples = [] }: Command): string {
  return examples.length === 0 ? '' : `Examples:\n${examples.map((line) => `  ${line}\n`).join('')}\n`
}

function flagList({ flags }: Command): string {
  const names = Object.keys(flags).sort()
  if (names.length === 0) return ''
  return `Options:\n${flagLines(flags)}`
}

function flagLines(flags: Command['flags']): string {
  return Object.keys(flags)
    .sort()
    .map((name) => `    ${head(name, flags[name]!)}:\n\t${flags[name]!.help}.\n\n`)
    .join('')
}

function head(name: string, flag: Flag): string {
  const { initial, type, short } = flag
  const value = type === 'string' ? `'${String(initial)}'` : Array.isArray(initial) ? '[]' : String(initial)
  return `${short === undefined ? '' : `-${short}, `}--${name}=${type === 'duration' ? `${Number(initial) / 1000}s` : value}`
}
