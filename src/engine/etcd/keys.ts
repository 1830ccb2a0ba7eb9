/** A place in the API server's part of the key space: `/registry/<prefix>/<namespace>/<name>`. */
export interface Key {
  readonly prefix: string
  /** the empty string where the kind has none */
  readonly namespace: string
  readonly name: string
}

/** The keys from `key` up to, but not including, `end`; that one key where there is no `end`, all that follow where it is `endless`. */
export interface KeyRange {
  readonly key: string
  readonly end?: string
}

/** As the end of a range: none. upstream: a range_end of one zero byte */
export const endless = '\0'

/** What all keys of the API server begin with. */
export const root = '/registry/'

/** The key as etcd prints it. upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go */
export function formatKey({ prefix, namespace, name }: Key): string {
  return namespace === '' ? `${root}${prefix}/${name}` : `${root}${prefix}/${namespace}/${name}`
}

/** All keys that begin so; all keys there are for the empty text. upstream: client/v3 op.go GetPrefixRangeEnd */
export function keysBelow(prefix: string): Required<KeyRange> {
  if (prefix === '') return { key: endless, end: endless }
  const last = prefix.length - 1
  return { key: prefix, end: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) }
}

/** Whether a key lies in a range. */
export function isWithin({ key, end }: KeyRange, candidate: string): boolean {
  if (end === undefined) return candidate === key
  return candidate >= key && (end === endless || candidate < end)
}

/** Whether two ranges that have ends share any key. */
export function overlap(a: Required<KeyRange>, b: Required<KeyRange>): boolean {
  return (a.end === endless || b.key < a.end) && (b.end === endless || a.key < b.end)
}
