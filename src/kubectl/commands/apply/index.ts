import { bool, duration, int, list, text } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { groupsOf, type Group } from '../../args/resources.ts'
import { deletion, dryRun, fieldManager, files, output, record, selector, validate } from '../../args/shared.ts'
import { apiVersionOf, resourcePath, type Target } from '../../cluster.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError, gather, throwAll, UsageError, withSource } from '../../errors.ts'
import { ApiError, typeOf, type KubeObject, type RequestOptions } from '../../engine.ts'
import { metadataOf } from '../../manifests/objects.ts'
import type { Json } from '../../patch/threeWay.ts'
import { sortedJson } from '../../printers/json.ts'
import { createPrinter, createReporter, readDryRun, type DryRun } from '../../printers/output.ts'
import { recorded } from '../record.ts'
import { checkPrune, prune, prunedKinds } from './prune.ts'
import { applySubcommands } from './lastApplied.ts'
import { patchFor } from './patchFor.ts'
import { applyOnServer } from './serverSide.ts'
import { withConfig } from '../create/index.ts'

const flags = {
  ...files,
  ...selector,
  ...dryRun,
  ...output,
  ...record,
  ...validate,
  ...fieldManager('kubectl-client-side-apply'),
  ...deletion,
  all: bool('With --prune: everything'),
  'force-conflicts': bool('With --server-side: take fields that others manage'),
  'openapi-patch': bool('Work out the patch by the schema', true),
  overwrite: bool('Take back what was changed on the live object', true),
  prune: bool('Delete what the files no longer hold'),
  'prune-allowlist': list('Kinds that may be pruned: core/v1/ConfigMap'),
  'server-side': bool('Let the server merge'),
  subresource: text('A part of the object to write: status, scale'),
  timeout: duration('How long to wait for a deletion', 0),
  'grace-period': int('Seconds to end in, with --force', -1),
}

type ApplyCall = Call<typeof flags>

/** Apply a configuration to a resource by file name or stdin. */
export const apply = defineCommand({
  name: 'apply',
  usage: 'apply (-f FILENAME | -k DIRECTORY)',
  summary: 'Apply a configuration to a resource by file name or stdin',
  examples: ['kubectl apply -f web.yaml', 'cat web.yaml | kubectl apply -f -'],
  completes: 'none',
  subcommands: applySubcommands,
  flags,
  run(call) {
    const { cluster, io, args, flags, now } = call
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`)
    if (flags.filename.length === 0 && flags.kustomize === '') throw new CommandError('must specify one of -f and -k')
    const dry = readDryRun(flags['dry-run'])
    const kinds = flags.prune ? prunedKinds(flags['prune-allowlist'], cluster) : []
    if (flags['server-side'] && dry === 'client')
      throw new CommandError(
        `--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)`,
      )
    if (flags['server-side'] && flags.force) throw new CommandError('--force cannot be used with --server-side')
    if (flags['force-conflicts'] && !flags['server-side'])
      throw new CommandError('--force-conflicts only works with --server-side')
    if (dry === 'server' && flags.force) throw new CommandError('--dry-run=server cannot be used with --force')
    checkPrune(flags)
    const options = writeOptions(dry, flags['field-manager'], flags.validate)
    const { groups, errors } = groupsOf({
      ...flags,
      cluster,
      io,
      args,
      isValidated: options.fieldValidation !== 'Ignore',
    })
    if (groups.length === 0 && errors.length === 0) throw new CommandError('no objects passed to apply')
    const report = reporterOf(call, dry, groups.length)
    const applyOne = flags['server-side'] ? applyThere : applyHere
    const applied = { uids: new Set<string>(), namespaces: new Set<string>() }
    const each: Report = (target, done, object) => {
      const { uid, namespace } = (object as KubeObject).metadata
      if (uid !== undefined) applied.uids.add(uid)
      if (namespace !== undefined) applied.namespaces.add(namespace)
      report.each(target, done, object)
    }
    const failures = gather(groups, (group) => applyOne(call, group, options, dry, each))
    report.end()
    throwAll([...errors, ...failures])
    if (flags.prune) prune({ ...call, kinds, dry, applied, now: now(), report: createReporter(flags, io, dry, true) })
    return 0
  },
})

type Report = ReturnType<typeof createReporter>
// upstream: kubectl/pkg/cmd/apply/apply.go printObjects: several objects are printed whole as one List
function reporterOf({ flags: own, io }: ApplyCall, dry: DryRun, count: number): { each: Report; end: () => void } {
  const printer = createPrinter(own, io)
  if (printer === undefined || count < 2) return { each: createReporter(own, io, dry), end: () => undefined }
  const items: object[] = []
  return {
    each: (_target, _done, object) => void items.push(object),
    end: () => {
      if (items.length === 1) printer(items[0])
      if (items.length > 1) printer({ apiVersion: 'v1', items, kind: 'List', metadata: {} })
    },
  }
}

type Named = Extract<Group, { by: 'name' }>

function applyThere(
  { cluster, flags, given }: ApplyCall,
  group: Group,
  options: RequestOptions,
  _dry: DryRun,
  report: Report,
): void {
  const { target, manifest } = group as Named
  const fieldManager = given.has('field-manager') ? flags['field-manager'] : 'kubectl'
  const applied = applyOnServer(cluster, target, manifest, {
    ...options,
    fieldManager,
    force: flags['force-conflicts'],
  })
  report(target, 'serverside-applied', applied)
}

function applyHere(call: ApplyCall, group: Group, options: RequestOptions, dry: DryRun, report: Report): void {
  const { cluster } = call
  const { target, source, manifest } = group as Named
  const { generateName, name } = metadataOf(manifest!)
  if (generateName !== undefined && !name)
    throw new CommandError(`from ${generateName}: cannot use generate name with apply`)
  const modified = withConfig(recorded(call, withAnnotations(manifest!)))
  const live = current(call, group as Named)
  if (live === undefined) {
    if (dry === 'client') return report(target, 'created', modified)
    try {
      return report(target, 'created', cluster.create<KubeObject>(target.kind, target.namespace, modified, options))
    } catch (error) {
      throw withSource(error, 'creating', source)
    }
  }
  warnIfNew(call, target, live)
  if (dry === 'client') return report(target, 'configured', live)
  const patch = patchOf(call, group as Named, modified, live)
  if (Object.keys(patch).length === 0) return report(target, 'unchanged', live)
  report(target, 'configured', sendPatch(call, group as Named, patch, modified, options))
}

function patchOf(
  { cluster, flags }: ApplyCall,
  { target, source }: Named,
  modified: KubeObject,
  live: KubeObject,
): Json {
  try {
    return patchFor(cluster, target, source, modified, live, flags.overwrite)
  } catch (error) {
    throw withSource(error, `applying patch:\n\nto:\n${whereOf(target)}\nfor:`, source)
  }
}

const withAnnotations = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: metadataOf(object).annotations ?? {} },
})

function current({ cluster }: ApplyCall, { target, source }: Named): KubeObject | undefined {
  if (target.name !== '') return cluster.find(target)
  const gvk = `${target.kind.group}/${target.kind.version}, Kind=${target.kind.kind}`
  throw new CommandError(
    `error when retrieving current configuration of:\nResource: "${resourcePath(target.kind)}", GroupVersionKind: "${gvk}"\nName: "", Namespace: "${target.namespace ?? ''}"\nfrom server for: "${source}": resource name may not be empty`,
  )
}

function warnIfNew({ cluster }: ApplyCall, { kind, name }: Target, live: KubeObject): void {
  if (live.metadata.annotations?.[lastApplied] !== undefined) return
  cluster.warn(
    `Warning: resource ${kind.plural}/${name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
  )
}

function sendPatch(
  call: ApplyCall,
  { target, source }: Named,
  patch: Json,
  modified: KubeObject,
  options: RequestOptions,
): KubeObject {
  const { cluster, flags } = call
  const type = typeOf(target.kind.group, target.kind.version, target.kind.kind) === undefined ? 'merge' : 'strategic'
  try {
    return cluster.patch(target, patch, type, options)
  } catch (error) {
    if (flags.force && error instanceof ApiError && (error.reason === 'Invalid' || error.reason === 'Conflict'))
      return recreate(call, target, modified, options)
    const refusal = withSource(error, 'patching', source)
    throw withSource(refusal, `applying patch:\n${sortedJson(patch)}\nto:\n${whereOf(target)}\nfor:`, source)
  }
}

/** What a refused patch was for. */
function whereOf({ kind, name, namespace = '' }: Target): string {
  const version = apiVersionOf(kind)
  const path = version.includes('/') ? version : `/${version}`
  return `Resource: "${resourcePath(kind)}", GroupVersionKind: "${path}, Kind=${kind.kind}"\nName: "${name}", Namespace: "${namespace}"`
}

function recreate({ cluster }: ApplyCall, target: Target, modified: KubeObject, options: RequestOptions): KubeObject {
  cluster.delete(target, { gracePeriodSeconds: 0 })
  return cluster.create(target.kind, target.namespace, modified, options)
}
