import { isEqual, keyOf, selectsAll, type ApiError, type Endpoints, type Pod, type Service } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import {
  create,
  defineController,
  event,
  nothing,
  remove,
  update,
  type Plan,
  type See,
  type View,
  type Write,
} from '../controller.ts'
import { isSameEndpoint } from '../endpointSlice/endpoints.ts'
import { forgive } from '../perform.ts'
import { subsetsOf, truncated } from './subsets.ts'

type Labels = Readonly<Record<string, string>>

interface Memory {
  /** selectors of Services, by namespace and key */
  readonly selectors: Map<string, Map<string, Labels>>
  /** keys of the pods each Service selects */
  readonly members: Map<string, Set<string>>
  /** since when there is something to tell, for the annotation that tells it */
  readonly triggers: Map<string, string>
}

const managedLabel = 'endpoints.kubernetes.io/managed-by'
const managedBy = 'endpoint-controller'
const headlessLabel = 'service.kubernetes.io/headless'
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
const capacityAnnotation = 'endpoints.kubernetes.io/over-capacity'

/**
 * Writes down which pods are behind a Service once more, in the object that EndpointSlices have replaced.
 * upstream: pkg/controller/endpoint/endpoints_controller.go
 */
export const endpointsController = defineController<Service, Memory>({
  name: 'endpoint-controller',
  for: 'Service',
  retriesMax: 15,
  createMemory: () => ({ selectors: new Map(), members: new Map(), triggers: new Map() }),
  watches: {
    Service: { observe: (change: Change<Service>, see) => noteService(change, see) },
    Pod: {
      observe: (change: Change<Pod>, { memory }) => notePod(change, memory),
      concerns: (change: Change<Pod>, { memory }) => concerned(change, memory),
    },
    // somebody else's deletion of the object is answered by making it again
    Endpoints: { concerns: ({ type, object }: Change<Endpoints>) => (type === 'DELETED' ? [keyOf(object)] : []) },
  },
  reconcile(view) {
    const { spec } = view.object
    if (spec.type === 'ExternalName' || spec.selector === undefined || Object.keys(spec.selector).length === 0)
      return nothing
    return plan(view)
  },
  reconcileAbsent({ lister }, key) {
    const left = lister<Endpoints>('Endpoints').get(key)
    const isOurs = left?.metadata.labels?.[managedLabel] === managedBy
    return left && isOurs ? { writes: [remove(left, undefined, { refused: gone })] } : nothing
  },
})

const gone = ({ code }: ApiError): readonly Write[] | undefined => (code === 404 ? forgive : undefined)

function noteService({ type, object }: Change<Service>, { memory, lister }: See<Memory>): void {
  const key = keyOf(object)
  const namespace = object.metadata.namespace ?? ''
  const { selector } = object.spec
  const known = memory.selectors.get(namespace)
  if (type === 'DELETED' || selector === undefined || Object.keys(selector).length === 0) {
    memory.members.delete(key)
    memory.triggers.delete(key)
    known?.delete(key)
    return
  }
  if (type === 'ADDED') memory.triggers.set(key, object.metadata.creationTimestamp)
  if (known !== undefined && isEqual(known.get(key), selector)) return
  if (known === undefined) memory.selectors.set(namespace, new Map([[key, selector]]))
  else known.set(key, selector)
  const members = new Set<string>()
  for (const pod of lister<Pod>('Pod').list())
    if (pod.metadata.namespace === namespace && selectsAll(selector, pod.metadata.labels)) members.add(keyOf(pod))
  memory.members.set(key, members)
}

function notePod({ type, object }: Change<Pod>, { selectors, members }: Memory): void {
  const services = selectors.get(object.metadata.namespace ?? '')
  if (services === undefined) return
  const pod = keyOf(object)
  for (const [key, selector] of services)
    if (type !== 'DELETED' && selectsAll(selector, object.metadata.labels)) members.get(key)?.add(pod)
    else members.get(key)?.delete(pod)
}

/** The Services that select the pod now or did before, if the change shows. */
function concerned({ type, object, previous }: Change<Pod>, { selectors, triggers }: Memory): readonly string[] {
  const services = selectors.get(object.metadata.namespace ?? '')
  if (services === undefined) return none
  const isMoved = previous !== undefined && previous.metadata.labels !== object.metadata.labels
  if (type === 'MODIFIED' && !isMoved && previous !== undefined && isSameEndpoint(previous, object)) return none
  const keys: string[] = []
  for (const [key, selector] of services)
    if (selectsAll(selector, object.metadata.labels) || (isMoved && selectsAll(selector, previous.metadata.labels)))
      keys.push(key)
  const readyAt = readyTransitionOf(object)
  if (type !== 'DELETED' && readyAt !== undefined && readyAt !== (previous && readyTransitionOf(previous)))
    for (const key of keys) if (readyAt < (triggers.get(key) ?? '~')) triggers.set(key, readyAt)
  return keys
}

const none: readonly string[] = Object.freeze([])

function readyTransitionOf({ status }: Pod): string | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
}

function plan(view: View<Service, Memory>): Plan {
  const { object: service, memory, key, lister } = view
  const pods: Pod[] = []
  for (const each of memory.members.get(key) ?? []) {
    const pod = lister<Pod>('Pod').get(each)
    if (pod !== undefined) pods.push(pod)
  }
  const { subsets, isOver } = truncated(subsetsOf(service, pods))
  const old = lister<Endpoints>('Endpoints').get(key)
  const labels = labelsFor(service)
  const isTold = (old?.metadata.annotations?.[capacityAnnotation] === 'truncated') === isOver
  if (old !== undefined && isTold && isEqual(old.subsets ?? [], subsets) && isEqual(old.metadata.labels ?? {}, labels))
    return nothing
  const annotations = annotationsFor(old, memory.triggers.get(key), isOver)
  memory.triggers.delete(key)
  return { writes: [old ? change(old, labels, annotations, subsets) : birth(service, labels, annotations, subsets)] }
}

function labelsFor({ metadata, spec }: Service): Labels {
  const { [headlessLabel]: _, ...labels } = metadata.labels ?? {}
  const hasAddress = Boolean(spec.clusterIP) && spec.clusterIP !== 'None'
  return { ...labels, ...(!hasAddress && { [headlessLabel]: '' }), [managedLabel]: managedBy }
}

function annotationsFor(old: Endpoints | undefined, trigger: string | undefined, isOver: boolean): Labels {
  const { [triggerAnnotation]: _, [capacityAnnotation]: __, ...others } = old?.metadata.annotations ?? {}
  return {
    ...others,
    ...(trigger !== undefined && { [triggerAnnotation]: trigger }),
    ...(isOver && { [capacityAnnotation]: 'truncated' }),
  }
}

function change(old: Endpoints, labels: Labels, annotations: Labels, subsets: Endpoints['subsets'] & object): Write {
  const { annotations: _, ...metadata } = old.metadata
  const hasNotes = Object.keys(annotations).length > 0
  const next = {
    ...old,
    metadata: { ...metadata, labels, ...(hasNotes && { annotations }) },
    subsets,
  } as Endpoints
  return update(next, {
    lastWords: ({ message }) => [
      event(old, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${keyOf(old)}: ${message}`),
    ],
  })
}

function birth(service: Service, labels: Labels, annotations: Labels, subsets: Endpoints['subsets'] & object): Write {
  const { name, namespace } = service.metadata
  const hasNotes = Object.keys(annotations).length > 0
  const object = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels, ...(hasNotes && { annotations }) },
    ...(subsets.length > 0 && { subsets }),
  }
  return create('Endpoints', object, {
    namespace,
    // upstream: a Service whose namespace goes is left alone
    refused: ({ code, message }) =>
      code === 403 && message.includes('because it is being terminated') ? forgive : undefined,
    lastWords: ({ message }) => [
      event(
        service,
        'Warning',
        'FailedToCreateEndpoint',
        `Failed to create endpoint for service ${keyOf(service)}: ${message}`,
      ),
    ],
  })
}
