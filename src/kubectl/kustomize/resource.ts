/** An object of a manifest on its way through a kustomization: a private draft. */
export type Draft = Record<string, unknown>

/** One object, with the names it has had: references to any of them follow it. */
export interface Resource {
  object: Draft
  /** oldest first; the last is the name it has now */
  readonly names: string[]
  /** its name is to end in a hash of what it holds */
  readonly needsHash: boolean
}

/** What a kustomization's folder is read by. */
export interface Reader {
  readonly readFile: (path: string) => string | undefined
  readonly listFiles: (path: string) => readonly string[] | undefined
  /** whether objects of a kind live in a namespace; so does what nobody knows */
  readonly isNamespaced: (apiVersion: string, kind: string) => boolean
}

/** A map within a draft; made if it is not there. */
export function mapAt(draft: Draft, ...path: readonly string[]): Draft {
  let at = draft
  for (const key of path) at = asMap(at[key]) ?? ((at[key] = {}) as Draft)
  return at
}

/** A value as a map, or undefined for anything else. */
export function asMap(value: unknown): Draft | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : undefined
}

/** A map within a draft, where there is one. */
export function findMap(draft: Draft, ...path: readonly string[]): Draft | undefined {
  return path.reduce<Draft | undefined>((at, key) => (at === undefined ? undefined : asMap(at[key])), draft)
}

/** The items of a list that are maps. */
export function mapsIn(value: unknown): readonly Draft[] {
  return Array.isArray(value) ? (value as unknown[]).map(asMap).filter((item) => item !== undefined) : []
}

/** A text of a draft, '' for what is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Its kind. */
export const kindOf = ({ object }: Resource): string => textOf(object['kind'])

/** The name it has now. */
export const nameOf = ({ object }: Resource): string => textOf(mapAt(object, 'metadata')['name'])

/** Gives it another name; the old one is remembered. */
export function rename(resource: Resource, name: string): void {
  mapAt(resource.object, 'metadata')['name'] = name
  if (resource.names.at(-1) !== name) resource.names.push(name)
}
