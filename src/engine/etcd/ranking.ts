import { textOf, type Compare } from './txn.ts'
import { isBefore, isHigh } from './keys.ts'
import type { KeyValue } from './keyspace.ts'

/** What a condition looks at, of many keys: each stands by its place in the order of all that there are, so that the next condition is quick. */
export interface Ranking {
  /** Whether a condition holds for all of the keys from one place up to another. */
  readonly holds: (compare: Compare, from: number, to: number) => boolean
}

/** Ranks keys by what conditions of one target compare. */
export function rankingOf(keys: readonly KeyValue[], target: Compare['target']): Ranking {
  const items = keys.map((each) => itemOf(each, target))
  const { ranks, distinct } = target === 'value' ? rankedTexts(items) : rankedPlainly(items)

  /** The ranks that are the value's own: none where no key has it. */
  function ranksOf(wanted: Item): readonly [first: number, next: number] {
    let [low, high] = [0, distinct.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareItems(distinct[middle]!, wanted, isBefore) < 0) low = middle + 1
      else high = middle
    }
    const isThere = low < distinct.length && compareItems(distinct[low]!, wanted, isBefore) === 0
    return [low, isThere ? low + 1 : low]
  }

  return {
    holds({ result, value }, from, to) {
      const [first, next] = ranksOf(value)
      const least = result === '>' ? next : result === '=' ? first : 0
      const end = result === '<' ? first : result === '=' ? next : Infinity
      for (let index = from; index < to; index++) {
        const rank = ranks[index]!
        if (result === '!=' ? rank >= first && rank < next : rank < least || rank >= end) return false
      }
      return true
    },
  }
}

interface Ranked {
  /** of each item */
  readonly ranks: Int32Array
  /** by rank */
  readonly distinct: readonly Item[]
}

/** Numbers, or ids: many are the same. */
function rankedPlainly(items: readonly Item[]): Ranked {
  const distinct = [...new Set(items)].sort(typeof items[0] === 'number' ? byNumber : byUnits)
  const places = new Map(distinct.map((item, rank) => [item, rank]))
  return { ranks: Int32Array.from(items, (item) => places.get(item)!), distinct }
}

const byNumber = (a: Item, b: Item): number => (a as number) - (b as number)
const byUnits = (a: Item, b: Item): number => (a < b ? -1 : 1)

function rankedTexts(items: readonly Item[]): Ranked {
  const precedes = items.some((item) => isHigh(beginningOf(item))) ? isBefore : isBeforeByUnits
  const order = items.map((_, index) => index).sort((a, b) => compareItems(items[a]!, items[b]!, precedes))
  const ranks = new Int32Array(items.length)
  const distinct: Item[] = []
  for (const index of order) {
    const last = distinct[distinct.length - 1]
    if (last === undefined || compareItems(last, items[index]!, precedes) !== 0) distinct.push(items[index]!)
    ranks[index] = distinct.length - 1
  }
  return { ranks, distinct }
}

/** A number, a text, or an object that is compared as its JSON. */
type Item = number | string | Headed

/** An object's JSON up to its metadata, which nearly always tells it from others: the rest is written only if it does not. */
interface Headed {
  readonly head: string
  readonly value: object
}

function itemOf(found: KeyValue, target: Compare['target']): Item {
  if (target === 'mod') return found.modRevision
  if (target === 'create') return found.createRevision
  if (target === 'version') return found.version
  if (target === 'lease') return found.lease
  const { value } = found
  return typeof value === 'object' && value !== null ? { head: headOf(value), value } : textOf(value)
}

function headOf(value: object): string {
  let head = ''
  for (const [field, part] of Object.entries(value)) {
    const text = JSON.stringify(part) as string | undefined
    if (text === undefined) continue
    head += `${head === '' ? '{' : ','}${JSON.stringify(field)}:${text}`
    if (field === 'metadata') return head
  }
  return textOf(value)
}

type Precedes = (a: string, b: string) => boolean
const isBeforeByUnits: Precedes = (a, b) => a < b

function compareItems(a: Item, b: Item, precedes: Precedes): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  let [ours, theirs] = [beginningOf(a), beginningOf(b)]
  if (typeof a === 'object' && typeof b === 'object' ? ours === theirs : isBeginning(ours, theirs))
    [ours, theirs] = [wholeOf(a), wholeOf(b)]
  return ours === theirs ? 0 : precedes(ours, theirs) ? -1 : 1
}

/** No head begins another: both end where the metadata do. A text that somebody put may begin as one. */
const isBeginning = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)
const beginningOf = (item: Item): string => (typeof item === 'object' ? item.head : String(item))
const wholeOf = (item: Item): string => (typeof item === 'object' ? textOf(item.value) : String(item))
