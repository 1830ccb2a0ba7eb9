import { bool, type Flags } from '../../args/flags.ts'
import { writeOptions, lastApplied } from '../../args/options.ts'
import { dryRun, fieldManager, output, validate } from '../../args/shared.ts'
import { defineCommand, type Call, type Command } from '../../defineCommand.ts'
import { CommandError, Exit, UsageError } from '../../errors.ts'
import { ApiError, type KindInfo, type KubeObject } from '../../engine.ts'
import { goJson } from '../../printers/json.ts'
import { createReporter, readDryRun, typed } from '../../printers/output.ts'

const shared = {
  ...dryRun,
  ...output,
  ...fieldManager('kubectl-create'),
  ...validate,
  'save-config': bool('Note the object in an annotation, for apply to compare with'),
}

/** An object on its way to the server; keys in the order of Go's structs, as `-o json` shows them. */
export type Made = { readonly apiVersion: string; readonly kind: string; readonly metadata: object } & Readonly<
  Record<string, unknown>
>

interface Generator<F extends Flags> extends Omit<Command, 'run' | 'flags'> {
  readonly flags?: F
  /** the kind it makes, where the server may not serve it */
  readonly makes: Pick<KindInfo, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>
  /** how a refusal begins: `failed to create deployment: `; a plain refusal without it */
  readonly failure?: string
  readonly make: (call: Call<F & typeof shared>, name: string) => Made
}

/** Types a `kubectl create KIND NAME` command: from a name and flags to one object. */
export function defineGenerator<F extends Flags>({ makes, failure, make, ...command }: Generator<F>): Command {
  const flags = { ...shared, ...(command.flags ?? ({} as F)) }
  return defineCommand({
    completes: 'none',
    ...command,
    flags,
    run(call) {
      const common = call as unknown as Call<typeof shared>
      const name = nameFrom(call.args, call.dash)
      const dry = readDryRun(common.flags['dry-run'])
      const object = finish(make(call as unknown as Call<F & typeof shared>, name), makes, common)
      const kind = call.cluster.api.findKind(`${makes.plural}.${makes.group}`) ?? (makes as KindInfo)
      const report = createReporter(common.flags, call.io, dry)
      report(
        { kind, name: nameIn(object) },
        'created',
        dry === 'client' ? object : send(common, kind, object, dry, failure),
      )
      return 0
    },
  })
}

const nameIn = (object: Made): string => (object.metadata as { name: string }).name

/** The only argument; anything else is refused. */
export function nameFrom(args: readonly string[], dash: number): string {
  const count = dash < 0 ? args.length : dash
  if (count !== 1) throw new UsageError(`exactly one NAME is required, got ${count}`)
  return args[0]!
}

function finish(object: Made, { namespaced }: { namespaced: boolean }, { cluster, flags }: Call<typeof shared>): Made {
  const metadata =
    cluster.isNamespaceGiven && namespaced ? { ...object.metadata, namespace: cluster.namespace } : object.metadata
  const { kind, apiVersion, ...rest } = object
  const made = { kind, apiVersion, ...rest, metadata: inOrder(metadata), [typed]: true } as unknown as Made
  const sorted = {
    kind,
    apiVersion,
    metadata: made.metadata,
    ...without(rest, 'metadata'),
    [typed]: true,
  } as unknown as Made
  if (!flags['save-config']) return sorted
  return { ...sorted, metadata: { ...sorted.metadata, annotations: { [lastApplied]: `${goJson(sorted)}\n` } } }
}

function inOrder(metadata: object): object {
  const { name, namespace, ...rest } = metadata as { name?: string; namespace?: string }
  return { name, ...(namespace !== undefined && { namespace }), ...rest }
}

function without(object: object, key: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
}

function send(
  call: Call<typeof shared>,
  kind: KindInfo,
  object: Made,
  dry: 'none' | 'server',
  failure: string | undefined,
): KubeObject {
  const { cluster, flags } = call
  const options = writeOptions(dry, flags['field-manager'], flags.validate)
  try {
    return cluster.create(kind, kind.namespaced ? cluster.namespace : undefined, object, options)
  } catch (error) {
    if (failure === undefined || !(error instanceof ApiError) || error instanceof Exit) throw error
    throw new CommandError(`${failure} ${error.message}`)
  }
}
