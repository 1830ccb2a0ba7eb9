import { bool, int, strings } from '../args/flags.ts'
import { lastApplied, writeOptions } from '../args/options.ts'
import { groupsOf, type Group } from '../args/resources.ts'
import { fieldManager, files, selector } from '../args/shared.ts'
import { apiVersionOf, type Target } from '../cluster.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { CommandError, Exit, knownOrThrow, reportOf, UsageError, withSource } from '../errors.ts'
import { formatTime, typeOf, type KubeObject, type RequestOptions } from '../engine.ts'
import { createSession, serverOf } from '../kubeconfig.ts'
import { metadataOf } from '../manifests/objects.ts'
import { unifiedDiff } from '../patch/unifiedDiff.ts'
import { formatYaml } from '../printers/yaml.ts'
import { patchFor } from './apply/patchFor.ts'

const flags = {
  ...files,
  ...selector,
  ...fieldManager('kubectl-client-side-apply'),
  concurrency: int('Objects looked at at a time', 1),
  'force-conflicts': bool('With --server-side: take fields that others manage'),
  prune: bool('Show what --prune would delete'),
  'prune-allowlist': strings('Kinds that may be pruned'),
  'server-side': bool('Let the server merge'),
  'show-managed-fields': bool('Keep managedFields'),
}

type DiffCall = Call<typeof flags>

/** Diff the live version against a would-be applied version. */
export const diff = defineCommand({
  name: 'diff',
  usage: 'diff -f FILENAME',
  summary: 'Diff the live version against a would-be applied version',
  examples: ['kubectl diff -f web.yaml'],
  completes: 'none',
  flags,
  run(call) {
    try {
      return runDiff(call)
    } catch (error) {
      // A difference is 1, so whatever goes wrong is more than that.
      const { text, code } = reportOf(knownOrThrow(error), serverOf((call.context.session ?? createSession()).config))
      call.io.err(text)
      throw new Exit(code === 0 ? 0 : 2)
    }
  },
})

function runDiff(call: DiffCall): number {
  const { cluster, io, args, flags: given } = call
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`)
  if (given.filename.length === 0 && given.kustomize === '') throw new CommandError('must specify one of -f and -k')
  if (given['force-conflicts'] && !given['server-side'])
    throw new CommandError('--force-conflicts only works with --server-side')
  const { groups, errors } = groupsOf({ ...given, cluster, io, args })
  if (errors.length > 0) throw errors[0]!
  const pairs = groups.map((group) => compare(call, group as Extract<Group, { by: 'name' }>))
  const changed = pairs.filter(({ live, merged }) => live !== merged).sort((a, b) => (a.name < b.name ? -1 : 1))
  const time = formatTime(call.now()).replace('T', ' ').replace('Z', '.000000000 +0000')
  for (const { name, live, merged } of changed) {
    const [from, to] = [`/tmp/LIVE-1/${name}`, `/tmp/MERGED-1/${name}`]
    io.out(`diff -u -N ${from} ${to}\n--- ${from}\t${time}\n+++ ${to}\t${time}\n${unifiedDiff(live, merged)}`)
  }
  return changed.length > 0 ? 1 : 0
}

interface Pair {
  readonly name: string
  readonly live: string
  readonly merged: string
}

// upstream: kubectl/pkg/cmd/apply/apply.go GetApplyFieldManagerFlag
function managerOf({ flags: own, given }: DiffCall): string {
  return own['server-side'] && !given.has('field-manager') ? 'kubectl' : own['field-manager']
}

function compare(call: DiffCall, { target, source, manifest }: Extract<Group, { by: 'name' }>): Pair {
  const { cluster, flags: given } = call
  const live = cluster.find<KubeObject>(target)
  const options = writeOptions('server', managerOf(call))
  let merged: KubeObject
  if (given['server-side'])
    merged = cluster.patch(target, manifest, 'apply', { ...options, force: given['force-conflicts'] })
  else if (live === undefined) merged = cluster.create(target.kind, target.namespace, manifest, options)
  else merged = patched(call, { target, source, manifest: manifest! }, live, options)
  const name = `${apiVersionOf(target.kind).replace('/', '.')}.${target.kind.kind}.${target.namespace ?? ''}.${target.name}`
  const [before, after] = target.kind.kind === 'Secret' ? masked(live, merged) : [live, merged]
  return { name, live: before === undefined ? '' : shown(before), merged: shown(after!) }
}

interface Given {
  readonly target: Target
  readonly source: string | undefined
  readonly manifest: KubeObject
}

/** What the server would make of the live object, which must not have changed meanwhile; apply's own note stays as it is. */
// upstream: kubectl/pkg/cmd/diff/diff.go InfoObject.Merged
function patched(
  { cluster }: DiffCall,
  { target, source, manifest }: Given,
  live: KubeObject,
  options: RequestOptions,
): KubeObject {
  const { [lastApplied]: _, ...annotations } = metadataOf(manifest).annotations ?? {}
  const modified = { ...manifest, metadata: { ...manifest.metadata, annotations } }
  const patch = patchFor(cluster, target, source, modified, live)
  if (Object.keys(patch).length === 0) return live
  const { resourceVersion } = live.metadata
  const guarded = { ...patch, metadata: { ...(patch['metadata'] as object | undefined), resourceVersion } }
  const type = typeOf(target.kind.group, target.kind.version, target.kind.kind) === undefined ? 'merge' : 'strategic'
  try {
    return cluster.patch(target, guarded, type, options)
  } catch (error) {
    throw withSource(error, 'patching', source)
  }
}

function shown(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata
  return formatYaml({ ...object, metadata })
}

type Secretive = KubeObject & { readonly data?: Readonly<Record<string, string>> }

/** Values of secrets are hidden; those that would change are told apart. */
function masked(live: Secretive | undefined, merged: Secretive): readonly [KubeObject | undefined, KubeObject] {
  const hide = (data: Secretive['data'], other: Secretive['data'], word: string): Secretive['data'] =>
    data &&
    Object.fromEntries(
      Object.keys(data).map((key) => [
        key,
        other?.[key] === undefined || other[key] === data[key] ? '***' : `*** (${word})`,
      ]),
    )
  const before = live && { ...live, data: hide(live.data, merged.data, 'before') }
  return [before, { ...merged, data: hide(merged.data, live?.data, 'after') } as KubeObject]
}
