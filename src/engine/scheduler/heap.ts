/** Says which of two goes first. Must order any two different items. */
export type Less<T> = (a: T, b: T) => boolean

/** Adds an item to a binary heap kept in an array. */
export function pushTo<T>(heap: T[], item: T, less: Less<T>): void {
  let index = heap.length
  heap.push(item)
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!less(item, heap[parent]!)) break
    heap[index] = heap[parent]!
    index = parent
  }
  heap[index] = item
}

/** Takes the first item. */
export function popFrom<T>(heap: T[], less: Less<T>): T | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    if (left >= heap.length) break
    const right = left + 1
    const child = right < heap.length && less(heap[right]!, heap[left]!) ? right : left
    if (!less(heap[child]!, last)) break
    heap[index] = heap[child]!
    index = child
  }
  heap[index] = last
  return top
}
