import { bool } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { infosOf } from '../args/resources.ts'
import { dryRun, fieldManager, output, selector, validate } from '../args/shared.ts'
import { defineCommand } from '../defineCommand.ts'
import type { Cluster } from '../cluster.ts'
import { CommandError, gather, StandardError, throwAll, UsageError } from '../errors.ts'
import type { Node } from '../engine.ts'
import { labelValueShape } from './label.ts'
import { createReporter, readDryRun } from '../printers/output.ts'

interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

/** Update the taints on one or more nodes. */
export const taint = defineCommand({
  name: 'taint',
  usage: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  summary: 'Update the taints on one or more nodes',
  examples: ['kubectl taint node node-1 dedicated=gpu:NoSchedule', 'kubectl taint node node-1 dedicated-'],
  completes: 'nodes',
  flags: {
    ...selector,
    ...dryRun,
    ...output,
    ...validate,
    ...fieldManager('kubectl-taint'),
    all: bool('All nodes'),
    overwrite: bool('Change taints that are there already'),
  },
  run({ cluster, io, args, flags }) {
    const isTaint = (word: string): boolean => word.includes('=') || word.includes(':') || word.endsWith('-')
    const at = args.findIndex(isTaint)
    const resources = at < 0 ? args : args.slice(0, at)
    const specs = at < 0 ? [] : args.slice(at)
    const stray = specs.find((word) => !isTaint(word))
    if (stray !== undefined) throw new CommandError(`all resources must be specified before taint changes: ${stray}`)
    if (resources.length < 1) throw new CommandError('one or more resources must be specified as <resource> <name>')
    if (specs.length < 1) throw new CommandError('at least one taint update is required')
    const change = readChange(specs)
    refuseLine(cluster, resources, change, flags)
    const dry = readDryRun(flags['dry-run'])
    const names = flags.all || flags.selector.length > 0 ? [] : resources.slice(1)
    const { infos, errors } = infosOf({ ...flags, cluster, io, args: ['nodes', ...names] })
    // upstream: the words of a dry run are set before the printer is made, and so are not printed
    const report = createReporter(flags, io, 'none', true)
    const failures = gather(infos, (info) => {
      const node = info.object as Node
      const before = (node.spec.taints ?? []) as readonly Taint[]
      if (!flags.overwrite) refuseTaken(info.name, before, change.added)
      const { taints, done } = changed(before, change)
      const after = { ...node, spec: { ...node.spec, taints } }
      if (dry === 'client') return report(info, done, after)
      const patch = { spec: { taints: taints.length === 0 ? null : taints } }
      report(info, done, cluster.patch(info, patch, 'strategic', writeOptions(dry, flags['field-manager'])))
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

// upstream: kubectl/pkg/cmd/taint/taint.go Validate
function refuseLine(
  cluster: Cluster,
  [word = '', ...names]: readonly string[],
  { added, removed }: Change,
  { all, selector }: { readonly all: boolean; readonly selector: readonly string[] },
): void {
  const kind = cluster.api.findKind(word.toLowerCase())
  if (kind === undefined)
    throw new StandardError(`the server doesn't have a resource type ${JSON.stringify(word.toLowerCase())}`)
  if (kind.kind !== 'Node')
    throw new CommandError(`invalid resource type ${word.toLowerCase()}, only node types are supported`)
  const torn = removed.filter(({ key, effect }) =>
    added.some((taint) => taint.key === key && (effect === '' || taint.effect === effect)),
  )
  if (torn.length > 0)
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: ${torn.map(({ key, effect }) => `${key}=${effect}`).join(', ')}`,
    )
  if (all && selector.length > 0)
    throw new CommandError("setting 'all' parameter with a non empty selector is prohibited")
  if (!all && selector.length === 0 && names.length === 0)
    throw new CommandError("at least one resource name must be specified since 'all' parameter is not set")
}

interface Change {
  readonly added: readonly Taint[]
  readonly removed: readonly { readonly key: string; readonly effect: string }[]
}

const keyShape = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`
const effects: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

// upstream: kubectl/pkg/cmd/taint/utils.go parseTaints
function readChange(specs: readonly string[]): Change {
  const added: Taint[] = []
  const removed: { key: string; effect: string }[] = []
  for (const spec of specs) {
    const taint = readTaint(spec.replace(/-$/, ''))
    if (spec.endsWith('-')) removed.push(taint)
    else if (taint.effect === '') throw new UsageError(`invalid taint spec: ${spec}`)
    else if (added.some(({ key, effect }) => key === taint.key && effect === taint.effect))
      throw new UsageError(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      )
    else added.push(taint)
  }
  return { added, removed }
}

function readTaint(spec: string): Taint {
  const invalid = (reason = ''): UsageError => new UsageError(`invalid taint spec: ${spec}${reason}`)
  const [head = '', effect, ...rest] = spec.split(':')
  if (rest.length > 0) throw invalid()
  if (effect !== undefined && !effects.includes(effect))
    throw new UsageError(`invalid taint effect: ${effect}, unsupported taint effect`)
  const [key = '', value = '', ...more] = effect === undefined ? [spec] : head.split('=')
  if (more.length > 0) throw invalid()
  if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) throw invalid(`, ${labelValueShape}`)
  if (key === '') throw invalid(`, name part must be non-empty; ${keyShape}`)
  if (!/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(key))
    throw invalid(`, ${keyShape}`)
  return { key, ...(value !== '' && { value }), effect: effect ?? '' }
}

function refuseTaken(node: string, before: readonly Taint[], added: readonly Taint[]): void {
  const taken = added
    .filter(({ key, effect }) => before.some((old) => old.key === key && old.effect === effect))
    .map(({ key }) => key)
  if (taken.length > 0)
    throw new CommandError(
      `node ${node} already has ${taken.join(', ')} taint(s) with same effect(s) and --overwrite is false`,
    )
}

function changed(
  before: readonly Taint[],
  { added, removed }: Change,
): { readonly taints: readonly Taint[]; readonly done: string } {
  const isNew = (taint: Taint): boolean =>
    !added.some(({ key, effect }) => key === taint.key && effect === taint.effect)
  let taints = [...added, ...before.filter(isNew)]
  for (const { key, effect } of removed) {
    const left = taints.filter((taint) => taint.key !== key || (effect !== '' && taint.effect !== effect))
    if (left.length === taints.length)
      throw new CommandError(`taint "${key}${effect === '' ? '' : `:${effect}`}" not found`)
    taints = left
  }
  const isOverwritten = before.some((taint) => !isNew(taint))
  const done =
    removed.length === 0 ? (isOverwritten ? 'modified' : 'tainted') : added.length === 0 ? 'untainted' : 'modified'
  return { taints, done }
}
