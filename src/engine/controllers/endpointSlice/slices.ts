import { isEqual, type EndpointSlice, type KubeObject, type Service } from '../../api/index.ts'
import { ownerReference } from '../claim.ts'
import { create, remove, update, type Write } from '../controller.ts'
import { forgive } from '../perform.ts'
import type { AddressType, Endpoint, Ports } from './endpoints.ts'

const endpointsMax = 100 // --max-endpoints-per-slice
/** what an endpoint adds to the time that a slice's request takes */
const endpointMs = 0.25

export const managedBy = 'endpointslice-controller.k8s.io'
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
export const serviceLabel = 'kubernetes.io/service-name'
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
const headlessLabel = 'service.kubernetes.io/headless'

/** How an endpoint is recognised, whatever its conditions. */
export function identityOf({ addresses, hostname, targetRef }: Endpoint): string {
  return `${addresses[0]} ${hostname ?? ''} ${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''} ${targetRef?.uid ?? ''}`
}

/** What is to become of slices. */
export interface Changes {
  readonly made: { readonly ports: Ports; readonly endpoints: readonly Endpoint[] }[]
  readonly changed: EndpointSlice[]
  readonly gone: EndpointSlice[]
  /** a pod was left out because its node is not known */
  readonly isShort: boolean
}

/** A slice with those of its endpoints that are still wanted, as they are now. */
export interface Draft {
  readonly slice: EndpointSlice
  readonly endpoints: Endpoint[]
  readonly isSame: boolean
}

/**
 * Places what is new among slices of the same ports, changing as few as possible: it fills slices that change anyway, then the
 * fullest that has room for the rest, then new ones.
 * upstream: reconcileByPortMapping in staging/src/k8s.io/endpointslice/reconciler.go
 */
export function place(service: Service, ports: Ports, drafts: readonly Draft[], fresh: Endpoint[]): Changes {
  const labels = labelsOf(service)
  const gone = drafts.filter(({ isSame, endpoints }) => !isSame && endpoints.length === 0)
  const isChanged = ({ isSame, slice }: Draft): boolean => !isSame || !isEqual(slice.metadata.labels, labels)
  const changed = drafts.filter((draft) => isChanged(draft) && !gone.includes(draft))
  const unchanged = drafts.filter((draft) => !isChanged(draft))
  changed.sort((a, b) => b.endpoints.length - a.endpoints.length)
  const filled = changed.map((draft) => ({
    ...draft,
    endpoints: [...draft.endpoints, ...fresh.splice(0, endpointsMax - draft.endpoints.length)],
  }))
  const made: Changes['made'] = []
  while (fresh.length > 0) {
    const room = fresh.length < endpointsMax ? fullestWithRoom(unchanged, fresh.length) : undefined
    if (room === undefined) made.push({ ports, endpoints: fresh.splice(0, endpointsMax) })
    else filled.push({ ...room, endpoints: [...room.endpoints, ...fresh.splice(0)] })
  }
  return {
    made,
    changed: filled.map(({ slice, endpoints }) => ({ ...slice, endpoints }) as EndpointSlice),
    gone: gone.map(({ slice }) => slice),
    isShort: false,
  }
}

/** Why slices are written, and who wants to know what became of them. */
export interface Occasion {
  readonly written: (slice: EndpointSlice) => void
  /** the time of the first change that they did not show before */
  readonly trigger: string | undefined
}

/** Slices that are to go lend themselves to what is to be made, so that nothing is deleted and made at once. upstream: finalize */
export function writesFor(
  service: Service,
  type: AddressType,
  { made, changed, gone }: Changes,
  { written, trigger }: Occasion,
): readonly Write[] {
  const answers = ({ endpoints }: Pick<EndpointSlice, 'endpoints'>) => ({
    moreMs: (endpoints ?? []).length * endpointMs,
    done: (slice: KubeObject): readonly Write[] => {
      written(slice as EndpointSlice)
      return []
    },
  })
  const reused = made.slice(0, gone.length).map((slice, at) => ({ ...gone[at]!, ...slice }) as EndpointSlice)
  const fresh = made.slice(reused.length).map(({ ports, endpoints }) => sliceFrom(service, type, ports, endpoints))
  return [
    ...fresh.map((slice) =>
      create('EndpointSlice', stamp(service, slice, trigger), {
        namespace: service.metadata.namespace,
        ...answers(slice),
      }),
    ),
    ...[...changed, ...reused].map((slice) => update(stamp(service, slice, trigger), answers(slice))),
    ...gone.slice(reused.length).map(dropSlice),
  ]
}

/** A slice with what its Service says of it, and why it is written now. */
function stamp(service: Service, slice: EndpointSlice, trigger: string | undefined): EndpointSlice {
  const { [triggerAnnotation]: _, ...others } = slice.metadata.annotations ?? {}
  const annotations = trigger === undefined ? others : { ...others, [triggerAnnotation]: trigger }
  return { ...slice, metadata: { ...slice.metadata, labels: labelsOf(service), annotations } }
}

/** A slice's endpoints that are still wanted, as they are now; they are taken off the list of those to be placed. */
export function draftOf(slice: EndpointSlice, left: Map<string, Endpoint>): Draft {
  const endpoints: Endpoint[] = []
  let isSame = true
  for (const endpoint of slice.endpoints ?? []) {
    const identity = identityOf(endpoint)
    const now = left.get(identity)
    isSame &&= now !== undefined && isEqual(now, endpoint)
    if (now === undefined) continue
    left.delete(identity)
    endpoints.push(now)
  }
  return { slice, endpoints, isSame }
}

function fullestWithRoom(drafts: readonly Draft[], count: number): Draft | undefined {
  let best: Draft | undefined
  for (const draft of drafts)
    if (draft.endpoints.length + count <= endpointsMax && draft.endpoints.length > (best?.endpoints.length ?? -1))
      best = draft
  return best
}

/** A new slice; its name's end is the API server's choice. */
function sliceFrom(service: Service, type: AddressType, ports: Ports, endpoints: readonly Endpoint[]): EndpointSlice {
  const { name, namespace } = service.metadata
  const metadata = { generateName: `${name}-`, namespace, ownerReferences: [ownerReference(service)] }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: type,
    endpoints,
    ports,
  } as unknown as EndpointSlice
}

/** Deletes a slice that may be gone already. */
export function dropSlice(slice: EndpointSlice): Write {
  return remove(slice, undefined, { refused: ({ code }) => (code === 404 ? forgive : undefined) })
}

type Labels = Readonly<Record<string, string>>

function labelsOf({ metadata, spec }: Service): Labels {
  const { [headlessLabel]: _, ...own } = metadata.labels ?? {}
  return {
    ...own,
    ...(spec.clusterIP === 'None' && { [headlessLabel]: '' }),
    [serviceLabel]: metadata.name,
    [managedByLabel]: managedBy,
  }
}
