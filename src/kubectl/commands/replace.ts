import { text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { groupsOf } from '../args/resources.ts'
import { deletion, dryRun, fieldManager, files, output, validate } from '../args/shared.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, gather, throwAll, withSource } from '../errors.ts'
import type { KubeObject, RequestOptions } from '../engine.ts'
import { createReporter, readDryRun } from '../printers/output.ts'
import { checkRawFile, sendRaw } from './raw.ts'
import { deleteOne, lineOf, readCascade, waitUntilGone, type Doomed } from './delete.ts'

/** Replace a resource by file name or stdin. */
export const replace = defineCommand({
  name: 'replace',
  usage: 'replace -f FILENAME',
  summary: 'Replace a resource by file name or stdin',
  examples: ['kubectl replace -f pod.yaml', 'kubectl replace --force -f pod.yaml'],
  completes: 'none',
  flags: {
    ...files,
    ...dryRun,
    ...output,
    ...validate,
    ...fieldManager('kubectl-replace'),
    ...deletion,
    raw: text('A path to put the file to'),
    subresource: text('A part of the object to write: status, scale'),
  },
  *run(call) {
    const { cluster, io, args, flags, given, now } = call
    if (flags.filename.length === 0 && flags.kustomize === '') throw new CommandError('must specify one of -f and -k')
    const dry = readDryRun(flags['dry-run'])
    if (flags['grace-period'] >= 0 && !flags.force) throw new CommandError('--grace-period must have --force specified')
    if (flags.timeout !== 0 && !flags.force) throw new CommandError('--timeout must have --force specified')
    if (flags.raw !== '') {
      checkRawFile(call)
      return sendRaw(call, 'PUT')
    }
    const options = writeOptions(dry, flags['field-manager'], flags.validate)
    const { groups, errors } = groupsOf({
      ...flags,
      cluster,
      io,
      args,
      isValidated: options.fieldValidation !== 'Ignore',
    })
    const named = groups.flatMap((group) => (group.by === 'name' ? [group] : []))
    if (named.length === 0 && errors.length === 0) throw new CommandError('no objects passed to replace')
    const report = createReporter(flags, io, dry)
    if (flags.force) {
      const propagationPolicy = readCascade(flags.cascade, given.has('cascade'), io.err)
      const grace = flags['grace-period'] < 0 ? {} : { gracePeriodSeconds: flags['grace-period'] }
      const doomed = deleteAll(
        cluster,
        named.map(({ target }) => target),
        { propagationPolicy, ...grace },
        io.out,
      )
      yield* waitUntilGone(cluster, doomed, flags.timeout, now)
    }
    const failures = gather(named, ({ target, manifest, source }) => {
      if (dry === 'client') return report(target, 'replaced', manifest!)
      try {
        const subresource = flags.subresource === '' ? {} : { subresource: flags.subresource }
        const stored = flags.force
          ? cluster.create<KubeObject>(target.kind, target.namespace, manifest, options)
          : cluster.send<KubeObject>({ verb: 'update', ...pathFor(target), ...subresource, body: manifest, options })
        report(target, 'replaced', stored)
      } catch (error) {
        throw withSource(error, 'replacing', source)
      }
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

function pathFor({ kind, namespace, name }: Doomed) {
  return {
    group: kind.group,
    version: kind.version,
    resource: kind.plural,
    ...(namespace !== undefined && { namespace }),
    name,
  }
}

function deleteAll(
  cluster: Parameters<typeof deleteOne>[0],
  targets: readonly Doomed[],
  options: RequestOptions,
  out: (line: string) => void,
): readonly Doomed[] {
  return targets.flatMap((target) => {
    if (cluster.find(target) === undefined) return []
    const uid = deleteOne(cluster, target, options)
    out(lineOf(target, false, 'none'))
    return [{ ...target, ...(uid !== undefined && { uid }) }]
  })
}
