import { formatTime, type KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { compare, type Comparison } from './compare.ts'
import { noEntries, type ManagedEntry, type Manager } from './entry.ts'
import { without } from './fieldSet.ts'
import { updated } from './managers.ts'
import { resetFields } from './resetFields.ts'
import { toParent } from './scaleFields.ts'
import { ownFields } from './serverSet.ts'
import { typedOf, type TypedKind } from './typedObject.ts'

/**
 * Who wrote last, and what was before: all that a component's write leaves behind. Thousands of them come for each one that somebody
 * looks at, so what was changed is worked out when somebody does. Never changed, and reached through frozen entries of the store alone.
 */
export interface Note {
  /** what was known before: another note, or entries */
  readonly before: Ownership | undefined
  readonly manager: string
  readonly subresource: string
  readonly at: number
  /** the object before and after; a create has neither: what comes next tells what it made */
  readonly from: KubeObject | undefined
  readonly to: KubeObject | undefined
  readonly depth: number
}

/** What is known for certain. */
export interface Settled {
  readonly entries: readonly ManagedEntry[]
}

/** What somebody made: all that stood in the object before admission added to it is theirs. */
export interface Birth {
  /** as it is in the making: a copy of its own that nobody changes */
  readonly given: object
  readonly manager: Manager
  readonly at: number
}

/** Who owns which field of an object: worked out, or still to be. */
export type Ownership = Note | Birth | Settled

/** Whether it is settled already. */
export const isSettled = (known: Ownership): known is Settled => 'entries' in known

/** Ownership that is worked out. */
export const settled = (entries: readonly ManagedEntry[]): Settled => Object.freeze({ entries })

const isNote = (known: Ownership): known is Note => 'depth' in known

/** Older versions that notes may keep alive. */
const depthMax = 6

/** A program that writes. */
interface Binary {
  readonly name: string
  /** of its last create. Nothing in it is the object's: one serves all that a binary makes in a second, which is as fine as entries tell */
  birth: Note | undefined
}

/** The binary that an actor is a part of, as its user agent begins. */
function findBinary(actor: string): Binary {
  const first = actor.split('@', 1)[0]!
  const name = binaries.has(first) ? first : (aliases[first] ?? 'kube-controller-manager')
  let binary = byName.get(name)
  if (binary === undefined) byName.set(name, (binary = { name, birth: undefined }))
  if (byActor.size >= actorsMax) byActor.clear()
  byActor.set(actor, binary)
  return binary
}

// memos of rules, and no state: the same few actors write thousands of times
const byActor = new Map<string, Binary>()
const byName = new Map<string, Binary>()
const actorsMax = 1000

const binaries = new Set([
  'kubelet',
  'kube-proxy',
  'kube-scheduler',
  'kube-apiserver',
  'kube-controller-manager',
  'etcd',
])
const aliases: Readonly<Record<string, string>> = {
  'default-scheduler': 'kube-scheduler',
  'cluster-autoscaler': 'cluster-autoscaler',
  descheduler: 'descheduler',
  'metrics-server': 'metrics-server',
}

/** The note of an actor's create. */
export function noteOfCreate(actor: string, now: number): Note {
  const at = Math.floor(now / 1000) * 1000
  const binary = byActor.get(actor) ?? findBinary(actor)
  const { name: manager, birth } = binary
  if (birth?.at === at) return birth
  return (binary.birth = { before: undefined, manager, subresource: '', at, from: undefined, to: undefined, depth: 1 })
}

/** What is known after one more write of an actor's; undefined when it is time to settle first. */
export function noted(
  known: Ownership | undefined,
  actor: string,
  subresource: string,
  at: number,
  from: KubeObject,
  to: KubeObject,
): Note | undefined {
  const { name: manager } = byActor.get(actor) ?? findBinary(actor)
  const note: { -readonly [Field in keyof Note]: Note[Field] } = {
    before: known,
    manager,
    subresource,
    at,
    from,
    to,
    depth: 1,
  }
  if (known === undefined || !('depth' in known)) return note
  note.depth = known.depth + 1
  const isSameHand = known.manager === manager && known.subresource === subresource
  if (!isSameHand || (known.from !== undefined && known.to !== from)) return known.depth < depthMax ? note : undefined
  // the same hand again: one step from where it began
  note.before = known.before
  note.from = known.from
  if (known.from === undefined) note.to = undefined
  note.depth = known.depth
  return note
}

/** Works out who owns what. `now` is the object as it stands. */
export function settle(kind: Kind, known: Ownership, now: KubeObject): readonly ManagedEntry[] {
  if (isSettled(known)) return known.entries
  const notes: Note[] = []
  let at: Ownership | undefined = known
  while (at !== undefined && isNote(at)) {
    notes.push(at)
    at = at.before
  }
  let entries = at === undefined ? noEntries : isSettled(at) ? at.entries : bornWith(kind, at)
  for (let index = notes.length - 1; index >= 0; index--) {
    const note = notes[index]!
    const to = note.to ?? notes[index - 1]?.from ?? now
    entries = carriedOut(kind, entries, note, to)
  }
  return entries
}

function bornWith(kind: Kind, { given, manager, at }: Birth): readonly ManagedEntry[] {
  const typed = typedOf(kind)
  return typed === undefined
    ? noEntries
    : afterUpdate(noEntries, { kind, subresource: '', typed }, { from: undefined, to: given }, manager, formatTime(at))
}

/** An update's place: what it may touch there, and how its fields are compared. */
interface Site {
  readonly kind: Kind
  readonly subresource: string
  readonly typed: TypedKind
}

/** The entries after somebody's update from one object to another. */
export function afterUpdate(
  entries: readonly ManagedEntry[],
  site: Site,
  { from, to }: { readonly from: object | undefined; readonly to: object },
  manager: Manager,
  time: string,
): readonly ManagedEntry[] {
  return updated(entries, differenceOf(site, from, to), manager, time)
}

function carriedOut(kind: Kind, entries: readonly ManagedEntry[], note: Note, to: KubeObject): readonly ManagedEntry[] {
  const { from, subresource, manager } = note
  // upstream keeps no fields of what had none
  if (from !== undefined && entries.length === 0) return entries
  const { apiVersion } = to
  const who = { manager, operation: 'Update' as const, apiVersion, subresource }
  if (subresource === 'scale') return toParent(entries, [who], apiVersion)
  const typed = typedOf(kind)
  if (typed === undefined) return entries
  const { added, modified, removed } = differenceOf({ kind, subresource, typed }, from, to)
  const isOwn = from !== undefined
  return updated(
    entries,
    {
      added: isOwn ? added : ownFields(kind.kind, added, to),
      modified: isOwn ? modified : ownFields(kind.kind, modified, to),
      removed,
    },
    who,
    formatTime(note.at),
  )
}

function differenceOf({ kind, subresource, typed }: Site, from: object | undefined, to: object): Comparison {
  const all = compare(typed.type, from === undefined ? typed.empty : typed.written(from), typed.written(to))
  const reset = resetFields(kind, subresource)
  return {
    added: without(all.added, reset),
    modified: without(all.modified, reset),
    removed: without(all.removed, reset),
  }
}
