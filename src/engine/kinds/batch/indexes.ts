/** What `1,3-5` says of a Job's indexes, or why it cannot be read. */
export type Indexes = { readonly total: number } | { readonly error: string }

type Interval = { readonly first: number; readonly last: number } | { readonly error: string }

/** Reads a list of indexes and ranges, ascending, each below the number of completions. */
// upstream: pkg/apis/batch/validation/validation.go validateIndexesFormat
export function readIndexes(text: string, completions: number): Indexes {
  if (text === '') return { total: 0 }
  let before: number | undefined
  let total = 0
  for (const part of text.split(',')) {
    const interval = readInterval(part, completions)
    if ('error' in interval) return { ...interval }
    const { first, last } = interval
    if (before !== undefined && before >= first)
      return { error: `non-increasing order, previous: ${before}, current: ${first}` }
    total += last - first + 1
    before = last
  }
  return { total }
}

function readInterval(text: string, completions: number): Interval {
  const limits = text.split('-')
  if (limits.length > 2)
    return {
      error: `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    }
  const first = readIndex(limits[0]!)
  if (first === undefined) return { error: `cannot convert string to integer for index: ${JSON.stringify(limits[0]!)}` }
  if (first >= completions) return { error: `too large index: ${JSON.stringify(limits[0]!)}` }
  if (limits.length === 1) return { first, last: first }
  const last = readIndex(limits[1]!)
  if (last === undefined) return { error: `cannot convert string to integer for index: ${JSON.stringify(limits[1]!)}` }
  if (last >= completions) return { error: `too large index: ${JSON.stringify(limits[1]!)}` }
  if (first >= last) return { error: `non-increasing order, previous: ${first}, current: ${last}` }
  return { first, last }
}

function readIndex(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

/** The first index that stands in both lists, if any. */
export function commonIndex(one: string, other: string, completions: number): number | undefined {
  if (one === '' || other === '') return undefined
  for (const a of one.split(',').map((text) => readInterval(text, completions)))
    for (const b of other.split(',').map((text) => readInterval(text, completions))) {
      if ('error' in a || 'error' in b) continue
      if (a.first <= b.last && b.first <= a.last) return Math.max(a.first, b.first)
    }
  return undefined
}
