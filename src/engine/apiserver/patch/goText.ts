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
