import { bool, text } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { groupsOf, infosOf } from '../../args/resources.ts'
import { dryRun, files, output, selector } from '../../args/shared.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError, throwAll, UsageError } from '../../errors.ts'
import { metadataOf } from '../../manifests/objects.ts'
import { goJson } from '../../printers/json.ts'
import { formatYaml } from '../../printers/yaml.ts'
import { createReporter, readDryRun } from '../../printers/output.ts'
import type { KubeObject } from '../../engine.ts'
import { withConfig } from '../create/index.ts'

const view = defineCommand({
  name: 'view-last-applied',
  usage: 'apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  summary: 'View the latest last-applied-configuration annotations of a resource/object',
  completes: 'resources',
  flags: { ...files, ...selector, all: bool('All of the kind'), output: text('yaml or json', 'yaml', { short: 'o' }) },
  run({ cluster, io, args, flags }) {
    if (flags.output !== 'yaml' && flags.output !== 'json')
      throw new UsageError(`Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`)
    const { infos, errors } = infosOf({ ...flags, cluster, io, args })
    throwAll(errors)
    // upstream: an object without the note is passed over, as the error about it is made of none
    const noted = infos.flatMap(({ object }) => {
      const text = object.metadata.annotations?.[lastApplied]
      return text === undefined ? [] : [JSON.parse(text) as unknown]
    })
    io.out(
      noted.map((object) => (flags.output === 'yaml' ? formatYaml(object) : `${goJson(object, '  ')}\n`)).join('---\n'),
    )
    return 0
  },
})

const set = defineCommand({
  name: 'set-last-applied',
  usage: 'apply set-last-applied -f FILENAME',
  summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  completes: 'none',
  flags: { ...files, ...dryRun, ...output, 'create-annotation': bool('Make the annotation if there is none') },
  run({ cluster, io, args, flags }) {
    const dry = readDryRun(flags['dry-run'])
    const report = createReporter(flags, io, dry)
    const { groups, errors } = groupsOf({ ...flags, cluster, io, args })
    throwAll(errors)
    for (const group of groups) {
      if (group.by !== 'name') continue
      const { target, manifest } = group
      const live = cluster.get<KubeObject>(target)
      const noted = live.metadata.annotations?.[lastApplied]
      if (noted === undefined && !flags['create-annotation'])
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${target.name}, to create the annotation, run the command with --create-annotation`,
        )
      const wanted = withConfig({
        ...manifest!,
        metadata: { ...manifest!.metadata, annotations: metadataOf(manifest!).annotations ?? {} },
      })
      const annotation = wanted.metadata.annotations![lastApplied]!
      if (noted === annotation) {
        io.out(`set-last-applied ${target.name}: no changes required.\n`)
        continue
      }
      const patch = { metadata: { annotations: { [lastApplied]: annotation } } }
      if (dry !== 'client') cluster.patch(target, patch, 'merge', writeOptions(dry, 'kubectl-set-last-applied'))
      report(target, 'configured', live)
    }
    return 0
  },
})

/** What belongs to the note that `kubectl apply` leaves on an object. */
export const applySubcommands = [set, view]
