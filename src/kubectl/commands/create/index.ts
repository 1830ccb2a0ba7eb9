import { bool, text } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { groupsOf } from '../../args/resources.ts'
import { dryRun, fieldManager, files, output, record, selector, validate } from '../../args/shared.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError, gather, throwAll, UsageError, withSource } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import { sortedJson } from '../../printers/json.ts'
import { createReporter, readDryRun } from '../../printers/output.ts'
import { editedIn } from '../editing.ts'
import { recorded } from '../record.ts'
import { checkRawFile, sendRaw } from '../raw.ts'
import { generators } from './generators.ts'

const flags = {
  ...files,
  ...selector,
  ...dryRun,
  ...output,
  ...record,
  ...validate,
  ...fieldManager('kubectl-create'),
  edit: bool('Open the object in an editor first'),
  raw: text('A path to post the file to'),
  'save-config': bool('Note the object in an annotation, for apply to compare with'),
  'windows-line-endings': bool('Line endings of the editor'),
}

/** Create a resource from a file or from stdin. */
export const create = defineCommand({
  name: 'create',
  usage: 'create -f FILENAME',
  summary: 'Create a resource from a file or from stdin',
  examples: ['kubectl create -f pod.yaml', 'kubectl create deployment web --image=nginx'],
  completes: 'none',
  subcommands: generators,
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`)
    if (flags.filename.length === 0 && flags.kustomize === '') throw new CommandError('must specify one of -f and -k')
    if (flags.raw !== '') return createRaw(call)
    if (flags.edit) return createEdited(call)
    const dry = readDryRun(flags['dry-run'])
    const options = writeOptions(dry, flags['field-manager'], flags.validate)
    const report = createReporter(flags, io, dry)
    const isValidated = options.fieldValidation !== 'Ignore'
    const { groups, errors } = groupsOf({ ...flags, cluster, io, args, isValidated })
    const failures = gather(groups, (group) => {
      if (group.by !== 'name') return
      const { target, source, manifest } = group
      const body = recorded(call, flags['save-config'] ? withConfig(manifest!) : manifest!)
      if (dry === 'client') return report(target, 'created', body)
      try {
        const made = cluster.create<KubeObject>(target.kind, target.namespace, body, options)
        report({ kind: target.kind, name: made.metadata.name }, 'created', made)
      } catch (error) {
        throw withSource(error, 'creating', source)
      }
    })
    throwAll([...failures, ...errors])
    if (groups.length === 0) throw new CommandError('no objects passed to create')
    return 0
  },
})

/** Creates what was edited. Whatever --dry-run says, it is created. */
// upstream: kubectl/pkg/cmd/create/create.go RunEditOnCreate
function createEdited(call: Call<typeof flags>): number {
  const { cluster, io, flags } = call
  const edited = editedIn(cluster, io, 'edit the file, and create it without --edit')
  if (typeof edited === 'number') return edited
  const report = createReporter(flags, io)
  const options = writeOptions('none', flags['field-manager'], flags.validate)
  for (const { kind, namespace, object } of edited.after) {
    const body = recorded(call, flags['save-config'] ? withConfig(object) : object)
    const made = cluster.create<KubeObject>(kind, namespace, body, options)
    report({ kind, name: made.metadata.name }, 'created', made)
  }
  return 0
}

// upstream: kubectl/pkg/cmd/create/create.go Validate
function createRaw(call: Call<typeof flags>): number {
  const { flags } = call
  if (flags.edit) throw new CommandError('--raw and --edit are mutually exclusive')
  if (flags.selector.length > 0) throw new CommandError('--raw and --selector (-l) are mutually exclusive')
  checkRawFile(call)
  return sendRaw(call, 'POST')
}

/** An object with itself noted in the annotation that apply compares with. */
export function withConfig(object: KubeObject): KubeObject {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {}
  const bare = { ...object, metadata: { ...object.metadata, annotations } }
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: `${sortedJson(bare)}\n` } },
  }
}
