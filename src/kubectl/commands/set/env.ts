import { bool, list, strings, text } from '../../args/flags.ts'
import { infosOf, missingResource } from '../../args/resources.ts'
import { splitPairs } from '../../args/pairs.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import { draftOf, templateOf } from '../podTemplate.ts'
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
    const { args, flags } = call
    const { resources, pairs } = splitPairs(args, 'environment variable')
    if (resources.length === 0 && flags.filename.length === 0) throw new CommandError(missingResource)
    if (flags.list) return listAll(call, resources)
    const changes = [...flags.env, ...pairs]
    const added = [...fromSource(call), ...changes.flatMap(readVariable)]
    const removed = changes.filter((pair) => !pair.includes('=')).map((pair) => pair.slice(0, -1))
    if (added.length === 0 && removed.length === 0) {
      infosOf({ ...flags, cluster: call.cluster, io: call.io, args: resources })
      throw new CommandError('at least one environment variable must be provided')
    }
    return changeAll(call, {
      resources,
      done: 'env updated',
      failure: 'env update to pod template:',
      change({ object }) {
        const { draft, template } = draftOf(object)
        const meant = selectContainers(template.spec.containers, flags.containers)
        for (const container of meant) {
          if (!flags.overwrite) refuse(container.env ?? [], added)
          const env = merged((container.env ?? []) as Variable[], added, removed)
          if (env.length > 0) container.env = env
          else delete container.env
        }
        return draft
      },
    })
  },
})

function readVariable(pair: string): readonly Variable[] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [] : [{ name: pair.slice(0, equals), value: pair.slice(equals + 1) }]
}

function merged(before: readonly Variable[], added: readonly Variable[], removed: readonly string[]): Variable[] {
  const changed = before
    .filter(({ name }) => !removed.includes(name))
    .map((variable) => added.find(({ name }) => name === variable.name) ?? variable)
  return [...changed, ...added.filter(({ name }) => !before.some((variable) => variable.name === name))]
}

function refuse(before: readonly { name: string; value?: string }[], added: readonly Variable[]): void {
  const taken = before.find(({ name }) => added.some((variable) => variable.name === name))
  if (taken !== undefined)
    throw new CommandError(`'${taken.name}' already has a value (${taken.value ?? ''}), and --overwrite is false`)
}

function fromSource({ cluster, io, flags: given }: Call<typeof flags>): readonly Variable[] {
  if (given.from === '') return []
  const { infos, errors } = infosOf({ cluster, io, args: [given.from] })
  throwAll(errors)
  return infos.flatMap(({ object, name }) => {
    const { kind, data = {} } = object as KubeObject & { data?: Readonly<Record<string, string>> }
    const reference = kind === 'Secret' ? 'secretKeyRef' : kind === 'ConfigMap' ? 'configMapKeyRef' : undefined
    if (reference === undefined) throw new CommandError(`unsupported resource specified in --from`)
    const keys = Object.keys(data).filter((key) => given.keys.length === 0 || given.keys.includes(key))
    return keys
      .sort()
      .map((key) => ({ name: variableName(key, given.prefix, io.err), valueFrom: { [reference]: { key, name } } }))
  })
}

function variableName(key: string, prefix: string, warn: (line: string) => void): string {
  const name = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
  if (name !== key) warn(`Warning: key ${key} transferred to ${name}\n`)
  return prefix + name
}

function listAll({ cluster, io, flags: given }: Call<typeof flags>, resources: readonly string[]): number {
  const { infos, errors } = infosOf({ ...given, cluster, io, args: resources })
  for (const { object, kind, name, namespace } of infos)
    for (const container of selectContainers(templateOf(object).spec.containers, given.containers)) {
      io.out(`# ${kind.kind} ${name}, container ${container.name}\n`)
      for (const variable of (container.env ?? []) as Variable[])
        io.out(`${shown(variable, given.resolve, cluster, namespace)}\n`)
    }
  throwAll(errors)
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
  return `${name}=${found?.data?.[reference.key] ?? ''}`
}
