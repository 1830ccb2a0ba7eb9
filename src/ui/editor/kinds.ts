/** What one document of a manifest says it is. Both empty where it does not say. */
export interface DocumentKind {
  readonly apiVersion: string
  readonly kind: string
}

/** The kinds of a text's documents, in order, by their own two lines: works while the rest is half typed. */
export function kindsOf(text: string): readonly DocumentKind[] {
  return splitDocuments(text).map((document) => ({
    apiVersion: topField(document, 'apiVersion'),
    kind: topField(document, 'kind'),
  }))
}

/** A text's documents. Text before the first `---` is one only if it holds more than comments. */
export function splitDocuments(text: string): readonly string[] {
  const parts = text.split(/^---(?:[ \t].*)?$/m)
  const [first = ''] = parts
  const isBlank = first.split('\n').every((line) => /^\s*(#.*|%.*)?$/.test(line))
  return isBlank && parts.length > 1 ? parts.slice(1) : parts
}

/** What a tab or a message calls a text: `Deployment web`. */
export function titleOf(text: string): string | undefined {
  const [document = ''] = splitDocuments(text)
  const kind = topField(document, 'kind')
  const name = /^metadata:[ \t]*\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*["']?([^\s"'#]+)/m.exec(document)?.[1]
  return kind && name ? `${kind} ${name}` : undefined
}

function topField(document: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*["']?([^\\s"'#]+)`, 'm').exec(document)?.[1] ?? ''
}
