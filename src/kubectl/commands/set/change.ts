import { bool } from '../../args/flags.ts'
import { writeOptions } from '../../args/options.ts'
import { infosOf } from '../../args/resources.ts'
import { dryRun, fieldManager, files, output, record, selector } from '../../args/shared.ts'
import type { Call } from '../../defineCommand.ts'
import { CommandError, gather, knownOrThrow, throwAll } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import { filledIn } from '../../manifests/filledIn.ts'
import type { Info } from '../../manifests/objects.ts'
import { twoWayPatch, type Json } from '../../patch/threeWay.ts'
import { typeOf } from '../../engine.ts'
import { createReporter, readDryRun, type DryRun } from '../../printers/output.ts'
import { recorded } from '../record.ts'

/** The flags of every `kubectl set` command. */
export const setFlags = {
  ...files,
  ...selector,
  ...dryRun,
  ...output,
  ...fieldManager('kubectl-set'),
  all: bool('All objects of the kind in the namespace'),
  local: bool('Change the given file only'),
}

/** The same of those that can note themselves on what they changed. */
export const recordedSetFlags = { ...setFlags, ...record }

/** How one of them goes about its objects. */
export interface SetChange {
  readonly resources: readonly string[]
  /** what the line itself lacks; said once the objects are found */
  readonly lack?: string | undefined
  /** the object as it should be; throws what keeps it from being changed, and complains of what does not */
  readonly change: (info: Info, complain: (text: string) => void) => KubeObject
  /** `image updated` */
  readonly done: string
  /** `failed to patch image update to pod template:`: what a refused patch failed at; without it the refusal as it is */
  readonly failure?: string
  /** whether the line is printed although nothing changed */
  readonly isAlwaysSaid?: boolean
}

type SetCall = Pick<Call<typeof setFlags>, 'cluster' | 'io' | 'flags' | 'words'> & {
  readonly flags: { readonly record?: boolean }
}

/** Changes each object by the smallest patch, and says so. */
export function changeAll(call: SetCall, how: SetChange): number {
  const { cluster, io, flags } = call
  const dry = readDryRun(flags['dry-run'])
  const found = infosOf({ ...flags, cluster, io, args: how.resources })
  throwAll(found.errors)
  refuseLine(call, how, dry)
  const report = createReporter(flags, io, dry)
  const complaints: Error[] = []
  const failures = gather(found.infos, (info) => {
    const complain = (text: string): void => void complaints.push(new CommandError(`error: ${text}`))
    const changed = recorded(call, blaming(info, how, flags.local, complain))
    const patch = patchOf(info, changed)
    if (Object.keys(patch).length === 0 && !how.isAlwaysSaid) return
    if (flags.local || dry === 'client') return report(info, how.done, flags.local ? filledIn(changed) : changed)
    report(info, how.done, send(call, info, patch, writeOptions(dry, flags['field-manager']), how))
  })
  throwAll([...complaints, ...failures])
  return 0
}

function refuseLine({ flags }: SetCall, { resources, lack }: SetChange, dry: DryRun): void {
  if (flags.all && flags.selector.length > 0) throw new CommandError('cannot set --all and --selector at the same time')
  if (resources.length < 1 && flags.filename.length === 0 && flags.kustomize === '')
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  if (lack !== undefined) throw new CommandError(lack)
  if (flags.local && dry === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
}

/** `error: deployments/web …`: what is wrong with an object is said with its name. */
function blaming(
  info: Info,
  { change, failure }: SetChange,
  isLocal: boolean,
  complain: (text: string) => void,
): KubeObject {
  try {
    return change(info, complain)
  } catch (error) {
    const known = knownOrThrow(error)
    if (failure === undefined) throw known
    const word = isLocal ? info.kind.singular : info.kind.plural
    throw new CommandError(`error: ${word}/${info.name} ${known.message}`)
  }
}

function patchOf({ kind, object }: Info, changed: KubeObject): Json {
  const type = typeOf(kind.group, kind.version, kind.kind) ?? ''
  return twoWayPatch(type, object as unknown as Json, changed as unknown as Json)
}

function send({ cluster }: SetCall, info: Info, patch: Json, options: object, { failure }: SetChange): KubeObject {
  try {
    return cluster.patch(info, patch, 'strategic', options)
  } catch (error) {
    if (failure === undefined) throw error
    throw new CommandError(`${failure} ${(error as Error).message}`)
  }
}
