import { formatTime, type KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { compare } from './compare.ts'
import { noEntries, type ManagedEntry } from './entry.ts'
import { without } from './fieldSet.ts'
import { updated } from './managers.ts'
import { resetFields } from './resetFields.ts'
import { toParent } from './scaleFields.ts'
import { ownFields } from './serverSet.ts'
import { typedOf } from './typedObject.ts'

/**
 * Who wrote last, and what was before: all that a component's write leaves behind. Thousands of them come for each one that somebody
 * looks at, so what was changed is worked out when somebody does. Frozen, like all that hangs from it.
 */
export interface Note {
  /** what was known before: another note, or entries */
  readonly before: Note | Settled | undefined
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

/** Who owns which field of an object: worked out, or still a note. */
export type Ownership = Note | Settled

/** Whether it is settled already. */
export const isSettled = (known: Ownership): known is Settled => 'entries' in known

/** Older versions that notes may keep alive. */
const depthMax = 6

/** The binary that an actor is a part of, as its user agent begins. */
export function binaryOf(actor: string): string {
  const at = actor.indexOf('@')
  const name = at < 0 ? actor : actor.slice(0, at)
  return binaries.has(name) ? name : (aliases[name] ?? 'kube-controller-manager')
}

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

/** The note of a create. */
export function noteOfCreate(manager: string, at: number): Note {
  return Object.freeze({ before: undefined, manager, subresource: '', at, from: undefined, to: undefined, depth: 1 })
}

/** What is known after one more write; undefined when it is time to settle first. */
export function noted(
  known: Ownership | undefined,
  write: { readonly manager: string; readonly subresource: string; readonly at: number },
  from: KubeObject,
  to: KubeObject,
): Note | undefined {
  const { manager, subresource, at } = write
  if (known !== undefined && !isSettled(known)) {
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
  const depth = known === undefined || isSettled(known) ? 1 : known.depth + 1
  return Object.freeze({ before: known, manager, subresource, at, from, to, depth })
}

/** Works out who owns what. `now` is the object as it stands. */
export function settle(kind: Kind, known: Ownership, now: KubeObject): readonly ManagedEntry[] {
  if (isSettled(known)) return known.entries
  const notes: Note[] = []
  let at: Ownership | undefined = known
  while (at !== undefined && !isSettled(at)) {
    notes.push(at)
    at = at.before
  }
  let entries = at?.entries ?? noEntries
  for (let index = notes.length - 1; index >= 0; index--) {
    const note = notes[index]!
    const to = note.to ?? notes[index - 1]?.from ?? now
    entries = carriedOut(kind, entries, note, to)
  }
  return entries
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
  const all = compare(typed.type, from === undefined ? typed.empty : typed.written(from), typed.written(to))
  const reset = resetFields(kind, subresource)
  const added = without(all.added, reset)
  return updated(
    entries,
    {
      added: from === undefined ? ownFields(kind.kind, added, to) : added,
      modified:
        from === undefined ? ownFields(kind.kind, without(all.modified, reset), to) : without(all.modified, reset),
      removed: without(all.removed, reset),
    },
    who,
    formatTime(note.at),
  )
}
