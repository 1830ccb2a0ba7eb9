import { parseAllDocuments } from 'yaml'

/** A manifest with regular indentation; comments stay. The text itself where it cannot be parsed. */
export function formatYaml(text: string): string {
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return text
  const parts = documents.map((document) => document.toString({ indent: 2, lineWidth: 0, indentSeq: false }).trimEnd())
  const starts = /^---/.test(text)
  return `${starts && !parts[0]?.startsWith('---') ? '---\n' : ''}${joinDocuments(parts)}\n`
}

/** Documents one below the other; those that begin with a marker keep it. */
function joinDocuments(parts: readonly string[]): string {
  return parts.reduce((all, part) => {
    if (all === '') return part
    return part.startsWith('---') ? `${all}\n${part}` : `${all}\n---\n${part}`
  }, '')
}
