/* eslint svelte/prefer-svelte-reactivity: off -- the maps here are bookkeeping; what views follow is the state beside them */
import { easeCubicInOut } from 'd3'
import { SvelteSet } from 'svelte/reactivity'
import type { Moves } from '../../board.svelte.ts'
import type { Choreographer, Session } from '../../session.svelte.ts'
import { flightsAtOnce, flightWay, measured, pathOf, pointAlong } from './flights.ts'
import type { Box, Flight, Point } from './flights.ts'
import { durationAt, easeIn, easeOut, Tweens } from './motion.ts'
import type { Motion } from './motion.ts'

interface Leaver {
  readonly key: string
  readonly ghost: HTMLElement
  readonly box: Box
  readonly isEvicted: boolean
}

/** tiles that settle at once; with more of them nothing that moves could be followed anyway */
const settlesAtMost = 400
/** measuring takes at most one part in so many of the page's time: a slow machine shows less motion, not fewer frames */
const restFactor = 8
const crowd = 60

/**
 * Moves tiles on the stage: flights from the queue, neighbours that make room, pods that fold away.
 * It measures before and after the page is drawn anew and moves by transforms only, so that nothing jumps and nothing is laid out twice.
 */
export class Choreography implements Choreographer {
  readonly tweens = new Tweens()
  flights: readonly Flight[] = $state.raw([])
  /** pods in the air: their slot is drawn as reserved */
  readonly flying = new SvelteSet<string>()
  /** pods that would have flown, for those who want less motion: their slot stays outlined for a moment */
  readonly landed = new SvelteSet<string>()
  readonly #session: Session
  readonly #root: HTMLElement
  readonly #layer: HTMLElement
  readonly #lessMotion = matchMedia('(prefers-reduced-motion: reduce)')
  #boxes = new Map<string, Box>()
  #leavers: Leaver[] = []
  #nextFlight = 0
  #spentMs = 0
  #restsUntil = 0
  #isResting = false

  constructor(session: Session, root: HTMLElement, layer: HTMLElement) {
    this.#session = session
    this.#root = root
    this.#layer = layer
  }

  /** Time was scrubbed: everything is where it ends. */
  stop(): void {
    this.tweens.endAll()
    this.flights = []
    this.flying.clear()
    this.#layer.replaceChildren()
  }

  before(moves: Moves): void {
    this.#boxes = new Map()
    this.#leavers = []
    this.#isResting = performance.now() < this.#restsUntil
    if (!this.#moves()) return
    const start = performance.now()
    this.#measureBefore(moves)
    this.#spentMs = performance.now() - start
  }

  #measureBefore(moves: Moves): void {
    const tiles = this.#tilesOf(moves.places)
    if (tiles.length > settlesAtMost) return
    for (const tile of tiles) this.#boxes.set(keyOf(tile), this.#box(tile))
    for (const key of moves.gone) this.#keepGhost(key)
  }

  after(moves: Moves): void {
    if (!this.#moves()) {
      this.#outline(moves)
      return
    }
    const start = performance.now()
    this.#measureAfter(moves)
    const spentMs = this.#spentMs + performance.now() - start
    const isCrowded = this.#session.board.podCount > crowd && spentMs > 4
    this.#restsUntil = isCrowded ? performance.now() + spentMs * restFactor : 0
  }

  #measureAfter(moves: Moves): void {
    const bound = new Set(moves.bound)
    const tiles = this.#tilesOf(moves.places)
    if (tiles.length <= settlesAtMost) {
      // Where a tile stands is read without the shift of a motion that still runs.
      for (const tile of tiles) this.tweens.end(`settle ${keyOf(tile)}`)
      const boxes = new Map(tiles.map((tile) => [tile, this.#box(tile)]))
      for (const [tile, box] of boxes) this.#arrive(tile, box, bound)
    }
    this.#fly(moves.bound)
    for (const leaver of this.#leavers) this.#leave(leaver)
    for (const key of moves.ready) this.#shine(key)
  }

  #moves(): boolean {
    return !this.#isResting && !this.#lessMotion.matches && this.#ms('settle') > 0
  }

  #ms(motion: Motion): number {
    return durationAt(motion, this.#session.isPlaying ? this.#session.speed : 1)
  }

  #arrive(tile: HTMLElement, box: Box, bound: ReadonlySet<string>): void {
    const key = keyOf(tile)
    if (bound.has(key)) return
    const old = this.#boxes.get(key)
    if (!old) this.#appear(tile, key)
    else if (Math.abs(old.x - box.x) > 0.5 || Math.abs(old.y - box.y) > 0.5) this.#settle(tile, key, old, box)
  }

  #settle(tile: HTMLElement, key: string, old: Box, box: Box): void {
    const [dx, dy] = [old.x - box.x, old.y - box.y]
    this.tweens.start(
      `settle ${key}`,
      this.#ms('settle'),
      (t) => {
        const left = 1 - easeOut(t)
        tile.style.transform = left > 0 ? `translate(${dx * left}px, ${dy * left}px)` : ''
      },
      () => (tile.style.transform = ''),
    )
  }

  #appear(tile: HTMLElement, key: string): void {
    this.tweens.start(
      `born ${key}`,
      this.#ms('born'),
      (t) => {
        const now = easeOut(t)
        tile.style.opacity = String(now)
        tile.style.transform = `scale(${0.92 + 0.08 * now})`
      },
      () => {
        tile.style.opacity = ''
        tile.style.transform = ''
      },
    )
  }

  /** A soft ring, once, when a pod turns ready. */
  #shine(key: string): void {
    const tile = this.#tile(key)
    if (!tile) return
    this.tweens.start(
      `ready ${key}`,
      this.#ms('ready'),
      (t) => {
        const share = Math.round((1 - t) * 55)
        tile.style.boxShadow = `0 0 0 ${6 * easeOut(t)}px color-mix(in srgb, var(--ph-ready) ${share}%, transparent)`
      },
      () => (tile.style.boxShadow = ''),
    )
  }

  #keepGhost(key: string): void {
    const tile = this.#tile(key)
    const row = this.#session.pod(key)
    if (!tile || !row) return
    const ghost = tile.cloneNode(true) as HTMLElement
    for (const name of ['id', 'data-pod', 'data-stop', 'aria-label']) ghost.removeAttribute(name)
    ghost.setAttribute('aria-hidden', 'true')
    ghost.tabIndex = -1
    const node = this.#session.board.node(row.node)?.row
    const isEvicted = row.look === 'evicted' || node?.isCordoned === true || node?.taints.some(isEviction) === true
    this.#leavers.push({ key, ghost, box: this.#box(tile), isEvicted })
  }

  /** Folds to its stripe, or slides over the gunwale when evicted. */
  #leave({ key, ghost, box, isEvicted }: Leaver): void {
    Object.assign(ghost.style, {
      position: 'absolute',
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
      transformOrigin: 'left center',
      pointerEvents: 'none',
    })
    this.#layer.append(ghost)
    this.tweens.start(
      `leave ${key}`,
      this.#ms(isEvicted ? 'evict' : 'leave'),
      (t) => {
        const now = easeIn(t)
        ghost.style.opacity = String(1 - now)
        ghost.style.transform = isEvicted ? `translateY(${16 * now}px)` : `scaleX(${1 - 0.95 * now})`
      },
      () => ghost.remove(),
    )
  }

  #fly(keys: readonly string[]): void {
    const origin = this.#root.querySelector<HTMLElement>('.queue')
    if (!origin) return
    const free = Math.max(0, flightsAtOnce - this.flights.length)
    const isCrowded = keys.length > free
    const flying = isCrowded ? keys.slice(0, Math.max(0, free - 1)) : keys
    for (const key of flying) this.#launch(key, origin, 0)
    const rest = keys.slice(flying.length)
    const [first] = rest
    if (first !== undefined && free > 0) this.#launch(first, origin, rest.length - 1)
  }

  #launch(key: string, queue: HTMLElement, extra: number): void {
    const tile = this.#tile(key)
    const hull = tile?.closest<HTMLElement>('.node')
    const row = this.#session.pod(key)
    if (!tile || !hull || !row) return
    const from = this.#boxes.get(key) ?? waitingPlace(this.#box(queue))
    const id = `flight ${(this.#nextFlight += 1)}`
    const way = flightWay(from, this.#box(tile), this.#box(hull))
    const points = measured(way)
    const d = pathOf(way)
    const label = extra > 0 ? `${extra + 1} Pods` : row.suffix || row.name
    this.flights = [...this.flights, { key: id, label, colour: this.#session.colours.of(row.owner), d, extra }]
    this.flying.add(key)
    this.tweens.start(
      id,
      this.#ms('flight'),
      (t) => this.#draw(id, pointAlong(points, easeCubicInOut(t))),
      () => {
        this.flights = this.flights.filter((flight) => flight.key !== id)
        this.flying.delete(key)
      },
    )
  }

  #draw(id: string, { x, y }: Point): void {
    this.#root.querySelector(`[data-flight="${id}"] > g`)?.setAttribute('transform', `translate(${x} ${y})`)
  }

  /** For less motion, and for speeds that cut: the slot stays outlined for a second. */
  #outline(moves: Moves): void {
    if (!this.#lessMotion.matches) return
    for (const key of moves.bound) {
      this.landed.add(key)
      setTimeout(() => this.landed.delete(key), 1000)
    }
  }

  #tilesOf(places: ReadonlySet<string>): HTMLElement[] {
    return [...places].flatMap((place) => [
      ...this.#root.querySelectorAll<HTMLElement>(`[data-place="${CSS.escape(place)}"] [data-pod]`),
    ])
  }

  #tile(key: string): HTMLElement | undefined {
    return this.#root.querySelector<HTMLElement>(`[data-pod="${CSS.escape(key)}"]`) ?? undefined
  }

  #box(element: HTMLElement): Box {
    const box = element.getBoundingClientRect()
    const base = this.#layer.getBoundingClientRect()
    return { x: box.left - base.left, y: box.top - base.top, width: box.width, height: box.height }
  }
}

function keyOf(tile: HTMLElement): string {
  return tile.dataset.pod ?? ''
}

function isEviction(taint: string): boolean {
  return taint.endsWith(':NoExecute')
}

/** Where a pod stands that was never seen waiting. */
function waitingPlace(queue: Box): Box {
  return { x: queue.x + 208, y: queue.y + 4, width: 108, height: queue.height - 4 }
}
