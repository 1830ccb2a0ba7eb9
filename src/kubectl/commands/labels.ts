import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { splitPairs } from '../args/pairs.ts'
import { infosOf } from '../args/resources.ts'
import { allNamespaces, dryRun, fieldManager, fieldSelector, files, output, record, selector } from '../args/shared.ts'
import type { Call } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import type { KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { createReporter, readDryRun, type DryRun } from '../printers/output.ts'
import { causeOf, recorded } from './record.ts'

type Field = 'labels' | 'annotations'

/** The flags that label and annotate share. */
export const metadataFlags = (manager: string) => ({
  ...files,
  ...selector,
  ...fieldSelector,
  ...allNamespaces,
  ...dryRun,
  ...output,
  ...record,
  ...fieldManager(manager),
  all: bool('All objects of the kind in the namespace'),
  list: bool('Show what is there'),
  local: bool('Change the given file only'),
  overwrite: bool('Change what is there already'),
  'resource-version': text('Only if the object is at this version'),
})

type MetadataCall = Call<ReturnType<typeof metadataFlags>>

/** Where the two commands differ. */
export interface Wording {
  readonly field: Field
  readonly noun: string
  /** throws what is wrong with `key=value` */
  readonly check: (pair: string, value: string) => void
  /** the complaint about keys that have a value already */
  readonly refuse: (taken: readonly string[]) => string
  /** keys that may be overwritten in any case */
  readonly free?: readonly string[]
  readonly done: (effect: Effect) => string
  /** whether what is printed is the object as it was sent, not as it was answered */
  readonly showsSent: boolean
}

/** What is set and what is taken away. */
export interface Change {
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
}

/** The keys of an object that a change does something about. */
export interface Effect {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Runs label or annotate over all objects that are meant. */
// upstream: kubectl/pkg/cmd/label/label.go, kubectl/pkg/cmd/annotate/annotate.go
export function changeMetadata(call: MetadataCall, wording: Wording): number {
  const { cluster, io, flags } = call
  const { resources, pairs } = splitPairs(call.args, wording.noun)
  const change = readChange(pairs, wording)
  const dry = readDryRun(flags['dry-run'])
  refuseFlags(call, resources, dry)
  if (pairs.length < 1 && !flags.list) throw new CommandError(`at least one ${wording.noun} update is required`)
  const { infos, errors, isSingle } = infosOf({
    ...flags,
    cluster,
    io,
    args: resources,
    fieldSelector: flags['field-selector'],
    allNamespaces: flags['all-namespaces'],
  })
  if (!isSingle && flags['resource-version'] !== '')
    throw new CommandError('--resource-version may only be used with a single resource')
  const report = createReporter(flags, io, dry, wording.showsSent)
  const failures = gather(infos, (info) => {
    const before = info.object.metadata[wording.field] ?? {}
    if (!flags.overwrite) refuseTaken(before, change, wording)
    const sent = recorded(call, changedBy(info.object, change, wording.field))
    if (flags.list) return listOne(call, { ...info, object: sent }, wording, isSingle)
    const effect = effectOf(before, change)
    const isDry = dry === 'client' || flags.local
    if (wording.field === 'labels' && !isDry)
      for (const key of change.unset) if (!Object.hasOwn(before, key)) io.out(`label "${key}" not found.\n`)
    const answered = isDry ? undefined : send(call, info, change, effect, wording, dry)
    report(info, wording.done(effect), wording.showsSent ? sent : (answered ?? sent))
  })
  throwAll([...errors, ...failures])
  return 0
}

function refuseFlags({ flags }: MetadataCall, resources: readonly string[], dry: DryRun): void {
  const hasFiles = flags.filename.length > 0 || flags.kustomize !== ''
  if (flags.list && flags.output !== '') throw new CommandError('--list and --output may not be specified together')
  if (flags.all && flags.selector.length > 0) throw new CommandError('cannot set --all and --selector at the same time')
  if (flags.all && flags['field-selector'] !== '')
    throw new CommandError('cannot set --all and --field-selector at the same time')
  if (flags.local && dry === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
  if (flags.local && resources.length > 0)
    throw new CommandError('can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set')
  if (flags.local && !hasFiles)
    throw new CommandError('one or more files must be specified as -f pod.yaml or --filename=pod.json')
  if (resources.length < 1 && !hasFiles)
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
}

function send(
  call: MetadataCall,
  info: Info,
  change: Change,
  effect: Effect,
  { field }: Wording,
  dry: DryRun,
): KubeObject | undefined {
  const { cluster, flags } = call
  const version = flags['resource-version']
  const isIdle = effect.added.length + effect.removed.length === 0
  if (isIdle && version === '' && !flags.record) return undefined
  const values = Object.fromEntries([
    ...effect.added.map((key) => [key, change.set[key]]),
    ...effect.removed.map((key) => [key, null]),
  ]) as object
  const cause = causeOf(call)
  const metadata = {
    ...(flags.record && { annotations: cause }),
    [field]: field === 'annotations' ? { ...values, ...cause } : values,
    ...(version !== '' && { resourceVersion: version }),
  }
  const patch = { metadata }
  return cluster.patch<KubeObject>(info, patch, 'merge', writeOptions(dry, flags['field-manager']))
}

function listOne({ io }: MetadataCall, { object, kind, name }: Info, { field }: Wording, isSingle: boolean): void {
  if (!isSingle) io.out(`Listing ${field} for ${kind.kind}.${kind.group}/${name}:\n`)
  const values = object.metadata[field] ?? {}
  for (const key of Object.keys(values).sort()) io.out(`${isSingle ? '' : ' '}${key}=${values[key]}\n`)
}

function changedBy(object: KubeObject, { set, unset }: Change, field: Field): KubeObject {
  const kept = Object.entries(object.metadata[field] ?? {}).filter(([key]) => !unset.includes(key))
  const values = Object.fromEntries([...kept, ...Object.entries(set)])
  const { [field]: _, ...metadata } = object.metadata
  const isEmpty = Object.keys(values).length === 0
  return { ...object, metadata: { ...metadata, ...(!isEmpty && { [field]: values }) } } as KubeObject
}

function effectOf(before: Readonly<Record<string, string>>, { set, unset }: Change): Effect {
  return {
    added: Object.keys(set).filter((key) => before[key] !== set[key]),
    removed: unset.filter((key) => Object.hasOwn(before, key)),
  }
}

function readChange(pairs: readonly string[], { check, noun }: Wording): Change {
  const set: Record<string, string> = {}
  const unset: string[] = []
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals > 0) {
      const value = pair.slice(equals + 1)
      check(pair, value)
      set[pair.slice(0, equals)] = value
    } else unset.push(pair.slice(0, -1))
  }
  const both = unset.find((key) => Object.hasOwn(set, key))
  if (both !== undefined)
    throw new CommandError(
      noun === 'label'
        ? 'can not both modify and remove a label in the same command'
        : 'can not both modify and remove the following annotation(s) in the same command: ' + both,
    )
  return { set, unset }
}

function refuseTaken(before: Readonly<Record<string, string>>, { set }: Change, { refuse, free = [] }: Wording): void {
  const isTaken = (key: string): boolean => Object.hasOwn(before, key) && before[key] !== set[key]
  const taken = Object.keys(set).filter((key) => isTaken(key) && !free.includes(key))
  if (taken.length > 0)
    throw new CommandError(refuse(taken.map((key) => `'${key}' already has a value (${before[key]})`)))
}
