import { bool } from '../../args/flags.ts'
import { writeOptions } from '../../args/options.ts'
import { infosOf } from '../../args/resources.ts'
import { dryRun, fieldManager, files, output, selector } from '../../args/shared.ts'
import type { Call } from '../../defineCommand.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import type { KubeObject } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { threeWayPatch, type Json } from '../../patch/threeWay.ts'
import { typeOf } from '../../engine.ts'
import { createReporter, readDryRun } from '../../printers/output.ts'

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

/** How one of them goes about its objects. */
export interface SetChange {
  readonly resources: readonly string[]
  /** the object as it should be; throws what is wrong */
  readonly change: (info: Info) => KubeObject
  /** `image updated` */
  readonly done: string
  /** `image update to pod template:`: what a refused patch failed at */
  readonly failure: string
  /** whether the line is printed although nothing changed */
  readonly isAlwaysSaid?: boolean
}

/** Changes each object by the smallest patch, and says so. */
export function changeAll(call: Pick<Call<typeof setFlags>, 'cluster' | 'io' | 'flags'>, how: SetChange): number {
  const { cluster, io, flags } = call
  const dry = readDryRun(flags['dry-run'])
  const { infos, errors } = infosOf({ ...flags, cluster, io, args: how.resources })
  const report = createReporter(flags, io, dry)
  const failures = gather(infos, (info) => {
    const changed = how.change(info)
    const patch = patchOf(info, changed)
    if (Object.keys(patch).length === 0 && !how.isAlwaysSaid) return
    if (dry === 'client') return report(info, how.done, changed)
    report(info, how.done, send(call, info, patch, writeOptions(dry, flags['field-manager']), how.failure))
  })
  throwAll([...errors, ...failures])
  return 0
}

function patchOf({ kind, object }: Info, changed: KubeObject): Json {
  const type = typeOf(kind.group, kind.version, kind.kind) ?? ''
  return threeWayPatch(type, object as unknown as Json, changed as unknown as Json, object as unknown as Json)
}

function send(call: Pick<Call, 'cluster'>, info: Info, patch: Json, options: object, failure: string): KubeObject {
  try {
    return call.cluster.patch(info, patch, 'strategic', options)
  } catch (error) {
    throw new CommandError(`failed to patch ${failure} ${(error as Error).message}`)
  }
}
