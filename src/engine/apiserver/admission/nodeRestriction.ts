import { forbidden, isEqual, type KubeObject, type Node, type Pod, type User } from '../../api/index.ts'
import { nodeNameOf } from '../authorization/nodeAuthorizer.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

const mirror = 'kubernetes.io/config.mirror'

/** A node writes about itself and its own pods alone. */
// upstream: plugin/pkg/admission/noderestriction/admission.go
export const nodeRestriction = defineAdmission({
  name: 'NodeRestriction',
  kinds: ['Pod', 'Node', 'Lease', 'CSINode'],
  validate(request) {
    const node = nodeOf(request.user)
    if (node === undefined) return
    const { kind } = request
    if (kind.kind === 'Pod') checkPod(request, node)
    else if (kind.kind === 'Node') checkNode(request, node)
    else if (kind.kind === 'Lease') checkOwnName(request, node, 'node lease')
    else if (kind.kind === 'CSINode') checkOwnName(request, node, 'CSINode')
  },
})

const nodeOf = (user: User): string | undefined => (user.name.startsWith('system:node:') ? nodeNameOf(user) : undefined)

function refusal({ kind, name }: AdmissionRequest, detail: string): Error {
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}

function checkPod(request: AdmissionRequest, node: string): void {
  const { verb, subresource, draft, old } = request
  const self = JSON.stringify(node)
  const stored = (old ?? storedOf(request)) as Pod | undefined
  const demandOwn = (doing: string): void => {
    if (stored !== undefined && stored.spec.nodeName !== node)
      throw refusal(request, `node ${self} can only ${doing} pods with spec.nodeName set to itself`)
  }
  if (subresource === 'status') return demandOwn('update pod status for')
  if (subresource === 'eviction') return demandOwn('evict')
  if (subresource !== '') throw refusal(request, `unexpected pod subresource ${JSON.stringify(subresource)}`)
  if (verb === 'delete') return demandOwn('delete')
  if (verb !== 'create') throw refusal(request, `unexpected operation ${JSON.stringify(verb.toUpperCase())}`)
  const pod = draft as unknown as Pod
  if (pod.metadata.annotations?.[mirror] === undefined)
    throw refusal(
      request,
      `pod does not have ${JSON.stringify(mirror)} annotation, node ${self} can only create mirror pods`,
    )
  if (pod.spec.nodeName !== node)
    throw refusal(request, `node ${self} can only create pods with spec.nodeName set to itself`)
}

function storedOf({ context, kind, name, namespace }: AdmissionRequest): KubeObject | undefined {
  return context.find(kind.kind, name, namespace)
}

function checkNode(request: AdmissionRequest, node: string): void {
  const { verb, draft, old, name } = request
  const self = JSON.stringify(node)
  if (name !== node) throw refusal(request, `node ${self} is not allowed to modify node ${JSON.stringify(name)}`)
  const [next, before] = [draft as unknown as Node | undefined, old as Node | undefined]
  if (next === undefined) return
  const labels = verb === 'create' ? Object.keys(next.metadata.labels ?? {}) : changed(next, before!)
  const bad = labels.filter(isReserved).sort()
  if (bad.length > 0)
    throw refusal(
      request,
      `node ${self} is not allowed to ${verb === 'create' ? 'set' : 'modify'} labels: ${bad.join(', ')}`,
    )
  if (verb === 'update' && !isEqual(next.spec.taints ?? [], before!.spec.taints ?? []))
    throw refusal(request, `node ${self} is not allowed to modify taints`)
  if (verb === 'update' && !isEqual(next.metadata.ownerReferences ?? [], before!.metadata.ownerReferences ?? []))
    throw refusal(request, `node ${self} is not allowed to modify ownerReferences`)
}

function changed(next: Node, old: Node): readonly string[] {
  const [labels, before] = [next.metadata.labels ?? {}, old.metadata.labels ?? {}]
  return [...new Set([...Object.keys(labels), ...Object.keys(before)])].filter((key) => labels[key] !== before[key])
}

const ownLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])

/** Whether a label is one that a kubelet may not give itself. */
function isReserved(key: string): boolean {
  const [domain = '', name] = key.split('/')
  if (name === undefined) return false
  const isIn = (suffix: string): boolean => domain === suffix || domain.endsWith(`.${suffix}`)
  if (isIn('node-restriction.kubernetes.io')) return true
  if (!isIn('kubernetes.io') && !isIn('k8s.io')) return false
  return !isIn('kubelet.kubernetes.io') && !isIn('node.kubernetes.io') && !ownLabels.has(key)
}

function checkOwnName(request: AdmissionRequest, node: string, what: string): void {
  if (request.name !== node) throw refusal(request, `can only access ${what} with the same name as the requesting node`)
}
