import { emptyList } from '../sim/index.ts'
import { isWithin, root, type KeyRange } from './keys.ts'
import type { Quota } from './quota.ts'

/** One change, as a watch tells it. `value` is what the key held after a put and before a delete. */
export interface Change<Value = unknown> {
  readonly type: 'PUT' | 'DELETE'
  readonly key: string
  /** `namespace/name`: one text for all versions, so that whoever looks things up by it hashes it once; the key itself outside `/registry` */
  readonly place: string
  readonly revision: number
  readonly value: Value
  readonly previous: Value | undefined
}

/**
 * What is remembered of the past: for etcd's own readers back to the last compaction, for the API server's watch cache as long as
 * its windows reach. One list serves both, since they hold the same changes.
 */
export interface HistoryState {
  /** up to here etcd itself has forgotten */
  compacted: number
  /** the API server started at this revision: its cache knows nothing before */
  cachedFrom: number
  /** full pages are frozen, so checkpoints share them */
  pages: (readonly Change[])[]
  tail: Change[]
  /** the latest changes of each resource from pages that are gone */
  windows: Map<string, readonly Change[]>
  /** by resource, the revision of the latest change that is in no window any more */
  dropped: Map<string, number>
}

const pageSize = 1024

/** More pages than these are forgotten early, like a full watch cache. upstream: apiserver/pkg/storage/cacher defaultUpperBoundCapacity */
const pagesMax = 100

/** What a watch cache holds at least, however old. upstream: apiserver/pkg/storage/cacher defaultLowerBoundCapacity */
const windowSize = 100

/** A past without anything in it. */
export function createHistory(): HistoryState {
  return { compacted: 0, cachedFrom: 0, pages: [], tail: emptyList(), windows: new Map(), dropped: new Map() }
}

const lastOf = (page: readonly Change[]): Change => page[page.length - 1]!

/** Adds a change: every one goes through here. `quota`: who keeps account of the size of the file. */
export function remember(history: HistoryState, change: Change, quota: Quota | undefined): void {
  if (quota !== undefined) quota.onWrite(change)
  const { tail } = history
  tail.push(Object.freeze(change))
  if (tail.length === pageSize) turnPage(history)
}

function turnPage(history: HistoryState): void {
  history.pages.push(Object.freeze(history.tail))
  history.tail = emptyList()
  if (history.pages.length <= pagesMax) return
  const page = history.pages.shift()!
  history.compacted = Math.max(history.compacted, lastOf(page).revision)
  shrink(history, page)
}

/** Takes pages away that end at or before a revision; of each resource the latest changes stay. */
export function trim(history: HistoryState, revision: number): void {
  while (history.pages.length > 0 && lastOf(history.pages[0]!).revision <= revision)
    shrink(history, history.pages.shift()!)
}

function shrink(history: HistoryState, page: readonly Change[]): void {
  const found = new Map<string, Change[]>()
  for (const change of page) {
    if (!change.key.startsWith(root)) continue // no watch cache is asked for people's own keys
    const resource = resourceOf(change.key)
    const list = found.get(resource)
    if (list === undefined) found.set(resource, [change])
    else list.push(change)
  }
  for (const [resource, changes] of found) {
    const all = [...(history.windows.get(resource) ?? []), ...changes]
    const extra = all.length - windowSize
    if (extra > 0) history.dropped.set(resource, all[extra - 1]!.revision)
    history.windows.set(resource, Object.freeze(extra > 0 ? all.slice(extra) : all))
  }
}

/** The first part of a key below `/registry/`: enough to keep the windows of resources apart. */
function resourceOf(key: string): string {
  const end = key.indexOf('/', root.length)
  return end < 0 ? key.slice(root.length) : key.slice(root.length, end)
}

/** The revision from which the watch cache knows every change of a resource. */
export function knownFrom(history: HistoryState, prefix: string): number {
  return Math.max(history.cachedFrom, history.dropped.get(resourceOf(root + prefix)) ?? 0)
}

/** Changes of a resource after a revision, oldest first: all that are remembered. */
export function changesAfter(history: HistoryState, prefix: string, revision: number): readonly Change[] {
  const start = `${root}${prefix}/`
  const found: Change[] = []
  const collect = (page: readonly Change[]): void => {
    if (page.length === 0 || lastOf(page).revision <= revision) return
    for (const change of page) if (change.revision > revision && change.key.startsWith(start)) found.push(change)
  }
  const window = history.windows.get(resourceOf(root + prefix))
  if (window !== undefined) collect(window)
  for (const page of history.pages) collect(page)
  collect(history.tail)
  return found
}

/** Changes of keys of a range after a revision that is not compacted, oldest first. */
export function changesWithin(history: HistoryState, range: KeyRange, revision: number): readonly Change[] {
  const found: Change[] = []
  for (const page of [...history.pages, history.tail]) {
    if (page.length === 0 || lastOf(page).revision <= revision) continue
    for (const change of page) if (change.revision > revision && isWithin(range, change.key)) found.push(change)
  }
  return found
}

/** Whether the state of a resource at a revision can still be worked out: by etcd, or by the cache's snapshots. */
export function reaches(history: HistoryState, prefix: string, revision: number): boolean {
  const isDropped = revision < (history.dropped.get(resourceOf(root + prefix)) ?? 0)
  return !isDropped && (revision >= history.cachedFrom || revision >= history.compacted)
}
