/** JSON as Go's encoder writes it: nothing undefined, and no character that HTML could take for markup. */
export function goJson(value: unknown, indent?: string): string {
  const text = indent === undefined ? JSON.stringify(value) : indented(value, indent, '')
  return escapeMarkup(text)
}

/** The same with sorted keys, as every object from the server is printed. */
export function sortedJson(value: unknown, indent?: string): string {
  return goJson(sortKeys(value), indent)
}

/** A copy whose keys are in order everywhere. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(record)
      .filter((key) => record[key] !== undefined)
      .sort()
      .map((key) => [key, sortKeys(record[key])]),
  )
}

function escapeMarkup(text: string): string {
  return text.replace(/[<>&\u2028\u2029\x7f]/g, (character) =>
    character === '\x7f' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// JavaScript puts number-like keys first whatever was asked for, so a sorted object is walked by its sorted keys.
function indented(value: unknown, indent: string, margin: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const inner = margin + indent
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => inner + indented(item, indent, inner)).join(',\n')}\n${margin}]`
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${indented(item, indent, inner)}`)
  return `{\n${lines.join(',\n')}\n${margin}}`
}
