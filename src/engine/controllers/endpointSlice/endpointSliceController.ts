import { keyOf, selectsAll, type EndpointSlice, type Pod, type Service } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { defineController, nothing, type Plan, type See, type Write } from '../controller.ts'
import { createBook, enter, type Book } from './book.ts'
import { changesByBook, changesInAll, type Memory, type Sight } from './changes.ts'
import { isSameEndpoint, type AddressType } from './endpoints.ts'
import { dropSlice, managedBy, managedByLabel, serviceLabel, writesFor, type Changes } from './slices.ts'

/**
 * Writes down which pods are behind a Service, a hundred to a slice.
 * upstream: pkg/controller/endpointslice/endpointslice_controller.go
 */
export const endpointSliceController = defineController<Service, Memory>({
  name: 'endpoint-slice-controller',
  for: 'Service',
  retriesMax: 15,
  createMemory: () => ({ selectors: new Map(), members: new Map(), books: new Map(), triggers: new Map() }),
  watches: {
    Service: { observe: (change: Change<Service>, see) => noteService(change, see) },
    Pod: {
      observe: (change: Change<Pod>, see) => notePod(change, see.memory),
      concerns: (change: Change<Pod>, { memory }) => concerned(change, memory),
    },
    EndpointSlice: {
      indexes: { service: (slice: EndpointSlice) => [serviceOf(slice)] },
      concerns: (change: Change<EndpointSlice>, { memory }) => strangersDoing(change, memory),
    },
    Node: { concerns: () => [] },
  },
  reconcile(view) {
    const { object: service, memory, key } = view
    if (service.spec.type === 'ExternalName' || !memory.selectors.get(service.metadata.namespace ?? '')?.has(key))
      return nothing
    if (service.metadata.deletionTimestamp !== undefined) return nothing
    return plan(view)
  },
})

function isOurs({ metadata }: EndpointSlice): boolean {
  return metadata.labels?.[managedByLabel] === managedBy
}

function serviceOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[serviceLabel] ?? ''}`
}

function noteService({ type, object }: Change<Service>, { memory, lister }: See<Memory>): void {
  const key = keyOf(object)
  const namespace = object.metadata.namespace ?? ''
  const { selector } = object.spec
  const known = memory.selectors.get(namespace)
  if (type === 'DELETED' || selector === undefined || Object.keys(selector).length === 0) {
    memory.members.delete(key)
    memory.books.delete(key)
    memory.triggers.delete(key)
    known?.delete(key)
    return
  }
  if (type === 'ADDED') memory.triggers.set(key, object.metadata.creationTimestamp)
  if (known === undefined) memory.selectors.set(namespace, new Map([[key, selector]]))
  else known.set(key, selector)
  memory.members.set(key, membersOf(namespace, selector, lister<Pod>('Pod').list()))
}

function membersOf(namespace: string, selector: Readonly<Record<string, string>>, pods: Iterable<Pod>): Set<string> {
  const members = new Set<string>()
  for (const pod of pods)
    if (pod.metadata.namespace === namespace && selectsAll(selector, pod.metadata.labels)) members.add(keyOf(pod))
  return members
}

function notePod({ type, object }: Change<Pod>, { selectors, members }: Memory): void {
  const services = selectors.get(object.metadata.namespace ?? '')
  if (services === undefined) return
  const pod = keyOf(object)
  for (const [key, selector] of services)
    if (type !== 'DELETED' && selectsAll(selector, object.metadata.labels)) members.get(key)?.add(pod)
    else members.get(key)?.delete(pod)
}

/** The Services that select the pod now or did before, if the change shows in an endpoint. */
function concerned({ type, object, previous }: Change<Pod>, { selectors, books, triggers }: Memory): readonly string[] {
  const services = selectors.get(object.metadata.namespace ?? '')
  if (services === undefined) return none
  const isMoved = previous !== undefined && previous.metadata.labels !== object.metadata.labels
  if (type === 'MODIFIED' && !isMoved && previous !== undefined && isSameEndpoint(previous, object)) return none
  const keys: string[] = []
  for (const [key, selector] of services)
    if (selectsAll(selector, object.metadata.labels) || (isMoved && selectsAll(selector, previous.metadata.labels)))
      keys.push(key)
  const readyAt = readyTransitionOf(object)
  const isNews = type !== 'DELETED' && readyAt !== undefined && readyAt !== (previous && readyTransitionOf(previous))
  for (const key of keys) {
    books.get(key)?.changed.add(keyOf(object))
    if (isNews && readyAt < (triggers.get(key) ?? '~')) triggers.set(key, readyAt)
  }
  return keys
}

/** upstream: getPodTriggerTime in staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go */
function readyTransitionOf({ status }: Pod): string | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
}

const none: readonly string[] = Object.freeze([])

/** Somebody else has touched a slice: the book about it is void. Our own writes are in it already. */
function strangersDoing({ type, object }: Change<EndpointSlice>, { books }: Memory): readonly string[] {
  if (!isOurs(object)) return none
  const key = serviceOf(object)
  const known = books.get(key)?.versions.get(object.metadata.name)
  if (type === 'DELETED' ? known === undefined : known === object.metadata.resourceVersion) return none
  books.delete(key)
  return [key]
}

function plan(view: Sight): Plan {
  const { object: service, memory, key } = view
  const slices = [...view.lister<EndpointSlice>('EndpointSlice').by('service', key)].filter(isOurs)
  const types = addressTypesOf(service)
  const book = memory.books.get(key)
  // it is put back when all that follows has been written
  memory.books.delete(key)
  const [type] = types
  if (type !== undefined && types.length === 1 && book?.service === service.metadata.resourceVersion)
    return settle(view, type, slices, book, changesByBook(view, type, slices, book))
  const isMine = ({ metadata }: EndpointSlice): boolean =>
    metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid) ?? false
  const strangers = slices.filter((slice) => !isMine(slice) || !types.includes(slice.addressType as AddressType))
  const ours = slices.filter((slice) => !strangers.includes(slice))
  const plans = types.map((each) => {
    const same = ours.filter(({ addressType }) => addressType === each)
    return settle(
      view,
      each,
      same,
      types.length === 1 ? createBook(service.metadata.resourceVersion) : undefined,
      changesInAll(view, each, same),
    )
  })
  const [first] = plans
  return {
    writes: [...strangers.map(dropSlice), ...plans.flatMap(({ writes }) => writes)],
    ...(first?.then && { then: first.then }),
    isStale: plans.some(({ isStale }) => isStale),
  }
}

/** Writes the changes, and into the book what became of them. */
function settle(
  view: Sight,
  type: AddressType,
  slices: readonly EndpointSlice[],
  book: Book | undefined,
  changes: Changes,
): Plan {
  const { object, memory, key } = view
  const { changed, gone } = changes
  const touched = new Set([...changed, ...gone].map(({ metadata }) => metadata.name))
  const written = (slice: EndpointSlice): void => void (book && enter(book, slice))
  const writes = writesFor(object, type, withPlaceholder(slices, changes), {
    written,
    trigger: memory.triggers.get(key),
  })
  if (book) {
    for (const { metadata } of gone) book.versions.delete(metadata.name)
    // a book that has been kept knows the slices that nobody touches
    for (const slice of slices)
      if (!touched.has(slice.metadata.name) && !book.versions.has(slice.metadata.name)) enter(book, slice)
  }
  const then = (): readonly Write[] => {
    if (book) memory.books.set(key, book)
    memory.triggers.delete(key)
    return []
  }
  return { writes, then, isStale: changes.isShort }
}

/** upstream: getAddressTypesForService */
function addressTypesOf({ spec }: Service): readonly AddressType[] {
  if (spec.ipFamilies?.length) return spec.ipFamilies as readonly AddressType[]
  return spec.clusterIP?.includes(':') ? ['IPv6'] : ['IPv4']
}

/** One empty slice stays when nothing else would. */
function withPlaceholder(slices: readonly EndpointSlice[], changes: Changes): Changes {
  const { made, gone } = changes
  if (gone.length !== slices.length || made.length > 0) return changes
  const [only] = gone
  if (gone.length === 1 && !only?.endpoints?.length && !only?.ports?.length) return { ...changes, gone: [] }
  return { ...changes, made: [{ ports: [], endpoints: [] }] }
}
