import { CommandError } from '../../errors.ts'
import type { Call } from '../../defineCommand.ts'
import { createSession, type Kubeconfig } from '../../kubeconfig.ts'
import { decodeYaml } from '../../manifests/decodeYaml.ts'
import { formatYaml } from '../../printers/yaml.ts'

/** Where a kubeconfig is kept: in a file that was named, or in the session. */
export interface ConfigStore {
  /** how messages name it */
  readonly file: string
  readonly exists: boolean
  readonly config: Kubeconfig
  readonly save: (config: Kubeconfig) => void
}

/** Opens the kubeconfig a command is about. */
export function openConfig({ flags, io, context }: Call): ConfigStore {
  const file = flags.kubeconfig as unknown as string
  if (file === '') {
    const session = context.session ?? createSession()
    return {
      file: '/root/.kube/config',
      exists: true,
      config: session.config,
      save: (config) => void (session.config = config),
    }
  }
  const source = io.readFile(file)
  const config = source === undefined ? nothing : readConfig(source, file)
  return {
    file,
    exists: source !== undefined,
    config,
    save: (next) => io.writeFile?.(file, formatYaml(plainConfig(next, false))),
  }
}

const nothing: Kubeconfig = { clusters: [], contexts: [], users: [], currentContext: '' }

function readConfig(source: string, file: string): Kubeconfig {
  const value = decodeYaml(source)
  if (typeof value !== 'object' || value === null)
    throw new CommandError(`error loading config file "${file}": couldn't get version/kind`)
  const record = value as Record<string, unknown>
  const list = (name: string): never[] => (record[name] ?? []) as never[]
  return {
    clusters: list('clusters'),
    contexts: list('contexts'),
    users: list('users'),
    currentContext: String(record['current-context'] ?? ''),
  }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1)

/** A kubeconfig as a file says it; lists are null where they are empty, and in order of their names where they are shown. */
export function plainConfig({ clusters, contexts, users, currentContext }: Kubeconfig, isSorted = true): object {
  const listed = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] | null => {
    if (items.length === 0) return null
    return isSorted ? [...items].sort(byName) : items
  }
  return {
    apiVersion: 'v1',
    clusters: listed(clusters),
    contexts: listed(contexts),
    'current-context': currentContext,
    kind: 'Config',
    users: listed(users),
  }
}
