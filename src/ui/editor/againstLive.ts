import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import type { Document, Node, YAMLMap, YAMLSeq } from 'yaml'

type Parsed = Document.Parsed

/**
 * What runs, written as the manifest writes it: its order, its comments, and only the fields that it speaks of. What
 * the server added by itself is left out, so that a comparison shows what an apply would change.
 */
export function liveInStyleOf(manifest: string, live: string): string {
  const wanted = documentsOf(manifest)
  const running = new Map(documentsOf(live).map((document) => [identityOf(document), document]))
  const kept = wanted.flatMap((document) => {
    const own = running.get(identityOf(document))
    if (!own) return []
    if (isMap(document.contents)) project(document.contents, own.contents, document)
    return [document.toString({ indent: 2, lineWidth: 0, indentSeq: isIndented(manifest) }).replace(/^---\n/, '')]
  })
  return kept.join('---\n')
}

function documentsOf(text: string): readonly Parsed[] {
  const documents = parseAllDocuments(text) as Parsed[]
  return documents.filter(({ contents }) => isMap(contents))
}

/** One object is the same in every version of its API. */
function identityOf(document: Parsed): string {
  const text = (...path: string[]) => String(document.getIn(path) ?? '')
  const group = text('apiVersion').split('/').slice(0, -1).join('/')
  return [group, text('kind'), text('metadata', 'namespace') || 'default', text('metadata', 'name')].join(' ')
}

/** Whether the manifest indents the items of a list below their key. */
function isIndented(text: string): boolean {
  return /^( *)[^\s#-][^\n]*:[ \t]*\n\1 +- /m.test(text)
}

function project(into: YAMLMap, from: unknown, document: Parsed): void {
  if (!isMap(from)) return
  for (const pair of [...into.items]) {
    const key = keyOf(pair.key)
    const theirs = from.get(key, true) as Node | undefined
    if (theirs === undefined) into.delete(pair.key)
    else pair.value = merged(pair.value as Node | null, theirs, document)
  }
}

/** One value: theirs, in our form where the two have the same shape. */
function merged(ours: Node | null, theirs: Node, document: Parsed): Node {
  if (isMap(ours) && isMap(theirs)) project(ours, theirs, document)
  else if (isSeq(ours) && isSeq(theirs)) projectItems(ours, theirs, document)
  else if (isScalar(ours) && isScalar(theirs)) {
    if (!isSame(ours.value, theirs.value)) {
      ours.value = theirs.value
      delete ours.source
    }
  } else return document.createNode(theirs.toJSON()) as Node
  return ours
}

function projectItems(into: YAMLSeq, from: YAMLSeq, document: Parsed): void {
  const theirs = new Map(from.items.map((item, index) => [itemKey(item, index), item as Node]))
  const items: unknown[] = []
  for (const [index, item] of into.items.entries()) {
    const key = itemKey(item, index)
    const own = theirs.get(key)
    theirs.delete(key)
    if (own) items.push(merged(item as Node, own, document))
  }
  for (const left of theirs.values()) items.push(document.createNode(left.toJSON()))
  into.items = items
}

/** Items are the same by the field that names them; others by their place. */
function itemKey(item: unknown, index: number): string {
  if (!isMap(item)) return `#${index}`
  for (const field of ['name', 'containerPort', 'port', 'mountPath', 'key', 'type', 'ip']) {
    const value = item.get(field)
    if (value !== undefined && typeof value !== 'object') return `${field} ${String(value)}`
  }
  return `#${index}`
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a != null && b != null && String(a) === String(b))
}

function keyOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key
}
