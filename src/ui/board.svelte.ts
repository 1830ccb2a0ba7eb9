/* eslint svelte/prefer-svelte-reactivity: off -- the maps here are bookkeeping; what views follow is the state beside them */
import type { Changes, NodeRow, PodRow } from './protocol.ts'

/** One pod as the page holds it: whoever reads `row` follows this pod alone. */
export class PodCell {
  row: PodRow = $state.raw() as PodRow

  constructor(row: PodRow) {
    this.row = row
  }
}

/** One node with its pods in the order of its tiles. `pods` changes when tiles come, go or trade places, not when a pod's row does. */
export class NodeCell {
  row: NodeRow = $state.raw() as NodeRow
  pods: readonly PodCell[] = $state.raw([])

  constructor(row: NodeRow) {
    this.row = row
  }
}

/** Who made pods, for the key above the stage. */
export interface Owner {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly count: number
  readonly oldCount: number
}

/** What is about to move on the stage, by pod keys. */
export interface Moves {
  readonly born: readonly string[]
  /** from the queue, or from nowhere, to a node */
  readonly bound: readonly string[]
  readonly ready: readonly string[]
  readonly gone: readonly string[]
  /** nodes whose tiles make room; '' is the queue */
  readonly places: ReadonlySet<string>
}

/** The mirror of pods and nodes: keyed rows, with exactly the granularity that tiles and hulls need. */
export class Board {
  readonly pods = new Map<string, PodCell>()
  nodes: readonly NodeCell[] = $state.raw([])
  /** pods without a node */
  unbound: readonly PodCell[] = $state.raw([])
  owners: readonly Owner[] = $state.raw([])
  namespaces: readonly string[] = $state.raw([])
  podCount = $state.raw(0)
  /** grows with every change of a pod: what a canvas redraws on */
  version = $state.raw(0)
  readonly #places = new Map<string, Set<PodCell>>()
  readonly #nodes = new Map<string, NodeCell>()

  /** What a change would move, seen before it is applied. */
  movesOf(changes: Changes<PodRow>): Moves {
    const moves = { born: [] as string[], bound: [] as string[], ready: [] as string[], gone: [] as string[] }
    const places = new Set<string>()
    for (const row of changes.set) {
      const old = this.pods.get(row.key)?.row
      if (old?.node === row.node) {
        if (row.look === 'ready' && old.look !== 'ready') moves.ready.push(row.key)
        continue
      }
      places.add(row.node)
      if (old) places.add(old.node)
      if (row.node !== '') moves.bound.push(row.key)
      else moves.born.push(row.key)
    }
    for (const key of changes.gone) {
      const old = this.pods.get(key)?.row
      if (!old) continue
      moves.gone.push(key)
      places.add(old.node)
    }
    return { ...moves, places }
  }

  applyPods(changes: Changes<PodRow>, isWhole: boolean): void {
    const dirty = new Set<string>()
    if (isWhole) this.#dropMissing(new Set(changes.set.map(({ key }) => key)), dirty)
    for (const key of changes.gone) this.#drop(key, dirty)
    for (const row of changes.set) this.#put(row, dirty)
    if (dirty.size > 0) this.#arrange(dirty)
    this.version += 1
  }

  applyNodes(changes: Changes<NodeRow>, isWhole: boolean): void {
    const kept = isWhole ? new Set(changes.set.map(({ name }) => name)) : undefined
    const gone = kept ? [...this.#nodes.keys()].filter((name) => !kept.has(name)) : changes.gone
    let isListChanged = false
    for (const name of gone) isListChanged = this.#nodes.delete(name) || isListChanged
    for (const row of changes.set) {
      const cell = this.#nodes.get(row.name)
      if (cell) cell.row = row
      else {
        const created = new NodeCell(row)
        created.pods = this.#sorted(row.name, [])
        this.#nodes.set(row.name, created)
        isListChanged = true
      }
    }
    if (isListChanged) this.nodes = [...this.#nodes.values()].sort((a, b) => byName(a.row.name, b.row.name))
    this.version += 1
  }

  node(name: string): NodeCell | undefined {
    return this.#nodes.get(name)
  }

  #put(row: PodRow, dirty: Set<string>): void {
    const cell = this.pods.get(row.key)
    if (!cell) {
      const created = new PodCell(row)
      this.pods.set(row.key, created)
      this.#place(row.node).add(created)
      dirty.add(row.node)
      return
    }
    const old = cell.row
    if (old.node !== row.node) {
      this.#place(old.node).delete(cell)
      this.#place(row.node).add(cell)
      dirty.add(old.node).add(row.node)
    } else if (old.owner !== row.owner || old.isOld !== row.isOld) dirty.add(row.node)
    cell.row = row
  }

  #drop(key: string, dirty: Set<string>): void {
    const cell = this.pods.get(key)
    if (!cell) return
    this.pods.delete(key)
    this.#place(cell.row.node).delete(cell)
    dirty.add(cell.row.node)
  }

  #dropMissing(kept: ReadonlySet<string>, dirty: Set<string>): void {
    for (const key of [...this.pods.keys()]) if (!kept.has(key)) this.#drop(key, dirty)
  }

  #arrange(dirty: ReadonlySet<string>): void {
    for (const name of dirty) {
      if (name === '') this.unbound = this.#sorted('', this.unbound)
      else {
        const node = this.#nodes.get(name)
        if (node) node.pods = this.#sorted(name, node.pods)
      }
    }
    this.podCount = this.pods.size
    this.owners = ownersOf(this.pods.values())
    this.namespaces = [...new Set([...this.pods.values()].map(({ row }) => row.namespace))].sort()
  }

  #place(name: string): Set<PodCell> {
    const place = this.#places.get(name)
    if (place) return place
    const created = new Set<PodCell>()
    this.#places.set(name, created)
    return created
  }

  /** Those that were there come in their old order: a list that is nearly sorted is sorted soon. */
  #sorted(name: string, before: readonly PodCell[]): readonly PodCell[] {
    const place = this.#place(name)
    const stayed = before.filter((cell) => place.has(cell))
    const cells = new Set([...stayed, ...place])
    return [...cells].sort((a, b) => tileOrder(a.row, b.row))
  }
}

/** The order of tiles and of segments: owner, then name, so that eyes keep their place in every density. */
export function tileOrder(a: PodRow, b: PodRow): number {
  return compare(a.ownerName, b.ownerName) || compare(a.owner, b.owner) || byName(a.name, b.name)
}

/** `node-2` before `node-10`. */
export function byName(a: string, b: string): number {
  return natural.compare(a, b)
}

const natural = new Intl.Collator('en', { numeric: true })

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function ownersOf(cells: Iterable<PodCell>): readonly Owner[] {
  const owners = new Map<string, { -readonly [Key in keyof Owner]: Owner[Key] }>()
  for (const { row } of cells) {
    const id = row.owner
    const owner = owners.get(id) ?? { id, name: row.ownerName, namespace: row.namespace, count: 0, oldCount: 0 }
    owner.count += 1
    if (row.isOld) owner.oldCount += 1
    owners.set(id, owner)
  }
  const rank = (owner: Owner) => (owner.namespace === 'kube-system' ? 1 : 0)
  return [...owners.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count || compare(a.name, b.name))
}
