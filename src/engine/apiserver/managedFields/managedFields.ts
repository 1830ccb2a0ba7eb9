import { copyOf, formatTime, type Draft, type KubeList, type KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { Sim } from '../../sim/index.ts'
import type { Etcd } from '../../etcd/store.ts'
import type { Passage } from '../passage.ts'
import { isSameButTimes, noEntries, readEntries, type ManagedEntry, type Manager } from './entry.ts'
import { afterUpdate, isSettled, settle, settled, type Ownership } from './notes.ts'
import { toParent } from './scaleFields.ts'
import { typedOf, type TypedKind } from './typedObject.ts'

/** Who owns which field of which object. Objects are stored without their `managedFields`; these come on where somebody looks. */
export interface ManagedFields {
  /** Works out what a person's write means to owners, before admission; takes what the body says of them off the draft. */
  readonly plan: (passage: Passage) => void
  /** Whether a write that changes nothing else changes owners; if not, the times of entries stay as well. */
  readonly isNews: (passage: Passage) => boolean
  /** Hears of an object that leaves the store. */
  readonly letGo: (object: KubeObject, last: Ownership | undefined) => void
  /** The owners of an object's fields. */
  readonly entriesOf: (kind: Kind, object: KubeObject) => readonly ManagedEntry[]
  /** An answer as those see it who ask for managed fields: an object, a list or a Table with them. */
  readonly shown: (kind: Kind, answer: unknown, planned?: Ownership) => unknown
}

interface FieldsState {
  /** of objects that were deleted lately, by uid: their watchers are still to be told */
  gone: Map<string, Ownership>
}

const goneMax = 1000

/**
 * Keeps owners: etcd holds them aside with the object. A component's write costs a note; entries are worked out when somebody looks.
 */
export function createManagedFields(sim: Sim, etcd: Etcd): ManagedFields {
  const state = sim.slice<FieldsState>('managedFields', () => ({ gone: new Map() }))

  function entriesOf(kind: Kind, object: KubeObject): readonly ManagedEntry[] {
    const { uid = '', namespace = '', name } = object.metadata
    const place = { prefix: kind.storagePrefix, namespace: kind.namespaced ? namespace : '', name }
    const found = etcd.get(place.prefix, place.namespace, name)
    const now = found?.value as KubeObject | undefined
    if (now === undefined || now.metadata.uid !== uid) {
      const last = state.gone.get(uid)
      return last === undefined ? noEntries : settle(kind, last, object)
    }
    const known = found!.aside as Ownership | undefined
    if (known === undefined) return noEntries
    if (isSettled(known)) return known.entries
    const entries = settle(kind, known, now)
    etcd.putAside(place, settled(entries))
    return entries
  }

  /** What is known before a write: a body may say it too, to correct or to clear it. */
  function before({ kind, subresource, draft, old }: Passage): readonly ManagedEntry[] {
    const stored = old === undefined ? noEntries : entriesOf(kind, old)
    if (subresource !== '') return stored
    const given = readEntries((draft!.metadata as { managedFields?: unknown }).managedFields)
    if (given === 'reset') return noEntries
    return given ?? stored
  }

  function plan(passage: Passage): void {
    const { kind, draft, request, subresource } = passage
    const typed = draft === undefined ? undefined : typedOf(kind)
    if (draft === undefined || typed === undefined) return
    // what Go's structs cannot leave out: `lastProbeTime: null`
    if (subresource === 'status') (draft as Stated).status = (typed.written(draft) as Stated).status
    if (passage.fields !== undefined) return
    const who = { ...managerOf(passage), operation: 'Update' as const }
    const metadata = draft.metadata as { managedFields?: unknown }
    // a definition may change before somebody looks
    const isLasting = kind.custom === undefined && metadata.managedFields === undefined
    if (request.verb === 'create' && subresource === '' && isLasting)
      return void (passage.fields = Object.freeze({ given: copyOf(draft), manager: who, at: sim.now() }))
    const entries = before(passage)
    delete metadata.managedFields
    passage.fields = settled(after(passage, typed, entries, who, draft))
  }

  function after(
    { kind, subresource, request, old }: Passage,
    typed: TypedKind,
    entries: readonly ManagedEntry[],
    who: Manager,
    draft: Draft<KubeObject>,
  ): readonly ManagedEntry[] {
    if (subresource === 'scale') return scaled(entries, who, draft, old)
    if (request.verb !== 'create' && entries.length === 0) return noEntries
    return afterUpdate(entries, { kind, subresource, typed }, { from: old, to: draft }, who, formatTime(sim.now()))
  }

  return {
    plan,
    isNews(passage) {
      const { kind, fields, old } = passage
      if (fields === undefined || old === undefined) return false
      const stored = entriesOf(kind, old)
      if (!isSameButTimes(settle(kind, fields, old), stored)) return true
      passage.fields = settled(stored)
      return false
    },
    letGo({ metadata: { uid = '' } }, last) {
      if (last === undefined) return
      state.gone.set(uid, last)
      if (state.gone.size > goneMax) for (const first of state.gone.keys()) return void state.gone.delete(first)
    },
    entriesOf,
    shown(kind, answer, planned) {
      const show = (object: KubeObject): KubeObject =>
        withEntries(object, planned === undefined ? entriesOf(kind, object) : settle(kind, planned, object))
      if (!isRecord(answer)) return answer
      const { items, rows } = answer as Partial<KubeList> & { rows?: readonly Row[] }
      if (Array.isArray(items)) return { ...answer, items: (items as KubeObject[]).map(show) }
      if (Array.isArray(rows))
        return { ...answer, rows: (rows as Row[]).map((row) => ({ ...row, object: show(row.object) })) }
      return (answer as unknown as KubeObject).metadata?.uid === undefined || answer['kind'] === 'Scale'
        ? answer
        : show(answer as unknown as KubeObject)
    },
  }
}

interface Row {
  readonly object: KubeObject
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function withEntries(object: KubeObject, entries: readonly ManagedEntry[]): KubeObject {
  if (entries.length === 0) return object
  return { ...object, metadata: { ...object.metadata, managedFields: entries } } as KubeObject
}

/** Who a request's writes belong to: its field manager, or the program that sent it. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go managerOrUserAgent
export function managerOf({ request, options, kind, subresource }: Passage): Omit<Manager, 'operation'> {
  const { group, version } = kind
  const program = (request.userAgent ?? 'kubectl').split('/', 1)[0]!
  return {
    manager: options.fieldManager || printable(program) || 'unknown',
    apiVersion: group === '' ? version : `${group}/${version}`,
    ...(subresource !== '' && { subresource }),
  }
}

function printable(text: string): string {
  let kept = ''
  for (const char of text) if (char >= ' ' && char !== '\u007f' && kept.length < 128) kept += char
  return kept
}

type Stated = { status?: unknown }

type Replicas = { readonly spec?: { readonly replicas?: number } } | undefined

function scaled(
  entries: readonly ManagedEntry[],
  who: Manager,
  draft: Draft<KubeObject>,
  old: KubeObject | undefined,
): readonly ManagedEntry[] {
  if (entries.length === 0) return entries
  const before = (old as Replicas)?.spec?.replicas ?? 0
  return ((draft as Replicas)?.spec?.replicas ?? 0) === before ? entries : toParent(entries, [who], who.apiVersion)
}
