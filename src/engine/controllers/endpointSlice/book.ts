import { isEqual, type EndpointSlice } from '../../api/index.ts'
import type { Endpoint } from './endpoints.ts'

/** Where a Service's pods are written down, so that a pod's change costs one slice and not all of them. Plain data. */
export interface Book {
  /** the revision of the Service that it is about */
  readonly service: string
  /** the slice of each pod, by the pod's key */
  readonly places: Map<string, string>
  /** the revision of each slice as we wrote or found it: any other is a stranger's doing */
  readonly versions: Map<string, string>
  /** keys of pods that have changed since */
  readonly changed: Set<string>
}

/** A book with nothing in it. */
export function createBook(service: string): Book {
  return { service, places: new Map(), versions: new Map(), changed: new Set() }
}

/** Enters a slice as it is now. */
export function enter({ places, versions }: Book, { metadata, endpoints }: EndpointSlice): void {
  versions.set(metadata.name, metadata.resourceVersion)
  for (const { targetRef } of endpoints ?? []) places.set(`${targetRef?.namespace}/${targetRef?.name}`, metadata.name)
}

/** A slice's endpoints with one pod's put in another's place, or taken out; the same list if it says that already. */
export function replace(endpoints: Endpoint[], pod: string, next: Endpoint | undefined): Endpoint[] {
  const at = endpoints.findIndex(({ targetRef }) => `${targetRef?.namespace}/${targetRef?.name}` === pod)
  if (at < 0 || (next && isEqual(endpoints[at], next))) return endpoints
  const copy = [...endpoints]
  if (next) copy[at] = next
  else copy.splice(at, 1)
  return copy
}
