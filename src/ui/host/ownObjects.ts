import type { Cluster, KubeObject } from '#engine'

/** What people make by creating something else, and would not write into a manifest. */
const byTheWay: ReadonlySet<string> = new Set([
  'Event',
  'Lease',
  'Endpoints',
  'EndpointSlice',
  'Node',
  'ControllerRevision',
])
/** Before what lives in it, as one would apply it. */
const first = [
  'Namespace',
  'CustomResourceDefinition',
  'StorageClass',
  'PriorityClass',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
]

/** Every object that a person made and that is still there, of whatever kind. */
export function ownObjects({ api, trace }: Cluster): readonly KubeObject[] {
  const refs = new Set<string>()
  for (const { actor, what, object } of trace.since(0))
    if (actor === 'you' && (what === 'created' || what === 'updated') && object !== undefined) refs.add(object)
  const found = [...refs].flatMap((ref) => {
    const [kind = '', second = '', ...rest] = ref.split('/')
    if (byTheWay.has(kind) || api.findKind(kind) === undefined) return []
    const [name, place] = rest.length === 0 ? [second, {}] : [rest.join('/'), { namespace: second }]
    const object = api.find<KubeObject>(kind, name, place)
    return object && isOwn(object) ? [object] : []
  })
  return found.sort((one, other) => rankOf(one) - rankOf(other))
}

function rankOf({ kind }: KubeObject): number {
  const rank = first.indexOf(kind)
  return rank < 0 ? first.length : rank
}

/** Made by a person's own hand, and not by a controller for them or by the cluster for itself. */
function isOwn({ kind, metadata }: KubeObject): boolean {
  const place = kind === 'Namespace' ? metadata.name : (metadata.namespace ?? '')
  return !place.startsWith('kube-') && (metadata.ownerReferences ?? []).length === 0
}
