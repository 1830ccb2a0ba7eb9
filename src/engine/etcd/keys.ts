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
export function formatKey(key: Key): string {
  return keyAt(key.prefix, placeIn(key))
}

/** `namespace/name`, or the bare name. */
export const placeIn = ({ namespace, name }: Key): string => (namespace === '' ? name : `${namespace}/${name}`)

/** The key of a place. */
export const keyAt = (prefix: string, place: string): string => `${root}${prefix}/${place}`

/** All keys that begin so; all keys there are for the empty text. upstream: client/v3 op.go GetPrefixRangeEnd */
export function keysBelow(prefix: string): Required<KeyRange> {
  if (prefix === '') return { key: endless, end: endless }
  const points = [...prefix].map((point) => point.codePointAt(0)!)
  while (points[points.length - 1] === lastPoint) points.pop()
  const last = points.pop()
  if (last === undefined) return { key: prefix, end: endless }
  return { key: prefix, end: String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1) }
}

const lastPoint = 0x10ffff

/** Whether a key comes before another: by their bytes, which is by code points. */
export function isBefore(a: string, b: string): boolean {
  return high.test(a) && high.test(b) ? isBeforeByPoints(a, b) : a < b
}

/** Whether a text holds units whose order is not that of the code points: halves of pairs, and what JavaScript sorts behind them. */
export const isHigh = (text: string): boolean => high.test(text)

const high = /[\ud800-\uffff]/

function isBeforeByPoints(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [ours, theirs] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (ours !== theirs) return rankOf(ours) < rankOf(theirs)
  }
  return a.length < b.length
}

/** Halves of pairs stand for code points beyond all others. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** Whether a key lies in a range. */
export function isWithin({ key, end }: KeyRange, candidate: string): boolean {
  if (end === undefined) return candidate === key
  return !isBefore(candidate, key) && (end === endless || isBefore(candidate, end))
}

/** Whether two ranges that have ends share any key. */
export function overlap(a: Required<KeyRange>, b: Required<KeyRange>): boolean {
  return (a.end === endless || isBefore(b.key, a.end)) && (b.end === endless || isBefore(a.key, b.end))
}
