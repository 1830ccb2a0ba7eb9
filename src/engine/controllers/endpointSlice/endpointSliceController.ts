import { keyOf, type EndpointSlice, type Pod, type Service } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { defineController, nobody, nothing, type Plan, type See, type Write } from '../controller.ts'
import { createServiceMembers, followPod, followService } from '../serviceMembers.ts'
import { createBook, enter, type Book } from './book.ts'
import { changesByBook, changesInAll, type Memory, type Sight } from './changes.ts'
import type { AddressType } from './endpoints.ts'
import { dropSlice, managedBy, managedByLabel, serviceLabel, writesFor, type Changes } from './slices.ts'

/**
 * Writes down which pods are behind a Service, a hundred to a slice.
 * upstream: pkg/controller/endpointslice/endpointslice_controller.go
 */
export const endpointSliceController = defineController<Service, Memory>({
  name: 'endpoint-slice-controller',
  for: 'Service',
  retriesMax: 15,
  createMemory: () => ({ ...createServiceMembers(), books: new Map() }),
  watches: {
    Service: {
      observe(change: Change<Service>, { memory, lister }) {
        if (!followService(change, memory, lister<Pod>('Pod').list())) memory.books.delete(keyOf(change.object))
      },
    },
    Pod: { concerns: concerned },
    EndpointSlice: {
      indexes: { service: { reads: ['labels'], values: (slice: EndpointSlice) => [serviceOf(slice)] } },
      concerns: (change: Change<EndpointSlice>, { memory }) => strangersDoing(change, memory),
    },
    Node: {},
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

/** The Services in whose slices the change shows, each with a mark in its book. */
function concerned(change: Change<Pod>, see: See<Memory>): readonly string[] {
  const keys = followPod(change, see)
  if (keys !== nobody) for (const key of keys) see.memory.books.get(key)?.changed.add(change.key)
  return keys
}

/** Somebody else has touched a slice: the book about it is void. Our own writes are in it already. */
function strangersDoing({ type, object }: Change<EndpointSlice>, { books }: Memory): readonly string[] {
  if (!isOurs(object)) return nobody
  const key = serviceOf(object)
  const known = books.get(key)?.versions.get(object.metadata.name)
  if (type === 'DELETED' ? known === undefined : known === object.metadata.resourceVersion) return nobody
  books.delete(key)
  return [key]
}

function plan(view: Sight): Plan {
  const { object: service, memory, key } = view
  const slices = view.lister<EndpointSlice>('EndpointSlice').by('service', key).filter(isOurs)
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
