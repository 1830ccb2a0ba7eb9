import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, fieldManager, files, output, record } from '../args/shared.ts'
import { apiVersionOf } from '../cluster.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import {
  ApiError,
  badRequest,
  isEqual,
  jsonPatch,
  mergePatch,
  strategicPatch,
  typeOf,
  type KindInfo,
  type KubeObject,
  type PatchType,
} from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { decodeYaml } from '../manifests/decodeYaml.ts'
import { createReporter, readDryRun } from '../printers/output.ts'
import { causePatch } from './record.ts'

const flags = {
  ...files,
  ...dryRun,
  ...output,
  ...record,
  ...fieldManager('kubectl-patch'),
  local: bool('Change the given file only'),
  patch: text('The patch, in JSON or YAML', '', { short: 'p' }),
  'patch-file': text('A file that holds it'),
  subresource: text('A part of the object to patch: status, scale'),
  type: text('json, merge or strategic', 'strategic'),
}

const types: readonly string[] = ['json', 'merge', 'strategic']

/** Update fields of a resource. */
export const patch = defineCommand({
  name: 'patch',
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  summary: 'Update fields of a resource',
  examples: [`kubectl patch deployment web -p '{"spec":{"replicas":3}}'`],
  completes: 'resources',
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    const type = flags.type.toLowerCase()
    if (flags.patch === '' && flags['patch-file'] === '')
      throw new CommandError('must specify --patch or --patch-file containing the contents of the patch')
    if (flags.patch !== '' && flags['patch-file'] !== '')
      throw new CommandError('cannot specify --patch and --patch-file together')
    if (!types.includes(type))
      throw new CommandError(`--type must be one of [${types.join(' ')}], not ${JSON.stringify(flags.type)}`)
    const dry = readDryRun(flags['dry-run'])
    const body = readPatch(call)
    refuseScalar(body, type)
    const { infos, errors } = infosOf({ ...flags, cluster, io, args, isManifestEnough: true })
    // upstream: here alone, a dry run is not mentioned
    const report = createReporter(flags, io, 'none', true)
    const subresource = flags.subresource === '' ? undefined : flags.subresource
    const failures = gather(infos, (info) => {
      const options = writeOptions(dry, flags['field-manager'])
      const isHere = flags.local || dry === 'client'
      const before = isHere || info.source !== undefined ? info.object : cluster.get<KubeObject>(info, subresource)
      const after = isHere
        ? patchedHere(info, type, body)
        : told(info, () => cluster.patch<KubeObject>(info, body, type as PatchType, options, subresource))
      const cause = isHere ? undefined : causePatch(call)
      if (cause !== undefined) cluster.patch(info, cause, 'merge', options)
      const isChanged = !isEqual(withoutVersion(before), withoutVersion(after))
      const name = subresource === 'scale' ? { ...info, kind: scaleKind } : info
      report(name, isChanged ? 'patched' : 'patched (no change)', after)
    })
    throwAll([...errors, ...failures])
    if (infos.length === 0) throw new CommandError('no objects passed to patch')
    return 0
  },
})

/** An object patched without the server. */
function patchedHere({ object, kind }: Info, type: string, body: unknown): KubeObject {
  if (type === 'json') return jsonPatch(object, body as readonly unknown[]) as KubeObject
  if (type === 'merge') return mergePatch(object, body) as KubeObject
  const schema = typeOf(kind.group, kind.version, kind.kind)
  return strategicPatch(schema, object as unknown as Json, body as Json) as unknown as KubeObject
}

type Json = Parameters<typeof strategicPatch>[1]

/** A kind that knows no strategic patches is named in the refusal. */
function told<T>({ kind }: { readonly kind: KindInfo }, send: () => T): T {
  try {
    return send()
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'UnsupportedMediaType') throw error
    throw new CommandError(
      `application/strategic-merge-patch+json is not supported by ${apiVersionOf(kind)}, Kind=${kind.kind}: ${error.message}`,
    )
  }
}

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale', plural: 'scales' } as KindInfo

function withoutVersion(object: KubeObject): unknown {
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata
  return { ...object, metadata }
}

function readPatch({ flags: given, io }: Call<typeof flags>): unknown {
  const file = given['patch-file']
  const source = file === '' ? given.patch : io.readFile(file)
  if (source === undefined) throw new CommandError(`unable to read patch file: open ${file}: no such file or directory`)
  const trimmed = source.trimStart()
  if (!/^[{[]/.test(trimmed)) return fromYaml(source)
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return fromJsonLike(source)
  }
}

function fromYaml(source: string): unknown {
  try {
    return decodeYaml(source)
  } catch (error) {
    throw new CommandError(`unable to parse ${JSON.stringify(source)}: ${(error as Error).message}`)
  }
}

// upstream: the server decodes a patch into a map, or into a list of operations
function refuseScalar(body: unknown, type: string): void {
  const isFit = typeof body === 'object' && body !== null && (type === 'json' || !Array.isArray(body))
  if (isFit || (type === 'json' && typeof body !== 'object')) return
  const found = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body
  if (body !== null) throw badRequest(`json: cannot unmarshal ${found} into Go value of type map[string]interface {}`)
}

// What begins like JSON is sent as it is, and the server complains of its first wrong character.
function fromJsonLike(source: string): unknown {
  const wrong = /^\s*\{\s*([^"}\s])/.exec(source)
  if (wrong) throw badRequest(`invalid character '${wrong[1]}' looking for beginning of object key string`)
  throw badRequest('unexpected end of JSON input')
}
