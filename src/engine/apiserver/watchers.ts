import {
  badRequest,
  matches,
  parseFieldSelector,
  parseLabelSelector,
  type ApiDoor,
  type Delivery,
  type FieldTerm,
  type Inbox,
  type KubeObject,
  type Requirement,
  type Selection,
  type WatchEvent,
} from '../api/index.ts'
import type { Change } from '../etcd/store.ts'
import type { Kind, StoredForm } from '../kinds/defineKind.ts'
import { emptyList, type Sim, type TimerEvent, type TraceDetail } from '../sim/index.ts'
import type { Hearer } from './hearers.ts'
import { stamped } from './stamp.ts'

interface WatcherState extends Inbox {
  readonly id: string
  /** who came first hears first */
  readonly seq: number
  readonly selection: Selection
  /** what has been written and not yet been taken */
  pending: Delivery[]
}

/** Who is told of changes. Watchers are data; what wakes them is registered anew after a restore. */
export type Watchers = ApiDoor['watchers'] & {
  /** Tells of a write to a resource: the trace who did what, its watchers, and the server's own parts. */
  readonly publish: (kind: Kind, change: Change, actor: string, what: string, detail?: TraceDetail) => void
  /** every watch that is open, in the order they were opened */
  readonly open: () => Iterable<{ readonly id: string; readonly selection: Selection }>
}

interface Live {
  readonly state: WatcherState
  /** see `ApiDoor` */
  readonly wake: () => boolean | undefined
  readonly read: (() => void) | undefined
  readonly sees: (object: KubeObject) => boolean
  /** whether that is so of all that its list is told of */
  readonly seesAll: boolean
  /** where another version is watched than the one that is stored */
  readonly form: StoredForm | undefined
  /** those who hear of the same, this one among them */
  readonly list: Live[]
}

/** Who hears of a resource. */
interface Audience {
  /** the resource, when it was written last */
  kind: Kind | undefined
  /** what the trace's names of its objects begin with */
  start: string
  /** the server's parts that hear of it */
  hearers: readonly Hearer[]
  /** whether there ever was a watcher */
  isWatched: boolean
  readonly all: Live[]
  /** watchers of one namespace: others' writes cost them nothing */
  readonly byNamespace: Map<string, Live[]>
  /** watchers of one exact field value (a kubelet: `spec.nodeName`), found without asking the others */
  readonly byField: FieldAudience[]
}

interface FieldAudience {
  readonly field: string
  readonly read: (object: KubeObject) => string
  readonly values: Map<string, Live[]>
}

/** The API server's watch fan-out, indexed by kind and by exact field value. `hearers`: the server's own parts, who hear last. */
export function createWatchers(sim: Sim, findKind: (name: string) => Kind, hearers: readonly Hearer[]): Watchers {
  const states = sim.slice('watchers', () => new Map<string, WatcherState>())
  const counter = sim.slice('watchers/counter', () => ({ next: 1 }))
  const lives = new Map<string, Live>()
  const audiences = new Map<string, Audience>()
  /** who is to read of the write that is being told */
  let woken = emptyList<string>()

  function audienceOf(kind: Kind): Audience {
    let audience = audiences.get(kind.storagePrefix)
    if (audience === undefined) audiences.set(kind.storagePrefix, (audience = emptyAudience()))
    return audience
  }

  function listOf(kind: Kind, selection: Selection): Live[] {
    const audience = audienceOf(kind)
    audience.isWatched = true
    const exact = exactField(selection)
    // what another version calls a field is not to be found in the stored one
    if (exact === undefined || kind.storedAs !== undefined || kind.custom !== undefined)
      return selection.namespace === undefined ? audience.all : listAt(audience.byNamespace, selection.namespace)
    let found = audience.byField.find(({ field }) => field === exact.field)
    if (found === undefined) {
      found = { field: exact.field, read: fieldReader(kind, exact.field), values: new Map() }
      audience.byField.push(found)
    }
    return listAt(found.values, exact.value)
  }

  function listAt(lists: Map<string, Live[]>, key: string): Live[] {
    let list = lists.get(key)
    if (list === undefined) lists.set(key, (list = []))
    return list
  }

  sim.handle(component, (_part, event) => {
    for (const id of (event as Round).to) lives.get(id)?.read?.()
  })

  return {
    open: () => states.values(),
    subscribe(id, selection, wake, read) {
      let state = states.get(id)
      if (state === undefined)
        states.set(id, (state = { id, seq: counter.next++, selection: Object.freeze({ ...selection }), pending: [] }))
      const kind = findKind(selection.kind)
      const list = listOf(kind, selection)
      const sees = filterOf(kind, selection)
      const live = { state, wake, read, sees, seesAll: isOpen(kind, selection), form: kind.storedAs, list }
      lives.set(id, live)
      // they come in their order, but for the first ones after a restore
      const isLast = list.length === 0 || list[list.length - 1]!.state.seq < state.seq
      list.push(live)
      if (!isLast) list.sort((a, b) => a.state.seq - b.state.seq)
      return state
    },
    unsubscribe(id) {
      const live = lives.get(id)
      states.delete(id)
      lives.delete(id)
      if (live === undefined) return
      live.list.splice(live.list.indexOf(live), 1)
    },
    take,
    rouse: (inbox) => void sim.schedule(travelMs, component, { type: 'told', to: [(inbox as WatcherState).id] }),
    publish(kind, change, actor, what, detail) {
      const audience = audiences.get(kind.storagePrefix) ?? audienceOf(kind)
      if (audience.kind !== kind) {
        audience.kind = kind
        audience.start = `${kind.kind}/`
        audience.hearers = hearers.filter(({ hears }) => hears(kind))
      }
      const cause = sim.record(actor, what, audience.start + change.place, detail, change.revision)
      if (audience.isWatched) {
        tellConcerned(audience, deliveryOf(change, cause), woken)
        if (woken.length > 0) {
          sim.schedule(travelMs, component, { type: 'told', to: woken })
          woken = emptyList()
        }
      }
      if (audience.hearers.length > 0) for (const { onWrite } of audience.hearers) onWrite(kind, change)
    },
  }
}

/** A write on its way to watchers, by their ids: one timer for all of them. */
interface Round extends TimerEvent {
  readonly type: 'told'
  readonly to: readonly string[]
}

const component = 'watchers'
/** how long a watch event travels, in virtual milliseconds */
const travelMs = 2

const emptyAudience = (): Audience => ({
  kind: undefined,
  start: '',
  hearers: [],
  isWatched: false,
  all: [],
  byNamespace: new Map(),
  byField: [],
})

function take(inbox: Inbox, max = Infinity): readonly Delivery[] {
  const state = inbox as WatcherState
  if (max < state.pending.length) return state.pending.splice(0, max)
  const taken = state.pending
  state.pending = []
  return taken
}

/** Tells all whom a change may concern; those who want to be called then are added to `woken`. */
function tellConcerned({ all, byNamespace, byField }: Audience, delivery: Delivery, woken: string[]): void {
  const { object, previous } = delivery
  tellThese(all, delivery, false, woken)
  if (byNamespace.size > 0) tellThese(byNamespace.get(object.metadata.namespace ?? ''), delivery, false, woken)
  for (const { read, values } of byField) {
    const now = read(object)
    const before = previous === undefined ? now : read(previous)
    const hasMoved = before !== now
    tellThese(values.get(now), delivery, hasMoved, woken)
    if (hasMoved) tellThese(values.get(before), delivery, true, woken)
  }
}

/** Where an object enters a selection or leaves it (as it may have `hasMoved` from one list to another), its watchers are told just that. */
function tellThese(lives: readonly Live[] | undefined, delivery: Delivery, hasMoved: boolean, woken: string[]): void {
  if (lives === undefined) return
  for (const { state, seesAll, sees, form, wake } of lives) {
    const isWhole = seesAll && !hasMoved
    const seen = isWhole ? delivery : seenBy(sees, form === undefined ? delivery : inForm(form, delivery))
    if (seen === undefined) continue
    if (state.pending.length > 0) state.pending.push(seen)
    else {
      state.pending = [seen] // most are alone: a list of one takes no more room than that
      if (wake() === true) woken.push(state.id)
    }
  }
}

/** Who leaves a selection is shown as it was before, with the version of the change. */
function leaving(delivery: Delivery): Delivery {
  if (delivery.type === 'DELETED') return delivery
  return shown(delivery, 'DELETED', stamped(delivery.previous!, delivery.revision), delivery.previous)
}

/** A change of the store as the watchers of its kind get it. */
export function deliveryOf(change: Change, cause: number): Delivery {
  const previous = change.previous as KubeObject | undefined
  const type = change.type === 'DELETE' ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED'
  const { place: key, revision } = change
  return { type, key, object: change.value as KubeObject, previous, revision, cause }
}

/** A delivery as watchers of this kind, or version of it, get it. */
export function deliveryIn({ storedAs }: Kind, delivery: Delivery): Delivery {
  return storedAs === undefined ? delivery : inForm(storedAs, delivery)
}

/** What a selection sees of a delivery: an ADDED for what enters, a DELETED for what leaves, undefined for the rest. */
export function seenBy(sees: (object: KubeObject) => boolean, delivery: Delivery): Delivery | undefined {
  const before = delivery.previous !== undefined && sees(delivery.previous)
  const after = delivery.type !== 'DELETED' && sees(delivery.object)
  if (before && after) return delivery
  if (after) return delivery.type === 'ADDED' ? delivery : shown(delivery, 'ADDED', delivery.object, undefined)
  return before ? leaving(delivery) : undefined
}

/** A delivery as a watch stream shows it. */
export function watchEventOf(delivery: Delivery): WatchEvent {
  return { type: delivery.type, object: delivery.object }
}

/** A change as watchers of another version than the stored one are told of it. */
function inForm({ fromStored }: StoredForm, delivery: Delivery): Delivery {
  const previous = delivery.previous && fromStored(delivery.previous)
  return shown(delivery, delivery.type, fromStored(delivery.object), previous)
}

/** A delivery as some watchers see it. */
function shown(
  { key, revision, cause }: Delivery,
  type: Delivery['type'],
  object: KubeObject,
  previous: KubeObject | undefined,
): Delivery {
  return { type, key, object, previous, revision, cause }
}

/** Whether nothing is asked of an object but what its list of watchers stands for. */
function isOpen({ storedAs, custom }: Kind, selection: Selection): boolean {
  const { namespace, labelSelector, fieldSelector } = selection
  if (storedAs !== undefined || labelSelector) return false
  if (!fieldSelector) return true
  return namespace === undefined && custom === undefined && exactField(selection) !== undefined
}

function exactField(selection: Selection): FieldTerm | undefined {
  const terms = parseFieldSelector(selection.fieldSelector ?? '')
  return terms.length === 1 && terms[0]!.equals ? terms[0] : undefined
}

/** Whether an object is in a selection. Throws a 400 for a selector that cannot be read. */
export function filterOf(kind: Kind, selection: Omit<Selection, 'kind'>): (object: KubeObject) => boolean {
  const { namespace } = selection
  const labels: readonly Requirement[] = selection.labelSelector ? parseLabelSelector(selection.labelSelector) : []
  const fields = parseFieldSelector(selection.fieldSelector ?? '').map((term) => ({
    ...term,
    read: fieldReader(kind, term.field),
  }))
  return (object) => {
    if (namespace !== undefined && object.metadata.namespace !== namespace) return false
    for (const { read, value, equals } of fields) if ((read(object) === value) !== equals) return false
    return labels.length === 0 || matches(labels, object.metadata.labels)
  }
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name
  if (field === 'metadata.namespace' && (kind.namespaced || !hasOwnFields(kind)))
    return (object) => object.metadata.namespace ?? ''
  const read = kind.selectableFields[field]
  if (read === undefined) throw badRequest(unknownField(kind, field))
  return read
}

/** Kinds of the core group convert field names by themselves, and word it in their own way. */
const hasOwnFields = (kind: Kind): boolean => kind.custom !== undefined || Object.keys(kind.selectableFields).length > 0

function unknownField(kind: Kind, field: string): string {
  if (hasOwnFields(kind)) return `field label not supported: ${field}`
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}
