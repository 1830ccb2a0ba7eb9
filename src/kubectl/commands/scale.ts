import { bool, duration, int, text } from '../args/flags.ts'
import { infosOf } from '../args/resources.ts'
import { writeOptions } from '../args/options.ts'
import { dryRun, files, output, record, selector } from '../args/shared.ts'
import { defineCommand, type Waiting } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import type { KubeObject } from '../engine.ts'
import { createReporter, readDryRun } from '../printers/output.ts'
import { causePatch } from './record.ts'

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number }
  readonly status?: { readonly replicas?: number }
}

/** Set a new size for a deployment, replica set, or replication controller. */
export const scale = defineCommand({
  name: 'scale',
  suggestFor: ['resize'],
  usage: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  examples: ['kubectl scale deployment web --replicas=3'],
  completes: 'resources',
  flags: {
    ...files,
    ...selector,
    ...dryRun,
    ...output,
    ...record,
    all: bool('All objects of the kind in the namespace'),
    'current-replicas': int('Only if it has this size now', -1),
    replicas: int('The new size', 0, { isRequired: true }),
    'resource-version': text('Only if the object is at this version'),
    timeout: duration('How long to wait until it has that size; 0: not at all', 0),
  },
  *run(call): Waiting {
    const { cluster, io, args, flags, now } = call
    if (flags.replicas < 0)
      throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    const dry = readDryRun(flags['dry-run'])
    const { infos, errors } = infosOf({ ...flags, cluster, io, args })
    if (flags['resource-version'] !== '' && infos.length > 1)
      throw new CommandError('cannot use --resource-version with multiple resources')
    const report = createReporter(flags, io, dry)
    const failures = gather(infos, (info) => {
      if (dry === 'client') return report(info, 'scaled', withReplicas(info.object, flags.replicas))
      const { 'current-replicas': expected, 'resource-version': version } = flags
      if (expected >= 0 || version !== '') {
        const before = cluster.get<Scale>(info, 'scale')
        const replicas = before.spec?.replicas ?? 0
        if (expected >= 0 && replicas !== expected)
          throw new CommandError(`Expected replicas to be ${expected}, was ${replicas}`)
        if (version !== '' && before.metadata.resourceVersion !== version)
          throw new CommandError(`Expected resource version to be ${version}, was ${before.metadata.resourceVersion}`)
      }
      cluster.patch(info, { spec: { replicas: flags.replicas } }, 'merge', writeOptions(dry, ''), 'scale')
      const cause = causePatch(call)
      if (cause !== undefined) cluster.patch(info, cause, 'merge', writeOptions(dry, ''))
      report(info, 'scaled', withReplicas(info.object, flags.replicas))
    })
    throwAll([...errors, ...failures])
    if (infos.length === 0) throw new CommandError('no objects passed to scale')
    const deadline = now() + flags.timeout
    while (
      flags.timeout > 0 &&
      infos.some((info) => (cluster.get<Scale>(info, 'scale').status?.replicas ?? 0) !== flags.replicas)
    ) {
      if (now() >= deadline) throw new CommandError('timed out waiting for the condition')
      yield
    }
    return 0
  },
})

function withReplicas(object: KubeObject, replicas: number): object {
  return { ...object, spec: { ...(object as { spec?: object }).spec, replicas } }
}
