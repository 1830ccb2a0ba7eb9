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
 * looks at, so what was changed is worked out when somebody does. Frozen, like all that hangs from it.
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

/** The binary that an actor is a part of, as its user agent begins. */
export function binaryOf(actor: string): string {
  let binary = binaryByActor.get(actor)
  if (binary === undefined) {
    const name = actor.split('@', 1)[0]!
    binary = binaries.has(name) ? name : (aliases[name] ?? 'kube-controller-manager')
    if (binaryByActor.size >= actorsMax) binaryByActor.clear()
    binaryByActor.set(actor, binary)
  }
  return binary
}

// a memo of the rule: the same few actors write thousands of times
const binaryByActor = new Map<string, string>()
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

/** The note of a create. Nothing in it is the object's: one serves all that a binary makes in a second, which is as fine as entries tell. */
export function noteOfCreate(manager: string, now: number): Note {
  const at = Math.floor(now / 1000) * 1000
  const last = lastBirths.get(manager)
  if (last?.at === at) return last
  const note: Note = { before: undefined, manager, subresource: '', at, from: undefined, to: undefined, depth: 1 }
  lastBirths.set(manager, Object.freeze(note))
  return note
}

const lastBirths = new Map<string, Note>()

/** What is known after one more write; undefined when it is time to settle first. */
export function noted(
  known: Ownership | undefined,
  manager: string,
  subresource: string,
  at: number,
  from: KubeObject,
  to: KubeObject,
): Note | undefined {
  if (known !== undefined && isNote(known)) {
    // the same hand again: one step from where it began
    if (known.manager === manager && known.subresource === subresource) {
      if (known.from === undefined) return Object.freeze({ ...known, at })
      if (known.to === from)
        return Object.freeze({
          before: known.before,
          manager,
          subresource,
          at,
          from: known.from,
          to,
          depth: known.depth,
        })
    }
    if (known.depth >= depthMax) return undefined
  }
  const depth = known !== undefined && isNote(known) ? known.depth + 1 : 1
  return Object.freeze({ before: known, manager, subresource, at, from, to, depth })
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
