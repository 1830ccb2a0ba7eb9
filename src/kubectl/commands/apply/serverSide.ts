import { lastApplied } from '../../args/options.ts'
import { apiVersionOf, pathOf, type Cluster, type Target } from '../../cluster.ts'
import { CommandError } from '../../errors.ts'
import { ApiError, type ApiRequest, type KubeObject, type RequestOptions } from '../../engine.ts'

/** Sends a manifest to be merged by the server. What `kubectl apply` owned till now becomes the server's apply's. */
// upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go applyOneObject
export function applyOnServer(
  cluster: Cluster,
  target: Target,
  manifest: KubeObject | undefined,
  options: RequestOptions,
): KubeObject {
  const send = senderOf(cluster, target)
  const applied = refusedWell(() => send('apply', manifest, options))
  if (options.dryRun === true) return applied
  const { force: _force, ...gentle } = options
  const noted = options.fieldManager === 'kubectl' ? keepNote(send, target, applied) : applied
  const patch = migration(noted, options.fieldManager ?? '')
  if (patch === undefined) return noted
  send('json', patch, gentle)
  return send('apply', manifest, options)
}

type Send = (patchType: NonNullable<ApiRequest['patchType']>, body: unknown, options: RequestOptions) => KubeObject

/** Answers have to show who owns what, to know what is to be handed over. */
function senderOf(cluster: Cluster, { kind, namespace, name }: Target): Send {
  return (patchType, body, options) =>
    cluster.send({ verb: 'patch', ...pathOf(kind, namespace), name, patchType, body, options, showsFields: true })
}

function refusedWell<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    const isContested =
      error instanceof ApiError && error.reason === 'Conflict' && error.message.startsWith('Apply failed')
    throw isContested ? new CommandError(conflictAdvice(error.message)) : error
  }
}

function conflictAdvice(message: string): string {
  return `${message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`
}

interface Fields {
  readonly [element: string]: Fields
}

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly fieldsV1: Fields
}

const entriesOf = (object: KubeObject): readonly Entry[] =>
  (object.metadata as { managedFields?: readonly Entry[] }).managedFields ?? []

const notePath = ['f:metadata', 'f:annotations', `f:${lastApplied}`]

const holdsNote = ({ fieldsV1 }: Entry): boolean =>
  notePath.reduce<Fields | undefined>((at, element) => at?.[element], fieldsV1) !== undefined

/** The note of client-side apply gets an owner of its own, so that it is not lost when the rest is handed over. */
// upstream: saveLastApplyAnnotationIfNecessary
function keepNote(send: Send, { kind, name, namespace }: Target, live: KubeObject): KubeObject {
  const note = live.metadata.annotations?.[lastApplied]
  const isOwned = entriesOf(live).some((entry) => entry.operation === 'Apply' && holdsNote(entry))
  if (note === undefined || isOwned) return live
  const metadata = { name, ...(namespace !== undefined && { namespace }), annotations: { [lastApplied]: note } }
  const body = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata }
  return send('apply', body, { fieldManager: 'kubectl-last-applied' })
}

/** The patch that hands the fields of client-side appliers over; undefined where there are none. */
// upstream: staging/src/k8s.io/client-go/util/csaupgrade/upgrade.go
function migration(live: KubeObject, manager: string): readonly unknown[] | undefined {
  const entries = entriesOf(live)
  const isClientSide = (entry: Entry): boolean =>
    entry.operation === 'Update' && (entry.subresource ?? '') === '' && holdsNote(entry)
  const old = entries.filter(isClientSide)
  if (old.length === 0) return undefined
  const own = entries.find((entry) => entry.operation === 'Apply' && entry.manager === manager && !entry.subresource)
  const united = [...(own === undefined ? [] : [own]), ...old].map(({ fieldsV1 }) => fieldsV1).reduce(union)
  const fieldsV1 = without(united, notePath)
  const heir = { ...(own ?? old[0]!), manager, operation: 'Apply', fieldsV1 }
  const value = [heir, ...entries.filter((entry) => entry !== own && !isClientSide(entry))]
  return [
    { op: 'replace', path: '/metadata/managedFields', value },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ]
}

const isLeaf = (fields: Fields): boolean => Object.keys(fields).length === 0

function union(a: Fields, b: Fields): Fields {
  const all: Record<string, Fields> = { ...a }
  for (const [element, fields] of Object.entries(b)) {
    const known = all[element]
    if (known === undefined) all[element] = fields
    else if (isLeaf(known) !== isLeaf(fields)) all[element] = { '.': {}, ...known, ...fields }
    else all[element] = union(known, fields)
  }
  return all
}

function without(fields: Fields, [element, ...rest]: readonly string[]): Fields {
  const inner = element === undefined ? undefined : fields[element]
  if (element === undefined || inner === undefined) return fields
  const { [element]: _gone, ...others } = fields
  if (rest.length === 0) return others
  const left = without(inner, rest)
  return isLeaf(left) && !isLeaf(inner) ? others : { ...others, [element]: left }
}
