import { freeze, must } from '../sim/index.ts'
import { EtcdError, etcdErrors } from './errors.ts'
import { remember, type Change, type HistoryState } from './history.ts'
import { keyAt, placeIn, type Key } from './keys.ts'
import { entriesOf, type KeyValue, type Keyspace, type Shelf } from './keyspace.ts'
import type { Lessor } from './lessor.ts'
import type { Quota } from './quota.ts'
import type { Raft } from './raft/raft.ts'

/** The store as data: live keys, and the history that watches can start from. */
export interface EtcdState extends Keyspace {
  revision: number
  history: HistoryState
}

/** All that a write goes through. What is no state can be worked out of it again. */
export interface Books {
  readonly state: EtcdState
  /** members that must agree; undefined: there is one alone */
  readonly raft: Raft | undefined
  /** what the file may hold; undefined: as much as it likes */
  readonly quota: Quota | undefined
  readonly corners: Map<string, Corner>
  lastCorner: Corner | undefined
}

/** A resource's shelf, and the namespace there that was asked for last: the questions of an instant are about few. */
interface Corner {
  readonly prefix: string
  readonly shelf: Shelf
  /** what its keys begin with */
  readonly root: string
  namespace: string
  /** what places there begin with: one text, which theirs share */
  start: string
  /** undefined: there is none, or nobody has asked yet */
  entries: Map<string, KeyValue> | undefined
}

// These are functions of what they are given, and the same for every cluster: writes come by the ten thousand.

/** The books of a store. */
export function openBooks(state: EtcdState, raft: Raft | undefined, quota: Quota | undefined): Books {
  return { state, raft, quota, corners: new Map(), lastCorner: undefined }
}

/** The next revision, for one change or for all of a transaction: one entry in the members' logs. */
export function nextRevision({ state, raft }: Books): number {
  if (raft !== undefined) raft.propose()
  return ++state.revision
}

/** Where live keys of a resource and namespace stand; undefined where there was never any of the resource. */
export function cornerAt(books: Books, prefix: string, namespace: string): Corner | undefined {
  const { lastCorner } = books
  const corner = lastCorner?.prefix === prefix ? lastCorner : (books.corners.get(prefix) ?? newCorner(books, prefix))
  if (corner === undefined) return undefined
  if (corner.entries === undefined || corner.namespace !== namespace) {
    corner.namespace = namespace
    corner.start = placeIn({ prefix, namespace, name: '' })
    corner.entries = corner.shelf.get(namespace)
  }
  return (books.lastCorner = corner)
}

function newCorner({ state, corners }: Books, prefix: string): Corner | undefined {
  const shelf = state.shelves.get(prefix)
  if (shelf === undefined) return undefined
  const corner: Corner = { prefix, shelf, root: keyAt(prefix, ''), namespace: '', start: '', entries: undefined }
  corners.set(prefix, corner)
  return corner
}

function madeCorner(books: Books, place: Key): Corner {
  entriesOf(books.state, place)
  return must(cornerAt(books, place.prefix, place.namespace), 'a place was made')
}

/** Puts a key where its likes stand. */
export function store(
  { state, quota }: Books,
  entries: Map<string, KeyValue>,
  name: string,
  before: KeyValue | undefined,
  key: string,
  place: string,
  made: unknown,
  revision: number,
  lease: string,
  aside: unknown,
): Change {
  const isNew = before === undefined
  const entry: KeyValue = {
    type: 'PUT',
    key,
    place,
    revision,
    value: freeze(made),
    previous: isNew ? undefined : before.value,
    createRevision: isNew ? revision : before.createRevision,
    modRevision: revision,
    version: isNew ? 1 : before.version + 1,
    lease,
    aside,
  }
  remember(state.history, entry, quota)
  entries.set(name, entry)
  return entry
}

/** See `Etcd`. */
export type OptimisticPut = <Place extends Key>(
  place: Place,
  expectedRevision: number,
  toValue: (revision: number, place: Place) => unknown,
  lease?: string,
  toAside?: (before: unknown, value: unknown, place: Place) => unknown,
) => Change | undefined

/** Puts into a store. */
export function puttingInto(books: Books, leases: Lessor): OptimisticPut {
  const { state, raft } = books
  return (place, expectedRevision, toValue, lease = '', toAside) => {
    const { prefix, namespace, name } = place
    const found = cornerAt(books, prefix, namespace)
    const before = found?.entries?.get(name)
    if ((before === undefined ? 0 : before.modRevision) !== expectedRevision) return undefined
    if (lease !== '' && !leases.has(lease)) throw new EtcdError(etcdErrors.leaseNotFound)
    const corner = found?.entries === undefined ? madeCorner(books, place) : found
    const at = before === undefined ? corner.start + name : before.place
    const key = before === undefined ? corner.root + at : before.key
    if (raft !== undefined) raft.propose()
    const revision = ++state.revision // as `nextRevision`
    const value = toValue(revision, place)
    const aside = toAside === undefined ? before?.aside : toAside(before?.aside, value, place)
    return store(books, corner.entries!, name, before, key, at, value, revision, lease, aside)
  }
}
