/** A box on the screen. */
export interface Place {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export type Direction = 'left' | 'right' | 'up' | 'down'

const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** The nearest place in a direction: first what lies straight ahead, then what is least askew; -1 for none. */
export function nearest(places: readonly Place[], from: number, direction: Direction): number {
  const start = places[from]
  if (!start) return -1
  let best = -1
  let bestCost = Infinity
  for (const [index, place] of places.entries()) {
    if (index === from) continue
    const cost = costOf(start, place, direction)
    if (cost < bestCost) [best, bestCost] = [index, cost]
  }
  return best
}

const askew = 3

function costOf(start: Place, place: Place, direction: Direction): number {
  const dx = middle(place.left, place.right) - middle(start.left, start.right)
  const dy = middle(place.top, place.bottom) - middle(start.top, start.bottom)
  const isAcross = direction === 'left' || direction === 'right'
  const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction]
  if (ahead <= 1) return Infinity
  const aside = Math.abs(isAcross ? dy : dx)
  // Left and right stay in their row as long as there is one.
  if (isAcross && (place.bottom <= start.top || place.top >= start.bottom)) return Infinity
  return ahead + askew * aside
}

function middle(from: number, to: number): number {
  return (from + to) / 2
}

/** Makes the stops (`[data-stop]`) within an element one tab stop that arrows walk. */
export function roving(root: HTMLElement): () => void {
  let current: HTMLElement | undefined
  let place = 0
  let isFocused = false
  const stops = () => [...root.querySelectorAll<HTMLElement>('[data-stop]')]
  const settle = () => {
    if (current?.isConnected) return
    const all = stops()
    current = all[Math.min(place, all.length - 1)]
    if (current) current.tabIndex = 0
    // Whoever stood on a pod that is gone stays on the stage, at the same place.
    if (isFocused) current?.focus({ preventScroll: true })
  }
  const move = (to: HTMLElement) => {
    if (current) current.tabIndex = -1
    current = to
    to.tabIndex = 0
  }
  const onFocus = ({ target }: FocusEvent) => {
    const stop = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-stop]') : undefined
    if (!stop) return
    move(stop)
    isFocused = true
    place = stops().indexOf(stop)
  }
  const onBlur = ({ target }: FocusEvent) => {
    queueMicrotask(() => {
      if (target instanceof HTMLElement && target.isConnected) isFocused = false
    })
  }
  const onKey = (event: KeyboardEvent) => {
    const direction = directions[event.key]
    const isEdge = event.key === 'Home' || event.key === 'End'
    if ((!direction && !isEdge) || event.ctrlKey || event.metaKey || event.altKey) return
    const all = stops()
    const from = all.indexOf(document.activeElement as HTMLElement)
    if (from < 0) return
    event.preventDefault()
    const places = direction ? all.map((stop) => stop.getBoundingClientRect()) : []
    const next = direction ? all[nearest(places, from, direction)] : all.at(event.key === 'Home' ? 0 : -1)
    next?.focus()
  }
  const observer = new MutationObserver(settle)
  observer.observe(root, { childList: true, subtree: true })
  root.addEventListener('focusin', onFocus)
  root.addEventListener('focusout', onBlur)
  root.addEventListener('keydown', onKey)
  settle()
  return () => {
    observer.disconnect()
    root.removeEventListener('focusin', onFocus)
    root.removeEventListener('focusout', onBlur)
    root.removeEventListener('keydown', onKey)
  }
}
