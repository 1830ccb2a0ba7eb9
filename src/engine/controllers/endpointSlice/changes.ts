import type { EndpointSlice, Node, Pod, Service } from '../../api/index.ts'
import type { View } from '../controller.ts'
import type { ServiceMembers } from '../serviceMembers.ts'
import { replace, type Book } from './book.ts'
import { endpointOf, hasPlace, keyOfPorts, portsOf, type AddressType, type Endpoint, type Ports } from './endpoints.ts'
import { draftOf, identityOf, place, type Changes, type Draft } from './slices.ts'

/** What the controller remembers between two looks. */
export interface Memory extends ServiceMembers {
  /** what is known of a Service's slices, by the Service's key */
  readonly books: Map<string, Book>
}

/** A Service, and what is seen around it. */
export type Sight = View<Service, Memory>

/** Compares all pods with all slices. */
export function changesInAll(view: Sight, type: AddressType, slices: readonly EndpointSlice[]): Changes {
  const wanted = new Map<string, { ports: Ports; endpoints: Map<string, Endpoint> }>()
  let isShort = false
  for (const pod of view.memory.members.get(view.key) ?? []) {
    const found = wantedFor(view, pod, type)
    isShort ||= found === 'lost'
    if (found === undefined || found === 'lost') continue
    let group = wanted.get(found.text)
    if (group === undefined) wanted.set(found.text, (group = { ports: found.ports, endpoints: new Map() }))
    group.endpoints.set(identityOf(found.endpoint), found.endpoint)
  }
  const gone = slices.filter(({ ports }) => !wanted.has(keyOfPorts(ports)))
  const changes: Changes = { made: [], changed: [], gone, isShort }
  for (const [text, { ports, endpoints }] of wanted) {
    const drafts = slices.filter((slice) => keyOfPorts(slice.ports) === text).map((slice) => draftOf(slice, endpoints))
    merge(changes, place(view.object, ports, drafts, [...endpoints.values()]))
  }
  return changes
}

/** Looks only at the pods that have changed, and at the slices that the book names for them. */
export function changesByBook(view: Sight, type: AddressType, slices: readonly EndpointSlice[], book: Book): Changes {
  const drafts = new Map(
    slices.map((slice) => [slice.metadata.name, { slice, endpoints: slice.endpoints as Endpoint[], isSame: true }]),
  )
  const fresh = new Map<string, { ports: Ports; endpoints: Endpoint[] }>()
  let isShort = false
  for (const pod of book.changed) {
    const found = wantedFor(view, pod, type)
    isShort ||= found === 'lost'
    const wanted = found === 'lost' ? undefined : found
    const name = book.places.get(pod) ?? ''
    const draft = drafts.get(name)
    const stays = draft !== undefined && wanted !== undefined && keyOfPorts(draft.slice.ports) === wanted.text
    if (draft) drafts.set(name, changedDraft(draft, pod, stays ? wanted.endpoint : undefined))
    if (stays) continue
    book.places.delete(pod)
    if (wanted === undefined) continue
    const group = fresh.get(wanted.text)
    if (group) group.endpoints.push(wanted.endpoint)
    else fresh.set(wanted.text, { ports: wanted.ports, endpoints: [wanted.endpoint] })
  }
  book.changed.clear()
  return placeAll(view, [...drafts.values()], fresh, isShort)
}

function changedDraft({ slice, endpoints, isSame }: Draft, pod: string, next: Endpoint | undefined): Draft {
  const list = replace(endpoints, pod, next)
  return { slice, endpoints: list, isSame: isSame && list === endpoints }
}

function placeAll(
  view: Sight,
  drafts: readonly Draft[],
  fresh: Map<string, { ports: Ports; endpoints: Endpoint[] }>,
  isShort: boolean,
): Changes {
  const changes: Changes = { made: [], changed: [], gone: [], isShort }
  const groups = new Map<string, Draft[]>()
  for (const text of fresh.keys()) groups.set(text, [])
  for (const draft of drafts) {
    const text = keyOfPorts(draft.slice.ports)
    // the placeholder of a Service that had no endpoints
    if (draft.isSame && draft.endpoints.length === 0 && !fresh.has(text)) changes.gone.push(draft.slice)
    else if (groups.has(text)) groups.get(text)!.push(draft)
    else groups.set(text, [draft])
  }
  for (const [text, group] of groups) {
    const { ports, endpoints } = fresh.get(text) ?? { ports: group[0]!.slice.ports ?? [], endpoints: [] }
    merge(changes, place(view.object, ports, group, endpoints))
  }
  return changes
}

function merge(all: Changes, { made, changed, gone }: Changes): void {
  all.made.push(...made)
  all.changed.push(...changed)
  all.gone.push(...gone)
}

interface Wanted {
  readonly ports: Ports
  readonly text: string
  readonly endpoint: Endpoint
}

/** The endpoint a pod should be: none, or `lost` when its node is not known and all is to be looked at again. */
function wantedFor(
  { object: service, memory, lister, key }: Sight,
  podKey: string,
  type: AddressType,
): Wanted | 'lost' | undefined {
  const pod = memory.members.get(key)?.has(podKey) ? lister<Pod>('Pod').get(podKey) : undefined
  if (pod === undefined || !hasPlace(pod)) return undefined
  const node = lister<Node>('Node').get(pod.spec.nodeName ?? '')
  if (node === undefined && !service.spec.publishNotReadyAddresses) return 'lost'
  const endpoint = endpointOf(pod, service, node, type)
  if (endpoint === undefined) return undefined
  const ports = portsOf(service, pod)
  return { ports, text: keyOfPorts(ports), endpoint }
}
