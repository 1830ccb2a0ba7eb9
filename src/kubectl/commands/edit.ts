import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { fieldManager, files, output, record, validate } from '../args/shared.ts'
import { resourceName, type Cluster } from '../cluster.ts'
import type { Io } from '../context.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, knownOrThrow, throwAll } from '../errors.ts'
import { infosOf, missingResource } from '../args/resources.ts'
import { ApiError, isEqual, typeOf } from '../engine.ts'
import { readDocuments } from '../manifests/documents.ts'
import { objectsOf, type Info } from '../manifests/objects.ts'
import { twoWayPatch, type Json } from '../patch/threeWay.ts'
import { createReporter } from '../printers/output.ts'
import { recorded } from './record.ts'

/** Where whoever opens the editor leaves what it was given, and what was saved in it. */
export const editedFiles = { original: '/tmp/kubectl-edit-original.yaml', saved: '/tmp/kubectl-edit.yaml' } as const

const flags = {
  ...files,
  ...output,
  ...record,
  ...validate,
  ...fieldManager('kubectl-edit'),
  'output-patch': bool('Print the patch as well'),
  subresource: text('A part of the object to edit: status, scale'),
}

/** Edit a resource on the server. */
// upstream: kubectl/pkg/cmd/util/editor/editoptions.go visitToPatch
// differs: it opens no editor itself. Its host shows the objects, waits, and runs it with both texts in `editedFiles`; why a text has
// to be edited again goes to standard error as the lines that begin with # in the file that is opened anew.
export const edit = defineCommand({
  name: 'edit',
  usage: 'edit (RESOURCE/NAME | -f FILENAME)',
  summary: 'Edit a resource on the server',
  completes: 'resources',
  flags,
  run(call) {
    const { args, flags, io } = call
    if (args.length === 0 && flags.filename.length === 0) throw new CommandError(missingResource)
    if (args.length > 0) throwAll(infosOf({ cluster: call.cluster, io, args, isKindEnough: true }).errors)
    const [original, saved] = [io.readFile(editedFiles.original), io.readFile(editedFiles.saved)]
    if (original === undefined || saved === undefined)
      throw new CommandError(
        `unable to launch the editor "vi": there is none here; use the page's editor, kubectl patch, or kubectl get ${args.join(' ')} -o yaml and kubectl apply -f`,
      )
    return save(call, original, saved)
  },
})

function save(call: Call<typeof flags>, original: string, saved: string): number {
  const { cluster, flags, io } = call
  const before = infosIn(original, cluster, io)
  const after = infosIn(saved, cluster, io)
  if (before === undefined || after === undefined) return 1
  if (
    isEqual(
      before.map(({ object }) => object),
      after.map(({ object }) => object),
    )
  )
    return cancelled(io, 'no changes made')
  if (after.length === 0) return cancelled(io, 'saved file was empty')
  const report = createReporter({ ...flags, output: '' }, io)
  let code = 0
  for (const info of after) {
    const { uid } = info.object.metadata
    const old = before.find(({ object }) => object.metadata.uid === uid)
    if (old === undefined) throw new CommandError(`no original object found for ${info.name}`)
    if (isEqual(old.object, info.object)) report(info, 'skipped', info.object)
    else if (!patchOne(call, old, info, report)) code = 1
  }
  return code
}

function cancelled(io: Io, why: string): number {
  io.err(`Edit cancelled, ${why}.\n`)
  return 0
}

/** The objects of a text; undefined where it cannot be read, which the reopened file then says. */
function infosIn(text: string, cluster: Cluster, io: Io): readonly Info[] | undefined {
  const { documents, error } = readDocuments('edited-file', text)
  try {
    if (error) throw error
    return documents.flatMap((document) => objectsOf(document, { cluster, isValidated: false }).map((read) => read()))
  } catch (problem) {
    io.err(`# The edited file had a syntax error: ${knownOrThrow(problem).message.replaceAll('\n', '\n# ')}\n#\n`)
    return undefined
  }
}

function patchOne(call: Call<typeof flags>, old: Info, info: Info, report: ReturnType<typeof createReporter>): boolean {
  const { cluster, flags, io } = call
  if (old.kind !== info.kind || old.name !== info.name)
    throw new CommandError('At least one of apiVersion, kind and name was changed')
  const type = typeOf(info.kind.group, info.kind.version, info.kind.kind)
  const [from, to] = [old.object as unknown as Json, recorded(call, info.object) as unknown as Json]
  const patch = twoWayPatch(type ?? '', from, to)
  if (flags['output-patch']) io.out(`Patch: ${JSON.stringify(patch)}\n`)
  const options = writeOptions('none', flags['field-manager'], flags.validate)
  const subresource = flags.subresource === '' ? undefined : flags.subresource
  try {
    report(info, 'edited', cluster.patch(info, patch, type === undefined ? 'merge' : 'strategic', options, subresource))
    return true
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    io.err(refusal(info, error))
    return false
  }
}

// upstream: editoptions.go addError
function refusal(info: Info, { status, reason, message }: ApiError): string {
  const name = `${resourceName(info.kind)} ${JSON.stringify(info.name)}`
  if (reason === 'NotFound') return `error: ${name} could not be found on the server\n`
  if (reason !== 'Invalid') return `error: ${name} could not be patched: ${message}\n`
  const causes = (status.details?.causes ?? []).map((cause) => `# * ${cause.field}: ${cause.message}\n`)
  return `error: ${name} is invalid\n# ${name} was not valid:\n${causes.join('')}#\n`
}
