import { bool, text } from '../args/flags.ts'
import { writeOptions } from '../args/options.ts'
import { splitPairs } from '../args/pairs.ts'
import { infosOf } from '../args/resources.ts'
import { allNamespaces, dryRun, fieldManager, fieldSelector, files, output, selector } from '../args/shared.ts'
import type { Call } from '../defineCommand.ts'
import { CommandError, gather, throwAll } from '../errors.ts'
import type { KubeObject } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { createReporter, readDryRun } from '../printers/output.ts'

type Field = 'labels' | 'annotations'

/** The flags that label and annotate share. */
export const metadataFlags = (manager: string) => ({
  ...files,
  ...selector,
  ...fieldSelector,
  ...allNamespaces,
  ...dryRun,
  ...output,
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
  readonly done: (change: Change, isChanged: boolean) => string
}

/** What is set and what is taken away. */
export interface Change {
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
}

/** Runs label or annotate over all objects that are meant. */
export function changeMetadata(call: MetadataCall, wording: Wording): number {
  const { cluster, io, flags } = call
  const { resources, pairs } = splitPairs(call.args, wording.noun)
  const change = readChange(pairs, wording)
  if (resources.length < 1 && flags.filename.length === 0)
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  if (pairs.length < 1 && !flags.list) throw new CommandError(`at least one ${wording.noun} update is required`)
  const dry = readDryRun(flags['dry-run'])
  const { infos, errors } = infosOf({
    ...flags,
    cluster,
    io,
    args: resources,
    fieldSelector: flags['field-selector'],
    allNamespaces: flags['all-namespaces'],
  })
  const report = createReporter(flags, io, dry)
  const failures = gather(infos, (info) => {
    if (flags.list) return listOne(call, info, wording.field)
    const before = info.object.metadata[wording.field] ?? {}
    if (!flags.overwrite) refuseTaken(before, change, wording)
    if (wording.field === 'labels')
      for (const key of change.unset) if (!Object.hasOwn(before, key)) io.out(`label "${key}" not found.\n`)
    const patch = patchOf(before, change, wording.field, flags['resource-version'])
    const options = writeOptions(dry, flags['field-manager'])
    const after =
      dry === 'client' || patch === undefined ? info.object : cluster.patch<KubeObject>(info, patch, 'merge', options)
    report(info, wording.done(change, patch !== undefined), after)
  })
  throwAll([...errors, ...failures])
  return 0
}

function listOne({ io }: MetadataCall, { object }: Info, field: Field): void {
  const values = object.metadata[field] ?? {}
  for (const key of Object.keys(values).sort()) io.out(`${key}=${values[key]}\n`)
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

function refuseTaken(before: Readonly<Record<string, string>>, { set }: Change, { refuse }: Wording): void {
  const taken = Object.keys(set).filter((key) => Object.hasOwn(before, key) && before[key] !== set[key])
  if (taken.length > 0)
    throw new CommandError(refuse(taken.map((key) => `'${key}' already has a value (${before[key]})`)))
}

/** A merge patch, or nothing where nothing would change. */
function patchOf(
  before: Readonly<Record<string, string>>,
  { set, unset }: Change,
  field: Field,
  version: string,
): object | undefined {
  const changed = Object.entries(set).filter(([key, value]) => before[key] !== value)
  const gone = unset.filter((key) => Object.hasOwn(before, key)).map((key) => [key, null])
  if (changed.length + gone.length === 0 && version === '') return undefined
  const values = Object.fromEntries([...changed, ...gone]) as object
  return { metadata: { [field]: values, ...(version !== '' && { resourceVersion: version }) } }
}
