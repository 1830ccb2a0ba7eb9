import { bool, list, strings, text } from '../../args/flags.ts'
import { infosOf } from '../../args/resources.ts'
import type { Io } from '../../context.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { envName, envNameShape } from '../create/sources.ts'
import { containersOf, draftOf, templateOf } from '../podTemplate.ts'
import { fromBase64 } from '../../base64.ts'
import { changeAll, setFlags } from './change.ts'
import { selectContainers } from './resources.ts'

const flags = {
  ...setFlags,
  containers: text('Names of the containers to change, * for all', '*', { short: 'c' }),
  env: list('KEY=value, as an argument is', { short: 'e' }),
  from: text('A ConfigMap or Secret whose keys become variables'),
  keys: strings('Keys to take from it'),
  list: bool('Show what is there'),
  overwrite: bool('Change what is there already', true),
  prefix: text('What to put before the names'),
  resolve: bool('Show with --list what references stand for'),
}

type EnvCall = Call<typeof flags>

/** One variable as a container has it. */
interface Variable {
  name: string
  value?: string
  valueFrom?: object
}

/** Update environment variables on a pod template. */
export const setEnv = defineCommand({
  name: 'env',
  usage: 'set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  summary: 'Update environment variables on a pod template',
  examples: [
    'kubectl set env deployment/web MODE=prod',
    'kubectl set env deployment/web MODE-',
    'kubectl set env deployment/web --from=configmap/conf',
  ],
  completes: 'resources',
  flags,
  run(call) {
    const { flags } = call
    const { resources, changes: words } = splitWords(call.args)
    if (resources.length === 0 && flags.filename.length === 0)
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    if (flags.list && flags.output !== '') throw new CommandError('--list and --output may not be specified together')
    if (flags.keys.length > 0 && flags.from === '')
      throw new CommandError('when specifying --keys, a configmap or secret must be provided with --from')
    const { written, removed } = readChanges([...flags.env, ...words], call.io)
    const added = [...written, ...fromSource(call)].map((one) => ({ ...one, name: flags.prefix + one.name }))
    const edit = { added, removed }
    if (flags.list) return listAll(call, resources, edit)
    return changeAll(call, {
      resources,
      done: 'env updated',
      failure: 'failed to patch env update to pod template:',
      change: (info) => changed(call, info, edit),
    })
  },
})

interface Edit {
  readonly added: readonly Variable[]
  readonly removed: readonly string[]
}

// upstream: kubectl/pkg/cmd/set/env/env_parse.go SplitEnvironmentFromResources
function splitWords(args: readonly string[]): {
  readonly resources: readonly string[]
  readonly changes: readonly string[]
} {
  const isChange = (word: string): boolean => /^.+=/s.test(word) || word.endsWith('-')
  const first = args.findIndex(isChange)
  const at = first < 0 ? args.length : first
  const changes = args.slice(at)
  if (!changes.every(isChange))
    throw new CommandError(`all resources must be specified before environment changes: ${args.join(' ')}`)
  return { resources: args.slice(0, at), changes }
}

// upstream: kubectl/pkg/cmd/set/env/env_parse.go parseIntoEnvVar
function readChanges(
  words: readonly string[],
  { stdin = '' }: Io,
): { readonly written: readonly Variable[]; readonly removed: readonly string[] } {
  const written: Variable[] = []
  const removed: string[] = []
  const kept = new Set<string>()
  for (const word of words) {
    if (word === '-') written.push(...stdin.split('\n').flatMap((line) => readVariable(line.replace(/#.*$/, ''))))
    else if (word.includes('=')) {
      const [variable] = readVariable(word)
      refuseName(variable!.name)
      kept.add(variable!.name)
      written.push(variable!)
    } else if (word.endsWith('-')) removed.push(word.slice(0, -1))
    else throw new CommandError(`unknown environment variable: ${word}`)
  }
  if (removed.some((name) => kept.has(name)))
    throw new CommandError('can not both modify and remove the same environment variable in the same command')
  return { written, removed }
}

function refuseName(name: string): void {
  if (!envName.test(name)) throw new CommandError(`${JSON.stringify(name)} is not a valid key name: ${envNameShape}`)
}

function readVariable(pair: string): readonly Variable[] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [] : [{ name: pair.slice(0, equals), value: pair.slice(equals + 1) }]
}

/** The object with its containers' variables changed. */
function changed({ cluster, flags }: EnvCall, { object, kind, name }: Info, edit: Edit): KubeObject {
  const { draft, template } = draftOf(object)
  const meant = selectContainers(containersOf(template), flags.containers)
  if (meant.length === 0)
    cluster.warn(
      `Warning: ${kind.kind}/${name} does not have any containers matching ${JSON.stringify(flags.containers)}\n`,
    )
  for (const container of meant) {
    if (!flags.overwrite) refuse(container.env ?? [], edit.added)
    const env = merged((container.env ?? []) as Variable[], edit)
    if (env.length > 0) container.env = env
    else delete container.env
  }
  return draft
}

function merged(before: readonly Variable[], { added, removed }: Edit): Variable[] {
  const kept = before
    .filter(({ name }) => !removed.includes(name))
    .map((variable) => added.find(({ name }) => name === variable.name) ?? variable)
  return [...kept, ...added.filter(({ name }) => !before.some((variable) => variable.name === name))]
}

function refuse(before: readonly { name: string; value?: string }[], added: readonly Variable[]): void {
  const isTaken = ({ name, value = '' }: { name: string; value?: string }): boolean =>
    added.some((variable) => variable.name === name && variable.value !== value)
  const taken = before.find(isTaken)
  if (taken !== undefined)
    throw new CommandError(`'${taken.name}' already has a value (${taken.value ?? ''}), and --overwrite is false`)
}

function fromSource({ cluster, io, flags: given }: EnvCall): readonly Variable[] {
  if (given.from === '') return []
  const { infos, errors } = infosOf({ cluster, io, args: [given.from] })
  throwAll(errors)
  return infos.flatMap(({ object, name }) => {
    const { kind, data = {} } = object as KubeObject & { data?: Readonly<Record<string, string>> }
    const reference = kind === 'Secret' ? 'secretKeyRef' : kind === 'ConfigMap' ? 'configMapKeyRef' : undefined
    if (reference === undefined) throw new CommandError(`unsupported resource specified in --from`)
    const keys = Object.keys(data).filter((key) => given.keys.length === 0 || given.keys.includes(key))
    return keys.sort().map((key) => ({ name: variableName(key, io.err), valueFrom: { [reference]: { key, name } } }))
  })
}

function variableName(key: string, warn: (line: string) => void): string {
  const name = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
  if (name !== key) warn(`Warning: key ${key} transferred to ${name}\n`)
  return name
}

/** Shows what the variables would be after the changes. */
function listAll(call: EnvCall, resources: readonly string[], edit: Edit): number {
  const { cluster, io, flags: given } = call
  const { infos, errors } = infosOf({ ...given, cluster, io, args: resources })
  throwAll(errors)
  gather(infos, (info) => {
    const template = templateOf(changed(call, info, edit))
    for (const container of selectContainers(containersOf(template), given.containers)) {
      io.out(`# ${info.kind.kind} ${info.name}, container ${container.name}\n`)
      for (const variable of (container.env ?? []) as Variable[])
        io.out(`${shown(variable, given.resolve, cluster, info.namespace)}\n`)
    }
  })
  return 0
}

interface Reference {
  readonly name: string
  readonly key: string
}

interface Source {
  readonly configMapKeyRef?: Reference
  readonly secretKeyRef?: Reference
  readonly fieldRef?: { readonly fieldPath: string }
}

function shown(
  { name, value = '', valueFrom }: Variable,
  isResolved: boolean,
  cluster: Call['cluster'],
  namespace = '',
): string {
  if (valueFrom === undefined) return `${name}=${value}`
  const { configMapKeyRef: config, secretKeyRef: secret, fieldRef } = valueFrom as Source
  const reference = config ?? secret
  if (reference === undefined) return `# ${name} from field path ${fieldRef?.fieldPath ?? ''}`
  const kind = cluster.kind(config === undefined ? 'secret' : 'configmap')
  if (!isResolved) return `# ${name} from ${kind.singular} ${reference.name}, key ${reference.key}`
  const found = cluster.find<KubeObject & { data?: Record<string, string> }>({ kind, namespace, name: reference.name })
  const text = found?.data?.[reference.key] ?? ''
  return `${name}=${secret === undefined ? text : fromBase64(text)}`
}
