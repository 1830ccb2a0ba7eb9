import { isEqual, keyOf, selectsAll, type Pod, type Service } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { nobody, type See } from './controller.ts'
import { isSameEndpoint } from './endpointSlice/endpoints.ts'

/** The labels that a Service selects its pods by. */
export type Selector = Readonly<Record<string, string>>

type Selectors = ReadonlyMap<string, Selector>

/** Which pods are behind which Service, kept by difference. Everything is plain data. */
export interface ServiceMembers {
  /** selectors of Services, by namespace and key */
  readonly selectors: Map<string, Map<string, Selector>>
  /** keys of the pods each Service selects */
  readonly members: Map<string, Set<string>>
  /** since when there is something to tell, for the annotation that tells it */
  readonly triggers: Map<string, string>
}

/** No Service is known yet. */
export function createServiceMembers(): ServiceMembers {
  return { selectors: new Map(), members: new Map(), triggers: new Map() }
}

/** Follows a Service; `pods` are all there are. False when it selects nobody any more, or is gone. */
export function followService({ type, object }: Change<Service>, known: ServiceMembers, pods: Iterable<Pod>): boolean {
  const key = keyOf(object)
  const namespace = object.metadata.namespace ?? ''
  const { selector } = object.spec
  const { selectors, members, triggers } = known
  const here = selectors.get(namespace)
  if (type === 'DELETED' || selector === undefined || Object.keys(selector).length === 0) {
    members.delete(key)
    triggers.delete(key)
    here?.delete(key)
    return false
  }
  if (type === 'ADDED') triggers.set(key, object.metadata.creationTimestamp)
  if (here !== undefined && isEqual(here.get(key), selector)) return true
  if (here === undefined) selectors.set(namespace, new Map([[key, selector]]))
  else here.set(key, selector)
  members.set(key, membersOf(namespace, selector, pods))
  return true
}

function membersOf(namespace: string, selector: Selector, pods: Iterable<Pod>): Set<string> {
  const members = new Set<string>()
  for (const pod of pods)
    if (pod.metadata.namespace === namespace && selectsAll(selector, pod.metadata.labels)) members.add(keyOf(pod))
  return members
}

/** Follows a pod into and out of Services: those that select it now or did before, if the change shows in an endpoint. */
export function followPod(change: Change<Pod>, { memory: known }: See<ServiceMembers>): readonly string[] {
  if (known.selectors.size === 0) return nobody
  const { type, object, previous } = change
  const services = known.selectors.get(object.metadata.namespace ?? '')
  if (services === undefined) return nobody
  const isMoved = previous !== undefined && previous.metadata.labels !== object.metadata.labels
  if (type !== 'MODIFIED' || previous === undefined || isMoved) move(change, services, known)
  else if (isSameEndpoint(previous, object)) return nobody
  return servicesOf(change, services, known, isMoved)
}

function move({ type, object }: Change<Pod>, services: Selectors, { members }: ServiceMembers): void {
  const pod = keyOf(object)
  for (const [key, selector] of services)
    if (type !== 'DELETED' && selectsAll(selector, object.metadata.labels)) members.get(key)?.add(pod)
    else members.get(key)?.delete(pod)
}

function servicesOf(
  { type, object, previous }: Change<Pod>,
  services: Selectors,
  { triggers }: ServiceMembers,
  isMoved: boolean,
): readonly string[] {
  const keys: string[] = []
  for (const [key, selector] of services)
    if (selectsAll(selector, object.metadata.labels) || (isMoved && selectsAll(selector, previous!.metadata.labels)))
      keys.push(key)
  const readyAt = readyTransitionOf(object)
  if (type !== 'DELETED' && readyAt !== undefined && readyAt !== (previous && readyTransitionOf(previous)))
    for (const key of keys) if (readyAt < (triggers.get(key) ?? '~')) triggers.set(key, readyAt)
  return keys
}

/** upstream: getPodTriggerTime in staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go */
function readyTransitionOf({ status }: Pod): string | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
}
