const linesMax = 18
const tooLong = 64
/** what every write changes, or nobody reads */
const dull =
  /^(metadata\.(managedFields|resourceVersion|uid|creationTimestamp)|apiVersion|kind)\b|last-applied-configuration/

/** What differs between two states of an object: `+ spec.nodeName: node-2`, `- …`, `~ spec.replicas: 1 → 3`. */
export function differences(before: unknown, after: unknown): readonly string[] {
  const old = leavesOf(before)
  const now = leavesOf(after)
  const lines: string[] = []
  for (const [path, value] of now) {
    const was = old.get(path)
    if (was === undefined) lines.push(`+ ${path}: ${value}`)
    else if (was !== value) lines.push(`~ ${path}: ${was} → ${value}`)
  }
  for (const [path, value] of old) if (!now.has(path)) lines.push(`- ${path}: ${value}`)
  if (lines.length <= linesMax) return lines
  return [...lines.slice(0, linesMax), `  and ${lines.length - linesMax} more`]
}

function leavesOf(object: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>()
  const walk = (value: unknown, path: string): void => {
    if (dull.test(path)) return
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, `${path}[${nameOf(item) ?? index}]`))
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`)
    else leaves.set(path, wordOf(value))
  }
  if (object !== undefined) walk(object, '')
  return leaves
}

/** Items that have a name are known by it: an item more is then one line more, not a shift of all. */
function nameOf(item: unknown): string | undefined {
  const { name, type, key } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
  const found = name ?? type ?? key
  return typeof found === 'string' ? found : undefined
}

function wordOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > tooLong ? `${text.slice(0, tooLong)}…` : text
}
