import { below, setOf, without, type FieldSet } from './fieldSet.ts'

/**
 * Fields that the server itself fills in when a component creates an object. What people create is looked at before admission, so
 * nothing needs to be known of it; components' creates are only noted, and looked at when somebody asks.
 */
// differs: upstream looks before admission for everyone; a component that gave one of these itself is not shown as its owner
const filledIn: Readonly<Record<string, FieldSet>> = {
  Pod: setOf(
    'f:spec f:nodeName',
    'f:spec f:priority',
    'f:spec f:preemptionPolicy',
    'f:spec f:serviceAccount',
    'f:spec f:serviceAccountName',
    'f:metadata f:labels f:topology.kubernetes.io/zone',
    'f:metadata f:labels f:topology.kubernetes.io/region',
    'f:metadata f:deletionTimestamp',
    'f:metadata f:deletionGracePeriodSeconds',
  ),
  Service: setOf('f:spec f:clusterIP', 'f:spec f:clusterIPs', 'f:spec f:ipFamilies', 'f:spec f:ipFamilyPolicy'),
  PersistentVolumeClaim: setOf('f:metadata f:finalizers', 'f:spec f:storageClassName'),
  PersistentVolume: setOf('f:metadata f:finalizers'),
  Node: setOf('f:spec'),
}

const tokenVolume = 'k:{"name":"kube-api-access-'
const tokenMount = 'k:{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}'

/** What a component owns of an object it created: all that is there, but for what the server filled in. */
export function ownFields(kind: string, all: FieldSet, object: unknown): FieldSet {
  const known = filledIn[kind]
  if (known === undefined) return all
  const own = without(all, known)
  return kind === 'Pod' ? withoutToken(own, object) : own
}

type Spec = { readonly tolerations?: readonly { readonly key?: string }[] }

const usualTolerations = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'])

/** A pod without the volume of its token, and without tolerations that are the usual ones only. */
function withoutToken(all: FieldSet, object: unknown): FieldSet {
  const spec = below(all, 'f:spec')
  if (spec === undefined) return all
  const { tolerations = [] } = (object as { spec?: Spec }).spec ?? {}
  const isUsual = tolerations.every(({ key }) => key !== undefined && usualTolerations.has(key))
  const kept: Record<string, FieldSet> = {}
  for (const field in spec) {
    const inner = spec[field]!
    if (field === 'f:tolerations' && isUsual) continue
    if (field === 'f:volumes')
      setIfAny(
        kept,
        field,
        pick(inner, (element) => !element.startsWith(tokenVolume)),
      )
    else if (field === 'f:containers' || field === 'f:initContainers') kept[field] = withoutMounts(inner)
    else kept[field] = inner
  }
  return { ...all, 'f:spec': kept }
}

function withoutMounts(containers: FieldSet): FieldSet {
  const kept: Record<string, FieldSet> = {}
  for (const name in containers) {
    const container = containers[name]!
    const mounts = container['f:volumeMounts']
    const { 'f:volumeMounts': _mounts, ...rest } = container
    kept[name] = rest
    if (mounts !== undefined)
      setIfAny(
        kept[name] as Record<string, FieldSet>,
        'f:volumeMounts',
        pick(mounts, (element) => element !== tokenMount),
      )
  }
  return kept
}

/** What is left of a list is worth a node only if some of its items are. */
function setIfAny(map: Record<string, FieldSet>, key: string, node: FieldSet): void {
  for (const element in node)
    if (element !== '.') {
      map[key] = node
      return
    }
}

function pick(node: FieldSet, isKept: (element: string) => boolean): FieldSet {
  const kept: Record<string, FieldSet> = {}
  for (const element in node) if (isKept(element)) kept[element] = node[element]!
  return kept
}
