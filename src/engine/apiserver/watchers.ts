import {
  badRequest,
  matches,
  parseFieldSelector,
  parseLabelSelector,
  type ApiDoor,
  type Delivery,
  type FieldTerm,
  type KubeObject,
  type Requirement,
  type Selection,
  type WatchEvent,
} from '../api/index.ts'
import type { Change } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import { must, type Sim } from '../sim/index.ts'

interface WatcherState {
  readonly id: string
  readonly selection: Selection
  /** what has been written and not yet been taken */
  pending: Delivery[]
}

/** Who is told of changes. Watchers are data; what wakes them is registered anew after a restore. */
export type Watchers = ApiDoor['watchers'] & {
  readonly publish: (kind: Kind, change: Change, cause: number) => void
}

interface Live {
  readonly state: WatcherState
  readonly wake: () => void
  readonly sees: (object: KubeObject) => boolean
  readonly seesAll: boolean
}

interface Audience {
  all: Live[]
  /** watchers of one exact field value (a kubelet: `spec.nodeName`), found without asking the others */
  byField: Map<string, Map<string, Live[]>>
}

const nobody: readonly Live[] = []

/** The API server's watch fan-out, indexed by kind and by exact field value. */
export function createWatchers(sim: Sim, findKind: (name: string) => Kind): Watchers {
  const states = sim.slice('watchers', () => new Map<string, WatcherState>())
  const lives = new Map<string, Live>()
  const audiences = new Map<string, Audience>()

  function audienceOf(kind: string): Audience {
    let audience = audiences.get(kind)
    if (audience === undefined) audiences.set(kind, (audience = { all: [], byField: new Map() }))
    return audience
  }

  function listOf(selection: Selection): Live[] {
    const audience = audienceOf(selection.kind)
    const exact = exactField(selection)
    if (exact === undefined) return audience.all
    let values = audience.byField.get(exact.field)
    if (values === undefined) audience.byField.set(exact.field, (values = new Map()))
    let list = values.get(exact.value)
    if (list === undefined) values.set(exact.value, (list = []))
    return list
  }

  function tell(live: Live, delivery: Delivery): void {
    const { pending } = live.state
    pending.push(delivery)
    if (pending.length === 1) live.wake()
  }

  function tellIfSeen(live: Live, delivery: Delivery): void {
    if (live.seesAll) return tell(live, delivery)
    const before = delivery.previous !== undefined && live.sees(delivery.previous)
    const after = delivery.type !== 'DELETED' && live.sees(delivery.object)
    if (before && after) tell(live, delivery)
    else if (after) tell(live, Object.freeze({ ...delivery, type: 'ADDED' as const }))
    else if (before) tell(live, Object.freeze({ ...delivery, type: 'DELETED' as const }))
  }

  return {
    subscribe(id, selection, wake) {
      let state = states.get(id)
      if (state === undefined) states.set(id, (state = { id, selection: Object.freeze({ ...selection }), pending: [] }))
      const sees = filterOf(findKind(selection.kind), selection)
      const live = { state, wake, sees, seesAll: isOpen(selection) }
      lives.set(id, live)
      const list = listOf(selection)
      list.push(live)
      const order = [...states.keys()]
      list.sort((a, b) => order.indexOf(a.state.id) - order.indexOf(b.state.id))
    },
    unsubscribe(id) {
      const live = lives.get(id)
      states.delete(id)
      lives.delete(id)
      if (live === undefined) return
      const list = listOf(live.state.selection)
      list.splice(list.indexOf(live), 1)
    },
    take(id, max = Infinity) {
      const state = must(states.get(id), `no watcher ${id}`)
      if (max >= state.pending.length) {
        const taken = state.pending
        state.pending = []
        return taken
      }
      return state.pending.splice(0, max)
    },
    waiting: (id) => states.get(id)?.pending.length ?? 0,
    publish(kind, change, cause) {
      const audience = audiences.get(nameOf(kind))
      if (audience === undefined) return
      const previous = change.previous as KubeObject | undefined
      const type = change.type === 'DELETE' ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED'
      const object = change.value as KubeObject
      const delivery: Delivery = Object.freeze({ type, object, previous, revision: change.revision, cause })
      for (const live of audience.all) tellIfSeen(live, delivery)
      for (const [field, values] of audience.byField) {
        const read = fieldReader(kind, field)
        const now = read(object)
        const before = previous === undefined ? now : read(previous)
        for (const live of values.get(now) ?? nobody) tellIfSeen(live, delivery)
        if (before !== now) for (const live of values.get(before) ?? nobody) tellIfSeen(live, delivery)
      }
    },
  }
}

/** A delivery as a watch stream shows it. */
export function watchEventOf(delivery: Delivery): WatchEvent {
  return { type: delivery.type, object: delivery.object }
}

/** How a selection calls its kind: bare for the first group that has it. */
function nameOf(kind: Kind): string {
  return kind.group === 'events.k8s.io' ? `${kind.kind}.${kind.group}` : kind.kind
}

function isOpen({ namespace, labelSelector, fieldSelector }: Selection): boolean {
  return namespace === undefined && !labelSelector && !fieldSelector
}

function exactField(selection: Selection): FieldTerm | undefined {
  const terms = parseFieldSelector(selection.fieldSelector ?? '')
  return terms.length === 1 && terms[0]!.equals ? terms[0] : undefined
}

/** Whether an object is in a selection. Throws a 400 for a selector that cannot be read. */
export function filterOf(kind: Kind, selection: Omit<Selection, 'kind'>): (object: KubeObject) => boolean {
  const { namespace } = selection
  const labels: readonly Requirement[] = selection.labelSelector ? parseLabelSelector(selection.labelSelector) : []
  const fields = parseFieldSelector(selection.fieldSelector ?? '').map((term) => ({ ...term, read: fieldReader(kind, term.field) }))
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matches(labels, object.metadata.labels) &&
    fields.every(({ read, value, equals }) => (read(object) === value) === equals)
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name
  if (field === 'metadata.namespace' && kind.namespaced) return (object) => object.metadata.namespace ?? ''
  const read = kind.selectableFields[field]
  if (read === undefined) throw badRequest(`field label not supported: ${field}`)
  return read
}
