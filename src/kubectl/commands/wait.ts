import { bool, duration, list } from '../args/flags.ts'
import { fetch, groupsOf, missingResource, type Group } from '../args/resources.ts'
import { allNamespaces, fieldSelector, files, output, selector } from '../args/shared.ts'
import type { Cluster } from '../cluster.ts'
import { defineCommand, type Waiting } from '../defineCommand.ts'
import { CommandError, gather, knownOrThrow, throwAll } from '../errors.ts'
import { ApiError, type KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { createJsonPath, printOne, relaxed } from '../printers/jsonpath.ts'
import { createReporter } from '../printers/output.ts'

/** Wait for a specific condition on one or many resources. */
export const wait = defineCommand({
  name: 'wait',
  usage: `wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]`,
  summary: 'Wait for a specific condition on one or many resources',
  examples: ['kubectl wait --for=condition=Ready pod/web --timeout=60s', 'kubectl wait --for=delete pod/web'],
  completes: 'resources',
  flags: {
    ...files,
    ...selector,
    ...fieldSelector,
    ...allNamespaces,
    ...output,
    all: bool('All objects of the kind in the namespace'),
    for: list('create, delete, condition=NAME[=VALUE], jsonpath={…}[=VALUE]'),
    local: bool('Look at the given file only'),
    timeout: duration('How long to wait; 0: look once; negative: a week', 30_000),
  },
  *run({ cluster, io, args, flags, now }): Waiting {
    const conditions = flags.for.map(readCondition)
    if (conditions.length === 0) throw new CommandError('unrecognized condition: []')
    if (args.length === 0 && flags.filename.length === 0) throw new CommandError(missingResource)
    const { groups, errors } = groupsOf({
      ...flags,
      cluster,
      io,
      args,
      fieldSelector: flags['field-selector'],
      allNamespaces: flags['all-namespaces'],
    })
    throwAll(errors)
    const report = createReporter(flags, io)
    const deadline = now() + (flags.timeout < 0 ? 604_800_000 : flags.timeout)
    const failures: Error[] = []
    let seen = 0
    for (const condition of conditions)
      for (const group of groups) {
        if (condition.type === 'create') yield* waitForCreation(cluster, group, deadline, now)
        const infos = infosFor(cluster, group, condition, failures)
        seen += condition.type === 'delete' && group.by === 'name' ? 1 : infos.length
        for (const info of infos) {
          const outcome = yield* waitFor(cluster, info, condition, { deadline, now, isOnce: flags.timeout === 0 })
          if (outcome instanceof Error) failures.push(outcome)
          else report(info, 'condition met', outcome)
        }
      }
    throwAll(failures)
    if (seen === 0 && conditions.some(({ type }) => type !== 'delete'))
      throw new CommandError('no matching resources found')
    return 0
  },
})

type Condition =
  | { readonly type: 'create' }
  | { readonly type: 'delete' }
  | { readonly type: 'check'; readonly isMet: (object: KubeObject) => boolean }

function readCondition(text: string): Condition {
  if (text.toLowerCase() === 'delete') return { type: 'delete' }
  if (text.toLowerCase() === 'create') return { type: 'create' }
  if (text.startsWith('condition=')) return conditionCheck(text.slice(10))
  if (text.startsWith('jsonpath=')) return pathCheck(text.slice(9))
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`)
}

interface Conditioned {
  readonly status?: { readonly conditions?: readonly Entry[]; readonly observedGeneration?: number }
}

interface Entry {
  readonly type: string
  readonly status: string
  readonly observedGeneration?: number
}

function conditionCheck(text: string): Condition {
  const equals = text.indexOf('=')
  const name = (equals < 0 ? text : text.slice(0, equals)).toLowerCase()
  const wanted = (equals < 0 ? 'true' : text.slice(equals + 1)).toLowerCase()
  const isMet = (object: KubeObject): boolean => {
    const { status } = object as Conditioned
    const entry = status?.conditions?.find(({ type }) => type.toLowerCase() === name)
    if (entry === undefined) return false
    const { generation = 0 } = object.metadata
    const observed = entry.observedGeneration ?? status?.observedGeneration
    return (observed === undefined || observed >= generation) && entry.status.toLowerCase() === wanted
  }
  return { type: 'check', isMet }
}

function pathCheck(text: string): Condition {
  const match = /^(\{[^]*\}|[^=]*?)(?:==?([^]*))?$/.exec(text)
  const expression = match?.[1] ?? text
  const wanted = match?.[2]?.replace(/^(["'])([^]*)\1$/, '$2')
  if (wanted === '')
    throw new CommandError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    )
  const path = createJsonPath(relaxed(expression))
  const isMet = (object: KubeObject): boolean => {
    const found = path.find(object).flat()
    if (found.length === 0) return false
    if (found.length > 1 && wanted !== undefined)
      throw new CommandError(`given jsonpath expression matches more than one value`)
    if (wanted === undefined) return true
    if (typeof found[0] === 'object' && found[0] !== null)
      throw new CommandError('jsonpath leads to a nested object or list which is not supported')
    return printOne(found[0]).trim() === wanted.trim()
  }
  return { type: 'check', isMet }
}

function infosFor(cluster: Cluster, group: Group, condition: Condition, failures: Error[]): readonly Info[] {
  const infos: Info[] = []
  const errors = gather([group], (one) => infos.push(...fetch(cluster, one)))
  failures.push(
    ...errors.filter((error) => !(condition.type === 'delete' && error instanceof ApiError && error.code === 404)),
  )
  return infos
}

function* waitForCreation(
  cluster: Cluster,
  group: Group,
  deadline: number,
  now: () => number,
): Generator<undefined, void> {
  for (;;) {
    try {
      if (fetch(cluster, group).length > 0) return
    } catch (error) {
      const known = knownOrThrow(error)
      if (!(known instanceof ApiError) || known.code !== 404) throw known
    }
    if (now() >= deadline) throw new CommandError('timed out waiting for the condition')
    yield
  }
}

function* waitFor(
  cluster: Cluster,
  info: Info,
  condition: Condition,
  { deadline, now, isOnce }: { readonly deadline: number; readonly now: () => number; readonly isOnce: boolean },
): Generator<undefined, KubeObject | Error> {
  const late = new CommandError(`timed out waiting for the condition on ${info.kind.plural}/${info.name}`)
  if (now() >= deadline && !isOnce) return late
  for (;;) {
    const object = cluster.find<KubeObject>(info)
    const isGone = object === undefined || object.metadata.uid !== info.object.metadata.uid
    if (condition.type === 'delete') {
      if (isGone) return info.object
    } else if (isGone)
      return new CommandError(
        `${info.kind.plural}${info.kind.group === '' ? '' : `.${info.kind.group}`} "${info.name}" not found`,
      )
    else if (condition.type === 'create' || condition.isMet(object)) return object
    if (isOnce) return new CommandError(`condition not met for ${info.kind.plural}/${info.name}`)
    if (now() >= deadline) return late
    yield
  }
}
