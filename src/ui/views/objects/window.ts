/** Which rows of a long list are drawn, and how much room the others leave before and after. */
export interface RowWindow {
  readonly from: number
  readonly to: number
  readonly before: number
  readonly after: number
}

/** The rows that a scrolled pane shows, with some spare ones; heights may differ. */
export function windowOf(
  count: number,
  heightOf: (index: number) => number,
  top: number,
  height: number,
  spare = 240,
): RowWindow {
  let at = 0
  let index = 0
  while (index < count && at + heightOf(index) <= top - spare) at += heightOf(index++)
  const from = index
  const before = at
  while (index < count && at < top + height + spare) at += heightOf(index++)
  const to = index
  const shown = at
  while (index < count) at += heightOf(index++)
  return { from, to, before, after: at - shown }
}

/** How far down a row begins. */
export function offsetOf(index: number, heightOf: (index: number) => number): number {
  let at = 0
  for (let row = 0; row < index; row += 1) at += heightOf(row)
  return at
}

/** Where to scroll so that a row is in view: nowhere else if it is already. */
export function scrollTo(from: number, rowHeight: number, top: number, height: number): number {
  if (from < top) return from
  return from + rowHeight > top + height ? from + rowHeight - height : top
}
