import { isEqual, keyOf, type ApiError, type Endpoints, type Pod, type Service } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import {
  create,
  defineController,
  event,
  nothing,
  remove,
  update,
  type Plan,
  type View,
  type Write,
} from '../controller.ts'
import { forgive } from '../perform.ts'
import { createServiceMembers, followPod, followService, type ServiceMembers } from '../serviceMembers.ts'
import { subsetsOf, truncated } from './subsets.ts'

type Labels = Readonly<Record<string, string>>

const managedLabel = 'endpoints.kubernetes.io/managed-by'
const managedBy = 'endpoint-controller'
const headlessLabel = 'service.kubernetes.io/headless'
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
const capacityAnnotation = 'endpoints.kubernetes.io/over-capacity'

/**
 * Writes down which pods are behind a Service once more, in the object that EndpointSlices have replaced.
 * upstream: pkg/controller/endpoint/endpoints_controller.go
 */
export const endpointsController = defineController<Service, ServiceMembers>({
  name: 'endpoint-controller',
  for: 'Service',
  retriesMax: 15,
  createMemory: createServiceMembers,
  watches: {
    Service: {
      observe: (change: Change<Service>, { memory, lister }) =>
        void followService(change, memory, lister<Pod>('Pod').list()),
    },
    Pod: { concerns: followPod },
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

function plan(view: View<Service, ServiceMembers>): Plan {
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
