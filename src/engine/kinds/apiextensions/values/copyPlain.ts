/** A private copy of a value of JSON. */
export function copyPlain<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => copyPlain(item)) as T
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: copyPlain(item), enumerable: true, configurable: true, writable: true })
    else copy[key] = copyPlain<unknown>(item)
  }
  return copy as T
}
