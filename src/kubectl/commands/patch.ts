import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, fieldManager, files, output, record } from '../args/shared.ts'
import { apiVersionOf } from '../cluster.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, gather, knownOrThrow, throwAll } from '../errors.ts'
import {
  ApiError,
  isEqual,
  jsonError,
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
import { toBytes, toText } from '../printers/goTemplate/bytes.ts'
import { quote } from '../printers/goTemplate/quote.ts'
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
function patchedHere({ object, kind }: Info, type: string, text: string): KubeObject {
  const body = valueOf(text, type)
  if (type === 'json') return jsonPatch(object, body as readonly unknown[]) as KubeObject
  if (type === 'merge') return mergePatch(object, body) as KubeObject
  const schema = typeOf(kind.group, kind.version, kind.kind)
  return strategicPatch(schema, object as unknown as Json, body as Json) as unknown as KubeObject
}

// upstream: apimachinery/pkg/util/mergepatch/errors.go, json-patch.v4 merge.go: what is no JSON, and what is no fit one
function valueOf(text: string, type: string): unknown {
  const error = jsonError(text)
  if (error !== undefined && type === 'json') throw new CommandError(error)
  const value = error === undefined ? (JSON.parse(text) as unknown) : undefined
  const isFit = typeof value === 'object' && value !== null && Array.isArray(value) === (type === 'json')
  if (isFit) return value
  if (type === 'strategic') throw new CommandError('invalid JSON document')
  throw new CommandError(
    type === 'merge' ? 'Invalid JSON Patch' : 'json: cannot unmarshal into Go value of type jsonpatch.Patch',
  )
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

/** A patch as the text that is sent. */
// upstream: apimachinery/pkg/util/yaml ToJSON: what begins like an object of JSON is sent as it is, for the server to judge
function readPatch({ flags: given, io }: Call<typeof flags>): string {
  const file = given['patch-file']
  const source = file === '' ? given.patch : io.readFile(file)
  if (source === undefined) throw new CommandError(`unable to read patch file: open ${file}: no such file or directory`)
  if (source.trimStart().startsWith('{')) return source
  try {
    return JSON.stringify(decodeYaml(source))
  } catch (error) {
    throw new CommandError(`unable to parse ${toText(quote(toBytes(given.patch)))}: ${knownOrThrow(error).message}`)
  }
}
