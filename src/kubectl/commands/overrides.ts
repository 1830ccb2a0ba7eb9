import { text } from '../args/flags.ts'
import { CommandError } from '../errors.ts'
import { jsonError, jsonPatch, mergePatch, strategicPatch, typeOf } from '../engine.ts'
import { typed } from '../printers/output.ts'

/** `--override-type` */
export const overrideType = (usual: 'merge' | 'strategic') => ({
  'override-type': text('How --overrides are put in: merge, strategic or json', usual),
})

interface OverrideFlags {
  readonly overrides: string
  readonly 'override-type': string
}

/** An object of the core group that kubectl made, with what `--overrides` says put into it. */
// upstream: kubectl/pkg/cmd/util/override_options.go, helpers.go Merge, StrategicMerge, JSONPatch
export function overridden<T extends object>(object: T, kind: string, flags: OverrideFlags): T {
  const { overrides, 'override-type': how } = flags
  if (overrides === '') return object
  return { ...(changed(object, kind, overrides, how) as T), [typed]: true }
}

type Json = Parameters<typeof strategicPatch>[1]

function changed(object: object, kind: string, overrides: string, how: string): object {
  if (how === 'json') {
    const operations = parsed(overrides)
    if (!Array.isArray(operations))
      throw new CommandError('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
    return jsonPatch(object, operations) as object
  }
  if (how === 'merge') return mergePatch(object, parsed(overrides)) as object
  if (how !== 'strategic') throw new CommandError(`invalid override type: ${how}`)
  return strategicPatch(typeOf('', 'v1', kind), object as unknown as Json, parsed(overrides) as Json)
}

function parsed(text: string): unknown {
  if (jsonError(text) !== undefined) throw new CommandError('Invalid JSON Patch')
  return JSON.parse(text) as unknown
}
