import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { fieldManager, files, output, record, validate } from '../args/shared.ts'
import { resourceName } from '../cluster.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, throwAll } from '../errors.ts'
import { infosOf, missingResource } from '../args/resources.ts'
import { ApiError, isEqual, typeOf } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { twoWayPatch, type Json } from '../patch/threeWay.ts'
import { createReporter } from '../printers/output.ts'
import { editedIn, type Edited } from './editing.ts'
import { recorded } from './record.ts'

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
    refuseFormat(flags.output)
    const edited = editedIn(
      call.cluster,
      io,
      `use the page's editor, kubectl patch, or kubectl get ${args.join(' ')} -o yaml and kubectl apply -f`,
    )
    return typeof edited === 'number' ? edited : save(call, edited)
  },
})

// upstream: editoptions.go editPrinterOptions: what cannot be shown in the editor cannot be asked for afterwards
function refuseFormat(format: string): void {
  if (['', 'json', 'yaml', 'yml', 'kyaml'].includes(format.toLowerCase())) return
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: json,kyaml,yaml`,
  )
}

function save(call: Call<typeof flags>, { before, after }: Edited): number {
  const { flags, io } = call
  const report = createReporter(flags, io)
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
