import { formatTime, type KubeObject } from '../../api/index.ts'

/** An object as it is before it is stored: who it is follows from its name, so it needs no draw of chance. */
export interface BuiltIn {
  readonly prefix: string
  readonly object: KubeObject
}

/** When every cluster begins. */
export const bornAt: string = formatTime(0)

type Meta = Partial<KubeObject['metadata']> & { readonly name: string }

/** A built-in object of one kind, as the API server stores it. */
export function builtIn(
  prefix: string,
  apiVersion: string,
  kind: string,
  metadata: Meta,
  rest: Readonly<Record<string, unknown>>,
): BuiltIn {
  const uid = uidOf(`${prefix}/${metadata.name}`)
  return {
    prefix,
    object: { apiVersion, kind, metadata: { ...metadata, uid, creationTimestamp: bornAt }, ...rest } as never,
  }
}

/** A UUID that follows from a text. */
function uidOf(text: string): string {
  const words = [0, 1, 2, 3].map((salt) => hash(`${salt}${text}`))
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193) >>> 0
  return sum
}
