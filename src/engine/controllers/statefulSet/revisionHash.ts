import { safeEncode } from '../../api/index.ts'
import { utf8Bytes } from '../../api/base64.ts'

/**
 * What the name of a StatefulSet's revision ends with: the very letters of a real cluster, for a template with the same fields.
 * upstream: HashControllerRevision in pkg/controller/history/controller_history.go, over what getPatch makes of the set
 */
export function revisionHash(template: object, collisionCount: number): string {
  const kept = { spec: { template: { ...template, $patch: 'replace' } } }
  let hash = 0x811c9dc5
  for (const byte of utf8Bytes(`${goText(kept)}${collisionCount}`)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0
  return safeEncode(String(hash))
}

/** Plain data as Go writes it as JSON: names in order, and what would matter to HTML escaped. */
function goText(value: unknown): string {
  if (typeof value === 'string') return goString(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(goText).join(',')}]`
  const record = value as Record<string, unknown>
  const names = Object.keys(record).filter((name) => record[name] !== undefined)
  return `{${names
    .sort()
    .map((name) => `${goString(name)}:${goText(record[name])}`)
    .join(',')}}`
}

const unsafe = /[<>&\u2028\u2029]/g

function goString(text: string): string {
  return JSON.stringify(text).replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
