import {
  conflict,
  formatFieldError,
  formatTime,
  statusError,
  shallowCopy,
  type ApiError,
  type Draft,
  type KubeObject,
  type Node,
  type Pod,
} from '../../api/index.ts'
import { bindingErrors } from '../../kinds/core/pod/update.ts'
import { copyMetadata } from '../copies.ts'
import type { Passage, Server } from '../passage.ts'
import { checkOrderName, readOrder } from './order.ts'
import { defineSubresource } from './subresource.ts'

interface Binding {
  readonly metadata?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> }
  readonly target?: { readonly kind?: string; readonly name?: string }
}

type Conditions = NonNullable<Pod['status']['conditions']>

const bindingKind = { group: '', version: 'v1', kind: 'Binding' }

/** The scheduler's word: the pod belongs to that node from now on. */
// upstream: pkg/registry/core/pod/storage/storage.go assignPod
export const binding = defineSubresource({
  name: 'binding',
  create(passage, old, server, store) {
    const pod = old as Pod
    const body = readOrder<Binding>(passage, bindingKind)
    checkOrderName(passage, 'Binding', body.metadata?.name)
    const errors = bindingErrors(body.target)
    if (errors.length > 0) throw statusError({ message: joined(errors.map(formatFieldError)), code: 500 })
    const node = body.target!.name!
    checkFree(passage, pod)
    const scheduled = {
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: formatTime(server.sim.now()),
    }
    const { apiVersion, kind } = pod
    const metadata = copyMetadata(annotated(labelled(pod.metadata, node, server), body))
    const spec = shallowCopy(pod.spec)
    spec.nodeName = node
    const status = shallowCopy(pod.status)
    if (status.nominatedNodeName !== undefined) delete status.nominatedNodeName
    const others = pod.status.conditions?.filter(({ type }) => type !== 'PodScheduled')
    status.conditions = (others === undefined ? [scheduled] : [...others, scheduled]) as unknown as Conditions
    const next = { apiVersion, kind, metadata, spec, status } as Pod
    passage.draft = next as unknown as Draft<KubeObject> // nobody else has it: it need not be copied to be stored
    store.put(passage, next, 'bound', server, { node })
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

function joined(errors: readonly string[]): string {
  return errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
}

function checkFree({ name }: Passage, { metadata, spec }: Pod): void {
  if (metadata.deletionTimestamp !== undefined)
    throw taken(name, `pod ${name} is being deleted, cannot be assigned to a host`)
  if (spec.nodeName) throw taken(name, `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`)
  if (spec.schedulingGates?.length) throw taken(name, `pod ${name} has non-empty .spec.schedulingGates`)
}

const taken = (name: string, text: string): ApiError => conflict({ group: '', resource: 'pods/binding' }, name, text)

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** A bound pod carries where its node stands. */
// upstream: plugin/pkg/admission/podtopologylabels/admission.go
function labelled(metadata: Pod['metadata'], node: string, { etcd, registry }: Server): Pod['metadata'] {
  const { storagePrefix } = registry.byKind('Node')
  const labels = (etcd.get(storagePrefix, '', node)?.value as Node | undefined)?.metadata.labels
  if (labels === undefined) return metadata
  let more: Record<string, string> | undefined
  for (const key of copied) if (labels[key] !== undefined) (more ??= {})[key] = labels[key]
  return more === undefined ? metadata : { ...metadata, labels: { ...metadata.labels, ...more } }
}

function annotated(metadata: Pod['metadata'], { metadata: sent }: Binding): Pod['metadata'] {
  if (sent?.annotations === undefined) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, ...sent.annotations } }
}
