import {
  conflict,
  formatFieldError,
  formatTime,
  statusError,
  type Node,
  type Pod,
  shallowCopy,
} from '../../api/index.ts'
import { bindingErrors } from '../../kinds/core/pod/update.ts'
import type { Passage, Server } from '../passage.ts'
import { checkOrderName, readOrder } from './order.ts'
import { defineSubresource } from './subresource.ts'

interface Binding {
  readonly metadata?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> }
  readonly target?: { readonly kind?: string; readonly name?: string }
}

const bindingKind = { group: '', version: 'v1', kind: 'Binding' }

/** The scheduler's word: the pod belongs to that node from now on. */
// upstream: pkg/registry/core/pod/storage/storage.go assignPod
export const binding = defineSubresource({
  name: 'binding',
  create(passage, old, server, store) {
    const pod = old as Pod
    const body = readOrder<Binding>(passage, bindingKind)
    checkOrderName(passage, 'Binding', body.metadata?.name)
    const errors = bindingErrors(body.target).map(formatFieldError)
    if (errors.length > 0)
      throw statusError({ message: errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`, code: 500 })
    const node = body.target!.name!
    checkFree(passage, pod)
    const scheduled = {
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: formatTime(server.sim.now()),
    }
    const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const next = shallowCopy(pod)
    next.metadata = annotated(labelled(pod.metadata, node, server), body)
    next.spec = Object.assign(shallowCopy(pod.spec), { nodeName: node })
    const status = shallowCopy(pod.status)
    delete status.nominatedNodeName
    status.conditions = [...others, scheduled] as unknown as NonNullable<Pod['status']['conditions']>
    next.status = status
    store.put(passage, next, 'bound', { node })
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

function checkFree({ name }: Passage, { metadata, spec }: Pod): void {
  const refuse = (text: string): never => {
    throw conflict({ group: '', resource: 'pods/binding' }, name, text)
  }
  if (metadata.deletionTimestamp !== undefined) refuse(`pod ${name} is being deleted, cannot be assigned to a host`)
  if (spec.nodeName) refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`)
  if (spec.schedulingGates?.length) refuse(`pod ${name} has non-empty .spec.schedulingGates`)
}

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** A bound pod carries where its node stands. */
// upstream: plugin/pkg/admission/podtopologylabels/admission.go
function labelled(metadata: Pod['metadata'], node: string, { context }: Server): Pod['metadata'] {
  const labels = context.find<Node>('Node', node)?.metadata.labels
  if (labels === undefined) return metadata
  const more = Object.fromEntries(copied.filter((key) => labels[key] !== undefined).map((key) => [key, labels[key]!]))
  return Object.keys(more).length === 0 ? metadata : { ...metadata, labels: { ...metadata.labels, ...more } }
}

function annotated(metadata: Pod['metadata'], { metadata: sent }: Binding): Pod['metadata'] {
  if (sent?.annotations === undefined) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, ...sent.annotations } }
}
