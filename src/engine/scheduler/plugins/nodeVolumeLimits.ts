import { definePlugin, skip, success, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { CSINode, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../objects.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { hadVolumes, isOwnClaim } from './claimHints.ts'

const tooMany = unschedulable('node(s) exceed max volume count')

interface State {
  readonly snapshot: Snapshot
  /** the pod's volumes: driver by volume id */
  readonly wanted: ReadonlyMap<string, string>
}

/** Keeps pods off nodes that can attach no more volumes of a driver. */
// upstream: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
export const nodeVolumeLimits = definePlugin<State>({
  name: 'NodeVolumeLimits',
  eventsToRegister: {
    'CSINode/Add': () => true,
    'CSINode/Update': () => true,
    'Pod/Delete': hadVolumes,
    'PersistentVolumeClaim/Add': isOwnClaim,
    'PersistentVolumeClaim/Update': isOwnClaim,
  },
  preFilter(pod, snapshot) {
    if (pod.claims.length === 0) return skip
    const wanted = attachedVolumes(pod, snapshot)
    return wanted.size === 0 ? skip : { state: { snapshot, wanted } }
  },
  filter(_pod, node, { snapshot, wanted }) {
    const limits = limitsOf(node, snapshot)
    if (limits.size === 0) return success
    const held = heldVolumes(node, snapshot)
    const counts = countByDriver(held)
    for (const [id, driver] of wanted) if (!held.has(id)) counts.set(driver, (counts.get(driver) ?? 0) + 1)
    for (const [id, driver] of wanted)
      if (!held.has(id) && counts.get(driver)! > (limits.get(driver) ?? Infinity)) return tooMany
    return success
  },
})

function limitsOf({ name }: NodeInfo, { objects }: Snapshot): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const { name: driver, allocatable } of objects.get<CSINode>('CSINode', name)?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(driver, allocatable.count)
  return limits
}

function heldVolumes(node: NodeInfo, snapshot: Snapshot): ReadonlyMap<string, string> {
  const held = new Map<string, string>()
  if (node.podsWithVolumes === 0) return held
  for (const pod of node.pods.values()) for (const [id, driver] of attachedVolumes(pod, snapshot)) held.set(id, driver)
  return held
}

function countByDriver(volumes: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1)
  return counts
}

/** The driver of each CSI volume of a pod, by an id that two pods with the same volume share. */
function attachedVolumes(pod: PodInfo, snapshot: Snapshot): ReadonlyMap<string, string> {
  const volumes = new Map<string, string>()
  for (const claim of pod.claims) {
    const found = volumeOfClaim(claim, snapshot)
    if (found !== undefined) volumes.set(found.id, found.driver)
  }
  return volumes
}

function volumeOfClaim(key: string, { objects }: Snapshot): { id: string; driver: string } | undefined {
  const claim = objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', key)
  if (claim === undefined) return undefined
  const volume = claim.spec.volumeName
    ? objects.get<PersistentVolume>('PersistentVolume', claim.spec.volumeName)
    : undefined
  const csi = volume?.spec.csi
  if (csi !== undefined) return { id: `${csi.driver}/${csi.volumeHandle}`, driver: csi.driver }
  if (volume !== undefined) return undefined
  // not bound yet: the class says who will provision it
  const provisioner = objects.get<StorageClass>('StorageClass', claim.spec.storageClassName ?? '')?.provisioner
  return provisioner === undefined ? undefined : { id: `${provisioner}/${key}`, driver: provisioner }
}
