import { bool, text } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { groupsOf, infosOf, type Selection } from '../../args/resources.ts'
import { dryRun, fieldManager, files, output, record, selector, validate } from '../../args/shared.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError, throwAll, UsageError } from '../../errors.ts'
import { goJson, sortedJson } from '../../printers/json.ts'
import { formatYaml } from '../../printers/yaml.ts'
import { createReporter, readDryRun } from '../../printers/output.ts'
import { isEqual, jsonError, type KubeObject } from '../../engine.ts'
import { editedFiles, editedIn } from '../editing.ts'

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
      if (text === undefined) return []
      const error = jsonError(text)
      if (error !== undefined) throw new CommandError(error)
      return [JSON.parse(text) as unknown]
    })
    for (const object of noted) io.out(flags.output === 'yaml' ? formatYaml(object) : `${goJson(object, '  ')}\n`)
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
    const named = groups.flatMap((group) => (group.by === 'name' ? [group] : []))
    // All are looked at before the first is changed.
    const wanted = named.flatMap(({ target, manifest }) => {
      const live = cluster.get<KubeObject>(target)
      const noted = live.metadata.annotations?.[lastApplied]
      if (noted === undefined && !flags['create-annotation'])
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${target.name}, to create the annotation, run the command with --create-annotation`,
        )
      const note = `${sortedJson(manifest)}\n`
      if (noted !== note) return [{ target, live, note }]
      io.out(`set-last-applied ${target.name}: no changes required.\n`)
      return []
    })
    for (const { target, live, note } of wanted) {
      const options = writeOptions(dry, 'kubectl-set-last-applied')
      const patch = patchOf(note)
      report(target, 'configured', dry === 'client' ? live : cluster.patch(target, patch, 'merge', options))
    }
    return 0
  },
})

const patchOf = (note: string) => ({ metadata: { annotations: { [lastApplied]: note } } })

/** Edit the note that `kubectl apply` compares with. */
// upstream: kubectl/pkg/cmd/apply/apply_edit_last_applied.go, kubectl/pkg/cmd/util/editor/editoptions.go visitToApplyEditPatch
const edit = defineCommand({
  name: 'edit-last-applied',
  usage: 'apply edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  summary: 'Edit latest last-applied-configuration annotations of a resource/object',
  completes: 'resources',
  flags: {
    ...files,
    ...output,
    ...record,
    ...validate,
    ...fieldManager('kubectl-edit'),
    'windows-line-endings': bool('Line endings of the editor'),
  },
  run({ cluster, io, args, flags }) {
    // what was edited says itself which objects it is about
    if (io.readFile(editedFiles.saved) === undefined) checkNoted({ ...flags, cluster, io, args, isKindEnough: true })
    const edited = editedIn(cluster, io, 'use kubectl apply view-last-applied, and kubectl apply set-last-applied -f')
    if (typeof edited === 'number') return edited
    const { before, after } = edited
    const report = createReporter(flags, io)
    const options = writeOptions('none', flags['field-manager'], flags.validate)
    for (const info of after) {
      const isSame = before.some(({ object }) => isEqual(object, info.object))
      if (!isSame) cluster.patch(info, patchOf(`${sortedJson(info.object)}\n`), 'merge', options)
      report(info, isSame ? 'skipped' : 'edited', info.object)
    }
    return 0
  },
})

function checkNoted(selection: Selection): void {
  const { infos, errors } = infosOf(selection)
  throwAll(errors)
  if (infos.every(({ object }) => object.metadata.annotations?.[lastApplied] === undefined))
    throw new CommandError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    )
}

/** What belongs to the note that `kubectl apply` leaves on an object. */
export const applySubcommands = [edit, set, view]
