/**
 * Sorts as Go's `sort.SliceStable` does, step by step: where a comparison contradicts itself, as that of strategic merge patches may, the
 * order depends on the steps. `isLess` is asked of items.
 */
// upstream: Go's sort/zsortfunc.go stable_func
export function goStable<T>(items: readonly T[], isLess: (a: T, b: T) => boolean): readonly T[] {
  const list = [...items]
  for (let from = 0; from < list.length; from += blockSize)
    insertionSort(list, from, Math.min(from + blockSize, list.length), isLess)
  for (let size = blockSize; size < list.length; size *= 2)
    for (let from = 0; from + size < list.length; from += 2 * size)
      symMerge(list, from, from + size, Math.min(from + 2 * size, list.length), isLess)
  return list
}

const blockSize = 20

function insertionSort<T>(list: T[], from: number, to: number, isLess: (a: T, b: T) => boolean): void {
  for (let index = from + 1; index < to; index++) {
    const item = list[index]!
    let at = index
    for (; at > from && isLess(item, list[at - 1]!); at--) list[at] = list[at - 1]!
    list[at] = item
  }
}

/** Merges two sorted stretches that lie side by side. */
function symMerge<T>(list: T[], from: number, middle: number, to: number, isLess: (a: T, b: T) => boolean): void {
  if (middle - from === 1) {
    const item = list[from]!
    return rotate(
      list,
      from,
      middle,
      lowest(middle, to, (at) => !isLess(list[at]!, item)),
    )
  }
  if (to - middle === 1) {
    const item = list[middle]!
    const at = lowest(from, middle, (at) => isLess(item, list[at]!))
    return rotate(list, at, middle, to)
  }
  const half = Math.floor((from + to) / 2)
  const both = half + middle
  const [low, high] = middle > half ? [both - to, half] : [from, middle]
  const start = lowest(low, high, (at) => isLess(list[both - 1 - at]!, list[at]!))
  const end = both - start
  if (start < middle && middle < end) rotate(list, start, middle, end)
  if (from < start && start < half) symMerge(list, from, start, half, isLess)
  if (half < end && end < to) symMerge(list, half, end, to, isLess)
}

/** The first place from `low` on of which something holds, looked for by halves; `high` if it holds of none. */
function lowest(low: number, high: number, holds: (at: number) => boolean): number {
  while (low < high) {
    const at = Math.floor((low + high) / 2)
    if (holds(at)) high = at
    else low = at + 1
  }
  return low
}

/** Puts what stands from `middle` on before what stands from `from` on. */
function rotate<T>(list: T[], from: number, middle: number, to: number): void {
  const moved = list.slice(from, middle)
  list.copyWithin(from, middle, to)
  for (let index = 0; index < moved.length; index++) list[to - moved.length + index] = moved[index]!
}
