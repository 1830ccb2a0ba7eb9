/** A decoded JSON value as Go's `%v` prints it: `map[spec:map[replicas:two]]`. */
export function formatGo(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(formatGo).join(' ')}]`
  if (typeof value !== 'object') return String(value as number)
  const map = value as Readonly<Record<string, unknown>>
  return `map[${Object.keys(map)
    .sort()
    .map((key) => `${key}:${formatGo(map[key])}`)
    .join(' ')}]`
}

/** What Go calls the type of a decoded JSON value. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}

/** A decoded JSON value as Go's `%s` prints it, which is meant for texts: `%!s(int64=5)`. */
export function inText(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)'
  if (typeof value === 'object') return formatGo(value)
  return typeof value === 'string' ? value : `%!s(${goTypeOf(value)}=${formatGo(value)})`
}
