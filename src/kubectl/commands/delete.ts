import { bool, int, text } from '../args/flags.ts'
import { fetch, groupsOf, type Group } from '../args/resources.ts'
import { allNamespaces, deletion, dryRun, fieldSelector, files, selector } from '../args/shared.ts'
import { kindName, nameOf, type Cluster, type Target } from '../cluster.ts'
import { defineCommand, type Waiting } from '../defineCommand.ts'
import { CommandError, gather, throwAll, withSource } from '../errors.ts'
import type { KubeObject, RequestOptions } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { readDryRun, type DryRun } from '../printers/output.ts'
import { checkRawFile, sendRaw } from './raw.ts'

/** Delete resources by file names, stdin, resources and names, or by resources and label selector. */
export const remove = defineCommand({
  name: 'delete',
  suggestFor: ['rm'],
  usage: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  examples: ['kubectl delete pod web', 'kubectl delete deploy,svc -l app=web', 'kubectl delete -f web.yaml'],
  completes: 'resources',
  flags: {
    ...files,
    ...selector,
    ...fieldSelector,
    ...allNamespaces,
    ...dryRun,
    ...deletion,
    all: bool('All objects of the kind in the namespace'),
    'ignore-not-found': bool('Say nothing of objects that are not there'),
    interactive: bool('Ask before anything is deleted', false, { short: 'i' }),
    now: bool('The same as --grace-period=1'),
    output: text('Use "-o name" for short output', '', { short: 'o' }),
    raw: text('A path to delete'),
    'grace-period': int('Seconds to end in; negative: as the object says', -1),
  },
  *run(call) {
    const { cluster, io, args, flags, given, now } = call
    if (flags.output !== '' && flags.output !== 'name')
      throw new CommandError(`unexpected -o output mode: ${flags.output}. We only support '-o name'`)
    if (flags.raw !== '') {
      checkRawFile(call)
      return sendRaw(call, 'DELETE')
    }
    const dry = readDryRun(flags['dry-run'])
    const propagationPolicy = readCascade(flags.cascade, given.has('cascade'), io.err)
    const grace = graceOf(flags)
    if (flags.all && flags.selector.length > 0)
      throw new CommandError("setting 'all' parameter but found a non empty selector. ")
    const options: RequestOptions = {
      propagationPolicy,
      ...(grace >= 0 && { gracePeriodSeconds: grace }),
      ...(dry === 'server' && { dryRun: true }),
    }
    const { groups, errors } = groupsOf({
      ...flags,
      cluster,
      io,
      args,
      fieldSelector: flags['field-selector'],
      allNamespaces: flags['all-namespaces'],
      isValidated: false,
    })
    if (flags.force && grace === 0)
      io.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      )
    const isIgnoring = flags['ignore-not-found'] || flags.all
    const targets: Doomed[] = []
    const failures = [...errors, ...gather(groups, (group) => void targets.push(...doomedOf(cluster, group)))]
    if (cluster.isNamespaceGiven && targets.some(({ kind }) => !kind.namespaced))
      io.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n')
    const gone: Doomed[] = []
    failures.push(
      ...gather(targets, (target) => {
        const uid = dry === 'client' ? undefined : deleteOne(cluster, target, options)
        gone.push({ ...target, ...(uid !== undefined && { uid }) })
        io.out(flags.output === 'name' ? `${nameOf(target)}\n` : lineOf(target, flags.force && grace === 0, dry))
      }).filter((error) => !(isIgnoring && isNotFound(error))),
    )
    throwAll(failures)
    if (targets.length === 0 && !isIgnoring) io.out('No resources found\n')
    else if (targets.length === 0 && flags.all) io.out('No resources found\n')
    if (flags.wait && dry === 'none') return yield* waitUntilGone(cluster, gone, flags.timeout, now)
    return 0
  },
})

/** An object that is to go. */
export interface Doomed extends Target {
  readonly source?: string
  readonly uid?: string
  readonly object?: KubeObject
}

function doomedOf(cluster: Cluster, group: Group): readonly Doomed[] {
  if (group.by === 'list') return fetch(cluster, group).map(({ object, ...info }: Info) => ({ ...info, object }))
  return [{ ...group.target, ...(group.source !== undefined && { source: group.source }) }]
}

const isNotFound = (error: Error): boolean => (error as { code?: number }).code === 404

/** Deletes one object; its uid, so that somebody can wait until this very object is gone. */
export function deleteOne(cluster: Cluster, target: Doomed, options: RequestOptions): string | undefined {
  try {
    const before = cluster.delete(target, options) as { metadata?: { uid?: string }; details?: { uid?: string } }
    return before.metadata?.uid ?? before.details?.uid
  } catch (error) {
    throw withSource(error, 'deleting', target.source)
  }
}

/** `pod "web" deleted from default namespace` */
export function lineOf({ kind, name, namespace }: Target, isForced: boolean, dry: DryRun): string {
  const where = kind.namespaced ? ` from ${namespace} namespace` : ''
  const suffix = dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : ''
  return `${kindName(kind)} "${name}" ${isForced ? 'force ' : ''}deleted${where}${suffix}\n`
}

/** Waits until none of the objects is left. */
export function* waitUntilGone(
  cluster: Cluster,
  targets: readonly Doomed[],
  timeoutMs: number,
  now: () => number,
): Waiting {
  const deadline = timeoutMs > 0 ? now() + timeoutMs : Infinity
  for (const target of targets) {
    while (isThere(cluster, target)) {
      if (now() >= deadline)
        throw new CommandError(`timed out waiting for the condition on ${target.kind.plural}/${target.name}`)
      yield
    }
  }
  return 0
}

function isThere(cluster: Cluster, target: Doomed): boolean {
  const found = cluster.find<KubeObject>(target)
  return found !== undefined && (target.uid === undefined || found.metadata.uid === target.uid)
}

/** Reads `--cascade`, old spellings included. */
export function readCascade(
  word: string,
  isGiven: boolean,
  warn: (text: string) => void,
): 'Background' | 'Foreground' | 'Orphan' {
  if (isGiven && (word === 'true' || word === 'false')) {
    const meant = word === 'true' ? 'background' : 'orphan'
    warn(`warning: --cascade=${word} is deprecated (boolean value) and can be replaced with --cascade=${meant}.\n`)
    return word === 'true' ? 'Background' : 'Orphan'
  }
  if (word === 'background') return 'Background'
  if (word === 'foreground') return 'Foreground'
  if (word === 'orphan') return 'Orphan'
  throw new CommandError(`invalid cascade value (${word}). Must be "background", "foreground", or "orphan"`)
}

const graceWithForce = '--force and --grace-period greater than 0 cannot be specified together'

interface GraceFlags {
  readonly now: boolean
  readonly force: boolean
  readonly 'grace-period': number
}

// upstream: kubectl/pkg/cmd/delete/delete.go Complete: a grace of 0 needs --force, or becomes 1
function graceOf({ now, force, 'grace-period': asked }: GraceFlags): number {
  if (now) {
    if (asked !== -1) throw new CommandError('--now and --grace-period cannot be specified together')
    if (force) throw new CommandError(graceWithForce)
    return 1
  }
  if (force && asked > 0) throw new CommandError(graceWithForce)
  if (asked === 0 && !force) return 1
  return force && asked < 0 ? 0 : asked
}
