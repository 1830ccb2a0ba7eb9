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
  const result = changed(object, kind, overrides, how)
  if (!isObject(result) || !isObject((result as { metadata?: unknown }).metadata))
    throw new CommandError('Invalid JSON Patch')
  return { ...(result as T), [typed]: true }
}

type Json = Parameters<typeof strategicPatch>[1]

function changed(object: object, kind: string, overrides: string, how: string): object {
  if (how === 'json') {
    const operations = parsed(overrides)
    if (!Array.isArray(operations))
      throw new CommandError('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
    return jsonPatch(object, operations) as object
  }
  if (how !== 'merge' && how !== 'strategic') throw new CommandError(`invalid override type: ${how}`)
  const patch = parsed(overrides)
  if (!isObject(patch)) throw new CommandError('Invalid JSON Patch')
  if (how === 'merge') return mergePatch(object, patch) as object
  return strategicPatch(typeOf('', 'v1', kind), object as unknown as Json, patch as Json)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  if (jsonError(text) !== undefined) throw new CommandError('Invalid JSON Patch')
  return JSON.parse(text) as unknown
}
