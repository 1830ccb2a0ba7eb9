/** Says which of two goes first. Must order any two different items. */
export type Less<T> = (a: T, b: T) => boolean

/** Adds an item to a binary heap kept in an array. */
export function pushTo<T>(heap: T[], item: T, less: Less<T>): void {
  heap.push(item)
  rise(heap, heap.length - 1, item, less)
}

/** Takes the first item. */
export function popFrom<T>(heap: T[], less: Less<T>): T | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return top
  // the last item came late and mostly belongs to the bottom again: it is compared from there upwards
  rise(heap, sunkenGap(heap, less), last, less)
  return top
}

/** Moves the better child up into the gap at the top, and so on below it; where the gap ends up. */
function sunkenGap<T>(heap: T[], less: Less<T>): number {
  let gap = 0
  for (let left = 1; left < heap.length; left = 2 * gap + 1) {
    const right = left + 1
    const child = right < heap.length && less(heap[right]!, heap[left]!) ? right : left
    heap[gap] = heap[child]!
    gap = child
  }
  return gap
}

/** Puts an item into a gap, or as far above it as it goes first. */
function rise<T>(heap: T[], gap: number, item: T, less: Less<T>): void {
  let index = gap
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!less(item, heap[parent]!)) break
    heap[index] = heap[parent]!
    index = parent
  }
  heap[index] = item
}
