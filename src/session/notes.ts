import type { Cluster, KubeObject } from '#engine'
import { notSimulatedIn } from './notSimulated.ts'

const notesMax = 6

/** Commands that bring manifests or make whole objects: after them it is worth saying what is not simulated. */
const making: ReadonlySet<string> = new Set(['apply', 'create', 'replace', 'run', 'expose', 'autoscale'])

/** Whether a command's objects are worth a look. */
export function isMaking(argv: readonly string[]): boolean {
  const isTrial = argv.some((word) => word.startsWith('--dry-run') && !word.endsWith('=none'))
  return !isTrial && making.has(argv.find((word) => !word.startsWith('-')) ?? '')
}

/** What of the objects that a person made since a trace record is not simulated: a line each, as a terminal shows it. */
export function notesFor(cluster: Cluster, since: number): readonly string[] {
  const notes: string[] = []
  for (const ref of madeSince(cluster, since)) {
    const object = objectOf(cluster, ref)
    if (object === undefined) continue
    const name = `${object.kind.toLowerCase()}/${object.metadata.name}`
    for (const { path, text } of notSimulatedIn(object))
      notes.push(path === '' ? `note: ${name}: ${text}` : `note: ${name}: ${path}: ${text}`)
  }
  if (notes.length <= notesMax) return notes
  return [...notes.slice(0, notesMax), `note: and ${notes.length - notesMax} more; the Inspector shows all`]
}

function madeSince({ trace }: Cluster, since: number): ReadonlySet<string> {
  const refs = new Set<string>()
  for (const { actor, what, object } of trace.since(since))
    if (actor === 'you' && (what === 'created' || what === 'updated') && object !== undefined) refs.add(object)
  return refs
}

/** `Pod/default/web` or `Node/node-1`, as records name things. */
function objectOf({ api }: Cluster, ref: string): KubeObject | undefined {
  const parts = ref.split('/')
  const [kind = '', second = '', ...rest] = parts
  if (api.findKind(kind) === undefined) return undefined
  return rest.length === 0
    ? api.find<KubeObject>(kind, second)
    : api.find<KubeObject>(kind, rest.join('/'), { namespace: second })
}
