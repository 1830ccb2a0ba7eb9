import { parseQuantity, selects, type LabelSelector, textAt } from '../../api/index.ts'
import { definePlugin, skip, success, unresolvable, type PreBindPlan, type Status } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import { isSelected, nodeTermOf, type Selectable } from '../nodeSelector.ts'
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../objects.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { isOwnClaim } from './claimHints.ts'

const noVolume = "node(s) didn't find available persistent volumes to bind"
const otherNodes = "node(s) didn't match PersistentVolume's node affinity"
const missingVolume = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'

/** A pod's claims by what must be done about them. */
interface Claims {
  readonly bound: readonly PersistentVolumeClaim[]
  /** those that wait for a node to be chosen */
  readonly delayed: readonly PersistentVolumeClaim[]
}

interface State extends Claims {
  readonly snapshot: Snapshot
}

/** Keeps pods to nodes where their volumes are, or can be found or made. */
// upstream: pkg/scheduler/framework/plugins/volumebinding
export const volumeBinding = definePlugin<State>({
  name: 'VolumeBinding',
  eventsToRegister: {
    'StorageClass/Add': () => true,
    'StorageClass/Update': () => true,
    'PersistentVolumeClaim/Add': isOwnClaim,
    'PersistentVolumeClaim/Update': isOwnClaim,
    'PersistentVolume/Add': () => true,
    'PersistentVolume/Update': () => true,
    'Node/Add': () => true,
    'Node/UpdateLabel': () => true,
    'CSINode/Add': () => true,
    'CSINode/Update': () => true,
  },
  preFilter(pod, snapshot) {
    const wanted = wantedClaims(pod)
    if (wanted.length === 0) return skip
    const claims = sortClaims(wanted, pod, snapshot)
    return 'code' in claims ? { status: claims } : { state: { ...claims, snapshot } }
  },
  filter(_pod, node, { bound, delayed, snapshot }) {
    const reasons = new Set<string>()
    for (const claim of bound) {
      const complaint = complaintAbout(claim, node, snapshot)
      if (complaint !== undefined) reasons.add(complaint)
    }
    if (delayed.length > 0 && planFor(delayed, node, snapshot) === undefined) reasons.add(noVolume)
    return reasons.size === 0 ? success : unresolvable(...reasons)
  },
  preBind(pod, node, snapshot) {
    const wanted = wantedClaims(pod)
    if (wanted.length === 0) return undefined
    const claims = sortClaims(wanted, pod, snapshot)
    if ('code' in claims || claims.delayed.length === 0) return undefined
    return planFor(claims.delayed, node, snapshot)
  },
})

interface WantedClaim {
  readonly name: string
  readonly isEphemeral: boolean
}

const noClaims: readonly WantedClaim[] = Object.freeze([])

function wantedClaims(pod: PodInfo): readonly WantedClaim[] {
  if (pod.claims.length === 0) return noClaims
  return pod.volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }): WantedClaim[] => {
    if (persistentVolumeClaim) return [{ name: persistentVolumeClaim.claimName, isEphemeral: false }]
    return ephemeral ? [{ name: `${pod.name}-${name}`, isEphemeral: true }] : []
  })
}

function sortClaims(wanted: readonly WantedClaim[], pod: PodInfo, { objects }: Snapshot): Claims | Status {
  const bound: PersistentVolumeClaim[] = []
  const delayed: PersistentVolumeClaim[] = []
  let isWaiting = false
  for (const { name, isEphemeral } of wanted) {
    const claim = objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', `${pod.namespace}/${name}`)
    const refusal = refusalOf(claim, name, isEphemeral, pod)
    if (refusal !== undefined) return refusal
    if (isFullyBound(claim!)) bound.push(claim!)
    else if (isDelayed(claim!, objects)) delayed.push(claim!)
    else isWaiting = true
  }
  if (isWaiting) return unresolvable('pod has unbound immediate PersistentVolumeClaims')
  return { bound, delayed }
}

// upstream: volume_binding.go podHasPVCs
function refusalOf(
  claim: PersistentVolumeClaim | undefined,
  name: string,
  isEphemeral: boolean,
  pod: PodInfo,
): Status | undefined {
  if (claim === undefined)
    return unresolvable(
      isEphemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`,
    )
  if (claim.status?.phase === 'Lost')
    return unresolvable(
      `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`,
    )
  if (claim.metadata.deletionTimestamp !== undefined)
    return unresolvable(`persistentvolumeclaim "${name}" is being deleted`)
  const isOurs = claim.metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === pod.uid)
  return isEphemeral && !isOurs
    ? unresolvable(
        `PVC ${pod.namespace}/${name} was not created for pod ${pod.namespace}/${pod.name} (pod is not owner)`,
      )
    : undefined
}

/** Whether the claim and its volume know of each other. */
export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec.volumeName) && metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined
}

function isDelayed({ spec }: PersistentVolumeClaim, objects: Snapshot['objects']): boolean {
  if (spec.volumeName) return false
  return classOf(spec.storageClassName, objects)?.volumeBindingMode === 'WaitForFirstConsumer'
}

function classOf(name: string | undefined, objects: Snapshot['objects']): StorageClass | undefined {
  return name ? objects.get<StorageClass>('StorageClass', name) : undefined
}

function complaintAbout(claim: PersistentVolumeClaim, node: NodeInfo, { objects }: Snapshot): string | undefined {
  const volume = objects.get<PersistentVolume>('PersistentVolume', claim.spec.volumeName!)
  if (volume === undefined) return missingVolume
  return isReachable(volume, node.facts) ? undefined : otherNodes
}

/** Whether a volume can be used on a node. */
function isReachable({ spec }: PersistentVolume, node: Selectable): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => isSelected(nodeTermOf(term), node))
}

/** How the delayed claims would be served on a node: by a volume that is there, or by one to be made. Undefined when not. */
// upstream: binder.go findMatchingVolumes, checkVolumeProvisions
function planFor(
  claims: readonly PersistentVolumeClaim[],
  node: NodeInfo,
  snapshot: Snapshot,
): PreBindPlan | undefined {
  const bindings: { volume: string; claim: string }[] = []
  const provisions: { claim: string; node: string }[] = []
  const taken = new Set<string>()
  // smaller claims choose first, so that they leave the large volumes
  for (const claim of [...claims].sort((a, b) => sizeOf(a) - sizeOf(b))) {
    const key = keyOf(claim)
    const chosen = claim.metadata.annotations?.['volume.kubernetes.io/selected-node']
    if (chosen !== undefined && chosen !== node.name) return undefined
    const volume = chosen === undefined ? smallestMatch(claim, node, taken, snapshot) : undefined
    if (volume !== undefined) {
      taken.add(volume.metadata.name)
      bindings.push({ volume: volume.metadata.name, claim: key })
    } else if (canProvision(claim, node, snapshot)) provisions.push({ claim: key, node: node.name })
    else return undefined
  }
  return { bindings, provisions, claims: claims.map(keyOf) }
}

function keyOf({ metadata }: PersistentVolumeClaim): string {
  return `${metadata.namespace}/${metadata.name}`
}

function sizeOf({ spec }: PersistentVolumeClaim): number {
  return parseQuantity(spec.resources?.requests?.['storage'] ?? '0')
}

function smallestMatch(
  claim: PersistentVolumeClaim,
  node: NodeInfo,
  taken: ReadonlySet<string>,
  { objects, promisedVolumes }: Snapshot,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined
  for (const volume of objects.list<PersistentVolume>('PersistentVolume')) {
    if (taken.has(volume.metadata.name) || !isReachable(volume, node.facts)) continue
    const owner = ownerOf(volume) ?? promisedVolumes.get(volume.metadata.name)
    if (owner !== undefined ? owner !== keyOf(claim) : !isMatch(volume, claim)) continue
    if (owner !== undefined) return volume // bound for this claim already
    if (best === undefined || capacityOf(volume) < capacityOf(best)) best = volume
  }
  return best
}

// upstream: staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go FindMatchingVolume
function isMatch(volume: PersistentVolume, { spec: wanted, ...claim }: PersistentVolumeClaim): boolean {
  const { spec, metadata, status } = volume
  if (metadata.deletionTimestamp !== undefined || !isOpen(status?.phase)) return false
  if ((spec.storageClassName ?? '') !== (wanted.storageClassName ?? '')) return false
  if ((spec.volumeMode ?? 'Filesystem') !== (wanted.volumeMode ?? 'Filesystem')) return false
  if ((spec.volumeAttributesClassName ?? '') !== (wanted.volumeAttributesClassName ?? '')) return false
  if (capacityOf(volume) < sizeOf({ spec: wanted, ...claim })) return false
  if (!(wanted.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode))) return false
  return wanted.selector === undefined || selects(wanted.selector as LabelSelector, metadata.labels)
}

// differs: a volume that nobody has declared Available yet counts as available, so that a cluster without a PV controller can use it
function isOpen(phase: string | undefined): boolean {
  return phase === undefined || phase === 'Available' || phase === 'Pending'
}

function ownerOf({ spec }: PersistentVolume): string | undefined {
  return spec.claimRef === undefined ? undefined : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`
}

function capacityOf({ spec }: PersistentVolume): number {
  return parseQuantity((spec.capacity as Readonly<Record<string, string>> | undefined)?.['storage'] ?? '0')
}

function canProvision({ spec }: PersistentVolumeClaim, node: NodeInfo, { objects }: Snapshot): boolean {
  const storageClass = classOf(spec.storageClassName, objects)
  if (storageClass === undefined || storageClass.provisioner === 'kubernetes.io/no-provisioner') return false
  const topologies = storageClass.allowedTopologies ?? []
  return (
    topologies.length === 0 ||
    topologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(textAt(node.facts.labels, key) ?? '')),
    )
  )
}
