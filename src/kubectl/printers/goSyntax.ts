/** A value as Go's `%#v` prints what came out of JSON. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value as number | boolean)
  const record = value as Record<string, unknown>
  const keys = Object.keys(record).filter((key) => record[key] !== undefined)
  const fields = keys.sort().map((key) => `${JSON.stringify(key)}:${goSyntax(record[key])}`)
  return `map[string]interface {}{${fields.join(', ')}}`
}

/** A value as Go's `%v` prints it. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`
  if (typeof value !== 'object') return String(value as string)
  const record = value as Record<string, unknown>
  const keys = Object.keys(record).filter((key) => record[key] !== undefined)
  return `map[${keys
    .sort()
    .map((key) => `${key}:${goPrint(record[key])}`)
    .join(' ')}]`
}
