import type { ExplainField, ExplainNode } from './explainNodes.ts'

/** What to explain: a kind and the names that follow its resource in `kubectl explain pod.spec.containers`. */
export interface ExplainSubject {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly path: readonly string[]
}

/** Standard output, and the error that ends it if the path leads nowhere. */
export interface Explanation {
  readonly stdout: string
  readonly error?: string
}

/** What `kubectl explain` prints of a kind whose tree begins at `root` (see `explainNodes.ts`). */
// upstream: kubectl/pkg/explain/v2/templates/plaintext.tmpl
export function explain(subject: ExplainSubject, root: ExplainNode, recursive: boolean): Explanation {
  const head = headOf(subject)
  const place = follow(root, subject.path)
  if (place === undefined) return { stdout: head, error: `error: field "${subject.path.at(-1)}" does not exist` }
  const texts = place.node.texts.map((text) => `${text}\n`).join('')
  const description = `DESCRIPTION:\n${indent(4, wrap(76, texts === '' ? '<empty>' : texts))}\n`
  const list = fieldList(place.node, 1, [], recursive)
  const fields = list === '' ? '' : `FIELDS:\n${list}`
  return { stdout: `${head}${place.field === undefined ? '' : fieldHead(place.field)}${description}${fields}\n` }
}

function headOf({ group, version, kind }: ExplainSubject): string {
  return `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`
}

function follow(root: ExplainNode, path: readonly string[]): { node: ExplainNode; field?: ExplainField } | undefined {
  let node = root
  let field: ExplainField | undefined
  for (const name of path) {
    field = node.fields().find((candidate) => candidate.name === name)
    if (field === undefined) return undefined
    node = field.node
  }
  return field === undefined ? { node } : { node, field }
}

function fieldHead({ name, node }: ExplainField): string {
  const values =
    node.values === undefined ? '' : `ENUM:${node.values.map((value) => `\n    ${shownValue(value)}`).join('')}`
  return `FIELD: ${name} <${node.type}>\n${values}\n\n`
}

function fieldList(node: ExplainNode, level: number, seen: readonly string[], recursive: boolean): string {
  if (node.identity !== undefined && seen.includes(node.identity)) return ''
  const within = node.identity === undefined ? seen : [...seen, node.identity]
  return node
    .fields()
    .map(
      (field) =>
        fieldDetail(field, level, recursive) + (recursive ? fieldList(field.node, level + 1, within, true) : ''),
    )
    .join('')
}

function fieldDetail({ name, node, required, text }: ExplainField, level: number, short: boolean): string {
  const margin = ' '.repeat(level * 2)
  const values = node.values?.slice(0, 4).map(shownValue).join(', ')
  const list = values === undefined ? '' : `\n${margin}enum: ${values}${(node.values?.length ?? 0) > 4 ? ', ....' : ''}`
  const line = `${margin}${name}\t<${node.type}>${required ? ' -required-' : ''}${list}\n`
  return short ? line : `${line}${indent(level * 2 + 2, wrap(78 - level * 2, text ?? '<no description>'))}\n\n`
}

const shownValue = (value: string): string => (value === '' ? '""' : value)

function indent(amount: number, text: string): string {
  const pad = ' '.repeat(amount)
  return pad + text.replaceAll('\n', `\n${pad}`)
}

/** Breaks lines at spaces; a word longer than a line gets one of its own and stays whole. */
function wrap(limit: number, text: string): string {
  return text
    .split('\n')
    .map((line) => wrapLine(limit, line))
    .join('\n')
}

function wrapLine(limit: number, line: string): string {
  let result = ''
  let width = 0
  for (const [, spaces = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
    const needed = width + spaces.length + Math.min(word.length, limit - 1)
    if (word === '') {
      if (needed <= limit) result += spaces
    } else if (needed > limit && width > 0) {
      result += `\n${word}`
      width = word.length
    } else {
      result += spaces + word
      width += spaces.length + word.length
    }
  }
  return result
}
