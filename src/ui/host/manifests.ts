import {
  parseAllDocuments,
  stringify,
  LineCounter,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node as YamlNode,
} from 'yaml'
import type { Cluster, KubeObject } from '#engine'
import { notSimulatedIn, viewOf, type Session } from '#session'
import type { ApplyResult, Problem } from '../protocol.ts'
import { ownObjects } from './ownObjects.ts'

/** Applies what is in the editor as kubectl would, and finds the lines that the answers speak of. */
export function applyManifest(
  session: Session,
  text: string,
  dryRun: boolean,
  fileName = 'manifest.yaml',
): ApplyResult {
  if (isEmpty(text))
    return { lines: ['The file holds no object: there is nothing to apply.'], problems: [], isOk: true }
  let stdout = ''
  let stderr = ''
  const argv = ['apply', '-f', fileName, ...(dryRun ? ['--dry-run=server'] : [])]
  const running = session.kubectl(
    { argv, files: viewOf({ [fileName]: text }) },
    { out: (more) => void (stdout += more), err: (more) => void (stderr += more) },
  )
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { lines, problems: problemsOf(text, stderr), isOk: running.isDone() && running.code() === 0 }
}

/** Nothing but comments, blank lines and `---`. */
function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*)?$|^---\s*(#.*)?$|^\.\.\.\s*$/.test(line))
}

/** The problems that kubectl's words report, each at the line it is about. */
export function problemsOf(text: string, stderr: string): readonly Problem[] {
  if (stderr.trim() === '') return []
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines }) as Document.Parsed[]
  return messagesOf(stderr).map((message) => {
    const offset = offsetOf(documents, message)
    const byNumber = /yaml: line (\d+)/.exec(message)
    const severity = message.startsWith('Warning') ? ('warning' as const) : ('error' as const)
    if (byNumber) return { line: Number(byNumber[1]), column: 1, endColumn: 1000, severity, message }
    const { line, col } = offset === undefined ? { line: 1, col: 1 } : lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1), endColumn: 1000, severity, message }
  })
}

/** What a manifest asks for that is stored and not simulated, each at its line. */
export function notSimulatedProblems(text: string): readonly Problem[] {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter }) as Document.Parsed[]
  return documents.flatMap((document) => {
    if (document.errors.length > 0) return []
    const object = document.toJS() as Partial<KubeObject> | null
    if (typeof object !== 'object' || object === null) return []
    return notSimulatedIn(object).map(({ path, text }) => {
      const offset = deepest(document, pathOf(path === '' ? 'kind' : path))?.offset ?? 0
      const { line, col } = lineCounter.linePos(offset)
      const message = path === '' ? `${object.kind}: ${text}.` : `${path.split('.').at(-1)}: ${text}.`
      return { line: Math.max(line, 1), column: Math.max(col, 1), endColumn: 1000, severity: 'info' as const, message }
    })
  })
}

/** One message a line; an Invalid answer lists its causes below with stars. */
function messagesOf(stderr: string): string[] {
  const messages: string[] = []
  let head = ''
  for (const line of stderr.split('\n')) {
    if (line.trim() === '') continue
    if (/^The \S+ "[^"]*" is invalid: ?$/.test(line)) head = line.trim()
    else if (line.startsWith('* ') && head !== '') messages.push(`${head} ${line.slice(2)}`)
    else if (messages.length > 0 && /^(Resource|Name): "|^from server for: |^ensure CRDs/.test(line))
      messages[messages.length - 1] += ` ${line}`
    else messages.push(line)
  }
  return messages.length === 0 && head !== '' ? [head] : messages
}

/** Where in the text the field a message names stands; else the object it names. */
function offsetOf(documents: readonly Document.Parsed[], message: string): number | undefined {
  const unknown = /not found for name: "([^"]*)" .*no matches for kind "([^"]*)" in version "([^"]*)"/.exec(message)
  if (unknown) return unknownKindOffset(documents, unknown)
  const name = /"([^"/]+)" is (?:invalid|forbidden)|"([^"]+)" not found/.exec(message)?.[1]
  const kind = /^(?:error: |Error[^:]*: )?.*?\b([A-Z][A-Za-z]+) in version "/.exec(message)?.[1]
  const named = documents.filter(
    (document) =>
      (name === undefined || document.getIn(['metadata', 'name']) === name) &&
      (kind === undefined || document.get('kind') === kind),
  )
  const candidates = named.length > 0 ? named : documents
  // Where a decoder names a field without its place in a list, the value's type tells which item it is about.
  const type = /cannot unmarshal (string|number|bool)/.exec(message)?.[1]?.replace('bool', 'boolean')
  const found = candidates
    .flatMap((document) => fieldsOf(message).map((field) => deepest(document, pathOf(field), type)))
    .filter((place) => place !== undefined)
    .sort((one, other) => other.depth - one.depth)[0]
  return found?.offset ?? (named[0]?.contents?.range ?? undefined)?.[0]
}

/** The `kind` of the very document whose kind nobody serves. */
function unknownKindOffset(
  documents: readonly Document.Parsed[],
  [, name, kind, version]: readonly string[],
): number | undefined {
  const ofKind = documents.filter(
    (document) => isMap(document.contents) && document.get('kind') === kind && document.get('apiVersion') === version,
  )
  const found = ofKind.find((document) => document.getIn(['metadata', 'name']) === name) ?? ofKind[0]
  return found && deepest(found, ['kind'])?.offset
}

const roots = 'metadata|spec|data|subsets|rules|webhooks|roleRef|endpoints|ports'

function fieldsOf(message: string): string[] {
  return [...message.matchAll(new RegExp(`\\b((?:${roots})(?:\\.[A-Za-z0-9_-]+|\\[[^\\]]+\\])*)`, 'g'))].map(
    ([, field]) => field!,
  )
}

function pathOf(field: string): (string | number)[] {
  return [...field.matchAll(/([A-Za-z0-9_-]+)|\[([^\]]+)\]/g)].map(
    ([, word, index]) => word ?? (/^\d+$/.test(index!) ? Number(index) : index!),
  )
}

/** Something in a text: where it stands, how deep, and of which JSON type it is. */
interface Place {
  readonly offset: number
  readonly depth: number
  readonly type: string
}

/** The last part of a path that the document really has, of the type given where there are several; undefined when it has none of it. */
function deepest(document: Document.Parsed, path: readonly (string | number)[], type?: string): Place | undefined {
  const places = [...placesOf(document.contents, path)]
  const depth = Math.max(...places.map((place) => place.depth))
  const last = places.filter((place) => place.depth === depth)
  return last.find((place) => place.type === type) ?? last[0]
}

/** All that a path leads past. A list without an index stands for each of its items. */
function* placesOf(node: unknown, path: readonly (string | number)[], depth = 0): Generator<Place> {
  const [part, ...rest] = path
  if (part === undefined) return
  if (isSeq(node) && !/^\d+$/.test(String(part))) {
    for (const item of node.items) yield* placesOf(item, path, depth)
    return
  }
  const pair = isMap(node)
    ? node.items.find(({ key }) => String((key as { value?: unknown }).value) === String(part))
    : undefined
  const next = pair ? pair.value : isSeq(node) ? node.items[Number(part)] : undefined
  const offset = ((pair?.key ?? next) as YamlNode | null | undefined)?.range?.[0]
  if (offset === undefined) return
  yield { offset, depth, type: isScalar(next) ? typeof next.value : '' }
  yield* placesOf(next, rest, depth + 1)
}

/** The live counterparts of a manifest's objects, without what the server adds; of everything a person made where no text is given. */
export function liveManifest(cluster: Cluster, text: string | undefined): string {
  const { api } = cluster
  const named =
    text === undefined
      ? ownObjects(cluster)
      : parseAllDocuments(text).map((document) => document.toJS() as KubeObject | null)
  const found = named.flatMap((object) => {
    const { kind, metadata } = object ?? {}
    const info = kind === undefined ? undefined : api.findKind(kind)
    if (info === undefined || metadata?.name === undefined) return []
    const live = api.find<KubeObject>(
      info.kind,
      metadata.name,
      info.namespaced ? { namespace: metadata.namespace ?? 'default' } : {},
    )
    return live ? [stringify(withoutServerParts(live))] : []
  })
  return found.join('---\n')
}

function withoutServerParts(object: KubeObject): object {
  const { uid, resourceVersion, generation, creationTimestamp, managedFields, annotations, ...metadata } =
    object.metadata
  void [uid, resourceVersion, generation, creationTimestamp, managedFields]
  const hidden = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision']
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !hidden.includes(key))
  const { status, ...rest } = object as KubeObject & { status?: unknown }
  void status
  return { ...rest, metadata: { ...metadata, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) } }
}
