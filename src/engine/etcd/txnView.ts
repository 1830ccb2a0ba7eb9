import { isBefore, isWithin, type KeyRange, endless } from './keys.ts'
import { findKey, keysWithin, type KeyValue, type Keyspace } from './keyspace.ts'
import { rankingOf, type Ranking } from './ranking.ts'
import { absent, isSo, type Compare, type TxnRequest } from './txn.ts'

/** The keys that a transaction speaks of: sorted once, however many of its ranges there are, and kept so while it writes. */
export interface TxnView {
  /** Whether a condition holds for all keys of its range. upstream: server/etcdserver/txn/txn.go applyCompare */
  readonly holds: (compare: Compare) => boolean
  readonly count: (range: KeyRange) => number
  /** The first keys of a range, in their order; all of them where the limit is 0. */
  readonly list: (range: KeyRange, limit: number) => readonly KeyValue[]
  /** Must be told of what was put. */
  readonly onPut: (entry: KeyValue) => void
  /** Must be told of ranges that were deleted. */
  readonly onDelete: (range: KeyRange) => void
}

/** Looks at a keyspace on behalf of one transaction. */
export function createTxnView(space: Keyspace, { compare, success, failure }: TxnRequest): TxnView {
  const hull = hullOf([...compare, ...success, ...failure])
  let sorted: KeyValue[] | undefined
  /** by target: conditions are all looked at before anything is written */
  const rankings = new Map<Compare['target'], Ranking>()
  const keys = (): KeyValue[] => (sorted ??= hull === undefined ? [] : [...keysWithin(space, hull)])

  /** How many keys come before one. */
  function before(key: string): number {
    const all = keys()
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(all[middle]!.key, key)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where a range that has an end stands among the keys. */
  function stretch({ key, end = '' }: KeyRange): readonly [from: number, to: number] {
    const from = before(key)
    return [from, end === endless ? keys().length : Math.max(from, before(end))]
  }

  function rankingFor(target: Compare['target']): Ranking {
    let ranking = rankings.get(target)
    if (ranking === undefined) rankings.set(target, (ranking = rankingOf(keys(), target)))
    return ranking
  }

  return {
    holds(compare) {
      const { key, end, target } = compare
      if (end === undefined) {
        const found = findKey(space, key)
        return found === undefined ? target !== 'value' && isSo(compare, absent) : isSo(compare, found)
      }
      const [from, to] = stretch(compare)
      if (from === to) return target !== 'value' && isSo(compare, absent)
      return rankingFor(target).holds(compare, from, to)
    },
    count(range) {
      if (range.end === undefined) return findKey(space, range.key) === undefined ? 0 : 1
      const [from, to] = stretch(range)
      return to - from
    },
    list(range, limit) {
      if (range.end === undefined) return keysWithin(space, range)
      const [from, to] = stretch(range)
      return keys().slice(from, limit > 0 ? Math.min(to, from + limit) : to)
    },
    onPut(entry) {
      if (sorted === undefined || hull === undefined || !isWithin(hull, entry.key)) return
      const at = before(entry.key)
      sorted.splice(at, sorted[at]?.key === entry.key ? 1 : 0, entry)
    },
    onDelete(range) {
      if (sorted === undefined) return
      const { key, end = `${key}\0` } = range
      const [from, to] = stretch({ key, end })
      sorted.splice(from, to - from)
    },
  }
}

/** From the first key of all ranges to the last; undefined where none has an end. */
function hullOf(ranges: readonly (KeyRange | { readonly key: string })[]): Required<KeyRange> | undefined {
  let hull: { key: string; end: string } | undefined
  for (const range of ranges) {
    if (!('end' in range) || range.end === undefined) continue
    const { key, end } = range
    if (hull === undefined) hull = { key, end }
    if (isBefore(key, hull.key)) hull.key = key
    if (end === endless || (hull.end !== endless && isBefore(hull.end, end))) hull.end = end
  }
  return hull
}
