/** A piece of a line: key, value (text), number or other literal, dim (comments, dashes), or plain. */
export interface YamlPart {
  readonly kind: 'k' | 'v' | 'n' | 'd' | 'p'
  readonly text: string
}

const linesAtMost = 4000

/** YAML as kubectl prints it, line by line in pieces to colour. */
export function yamlLines(text: string): readonly (readonly YamlPart[])[] {
  const lines = text.replace(/\n$/, '').split('\n').slice(0, linesAtMost)
  let blockIndent = -1
  return lines.map((line) => {
    const indent = line.length - line.trimStart().length
    if (blockIndent >= 0 && (line.trim() === '' || indent > blockIndent)) return [{ kind: 'v', text: line }]
    blockIndent = -1
    if (/(^|\s)[|>][+-]?\d?$/.test(line)) blockIndent = indent
    return partsOf(line)
  })
}

function partsOf(line: string): readonly YamlPart[] {
  const parsed = /^(\s*(?:- )*)(?:("[^"]*"|'[^']*'|[^\s#"'-][^#]*?|-[^\s#][^#]*?)(:)(?=\s|$))?(\s*)(.*)$/.exec(line)
  if (!parsed) return [{ kind: 'p', text: line }]
  const [, lead = '', key, colon, space = '', value = ''] = parsed
  const parts: YamlPart[] = []
  if (lead) parts.push({ kind: 'd', text: lead })
  if (key !== undefined) parts.push({ kind: 'k', text: key }, { kind: 'd', text: colon ?? '' })
  if (space) parts.push({ kind: 'p', text: space })
  if (value) parts.push({ kind: kindOf(value), text: value })
  return parts
}

function kindOf(value: string): YamlPart['kind'] {
  if (value.startsWith('#') || value === '---') return 'd'
  return /^(-?\d+(\.\d+)?|true|false|null|\{\}|\[\])$/.test(value) ? 'n' : 'v'
}
