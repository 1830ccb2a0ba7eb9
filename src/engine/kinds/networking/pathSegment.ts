import { each, required, type FieldError } from '../../api/index.ts'

const fine: readonly string[] = Object.freeze([])

/** What keeps a text from being one part of a URL's path: all that roles and references ask of a name. */
// upstream: apimachinery/pkg/api/validate/content IsPathSegmentName
export function isPathSegment(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  if (!name.includes('/') && !name.includes('%')) return fine
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`)
}

/** A name of that sort that has to be there. */
export function segmentErrors(path: string, name: string | undefined): readonly FieldError[] {
  return name ? each(path, name, isPathSegment(name)) : [required(path)]
}
