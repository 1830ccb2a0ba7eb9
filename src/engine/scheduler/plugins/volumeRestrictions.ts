import { definePlugin, skip, success, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { PersistentVolumeClaim } from '../objects.ts'
import type { PodInfo, Volume } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { hadVolumes, isOwnClaim } from './claimHints.ts'

const noDisk = unschedulable('node(s) had no available disk')
const inUse = unschedulable(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

/** A pod's claims that only one pod may use, and how often others use them now. */
interface State {
  readonly exclusive: ReadonlySet<string>
  readonly uses: number
}

/** Keeps pods off nodes where a disk is in use, and from sharing claims that are for one pod only. */
// upstream: pkg/scheduler/framework/plugins/volumerestrictions
export const volumeRestrictions = definePlugin<State>({
  name: 'VolumeRestrictions',
  eventsToRegister: {
    'Pod/Delete': hadVolumes,
    'Node/Add': () => true,
    'PersistentVolumeClaim/Add': isOwnClaim,
    'PersistentVolumeClaim/Update': isOwnClaim,
  },
  preFilter(pod, snapshot) {
    const exclusive = pod.claims.length === 0 ? none : exclusiveClaims(pod, snapshot)
    if (exclusive.size === 0 && !pod.volumes.some(isDisk)) return skip
    let uses = 0
    for (const claim of exclusive) uses += snapshot.claimUse(claim)
    return { state: { exclusive, uses } }
  },
  addPod: (state, _pod, added) => ({ ...state, uses: state.uses + shared(state, added) }),
  removePod: (state, _pod, removed) => ({ ...state, uses: state.uses - shared(state, removed) }),
  filter(pod, node, { uses }) {
    if (hasDiskConflict(pod, node)) return noDisk
    return uses > 0 ? inUse : success
  },
})

const none: ReadonlySet<string> = new Set()

function exclusiveClaims(pod: PodInfo, { objects }: Snapshot): ReadonlySet<string> {
  const isExclusive = (claim: string): boolean =>
    objects
      .get<PersistentVolumeClaim>('PersistentVolumeClaim', claim)
      ?.spec.accessModes?.includes('ReadWriteOncePod') ?? false
  return new Set(pod.claims.filter(isExclusive))
}

function shared({ exclusive }: State, other: PodInfo): number {
  return other.claims.filter((claim) => exclusive.has(claim)).length
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume): boolean {
  return Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd)
}

function hasDiskConflict(pod: PodInfo, node: NodeInfo): boolean {
  if (node.podsWithVolumes === 0) return false
  const disks = pod.volumes.filter(isDisk)
  if (disks.length === 0) return false
  for (const other of node.pods.values())
    if (other.volumes.some((held) => disks.some((wanted) => isConflict(wanted, held)))) return true
  return false
}

// upstream: volume_restrictions.go isVolumeConflict
function isConflict(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk)
    return (
      a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName &&
      !areReadOnly(a.gcePersistentDisk, b.gcePersistentDisk)
    )
  if (a.awsElasticBlockStore && b.awsElasticBlockStore)
    return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !areReadOnly(a.iscsi, b.iscsi)
  if (a.rbd && b.rbd) return isSameImage(a.rbd, b.rbd) && !areReadOnly(a.rbd, b.rbd)
  return false
}

interface Mount {
  readonly readOnly?: boolean
}

function areReadOnly(a: Mount, b: Mount): boolean {
  return a.readOnly === true && b.readOnly === true
}

function isSameImage(a: NonNullable<Volume['rbd']>, b: NonNullable<Volume['rbd']>): boolean {
  const poolOf = ({ pool }: { pool?: string }): string => pool ?? 'rbd'
  return a.monitors.some((monitor) => b.monitors.includes(monitor)) && poolOf(a) === poolOf(b) && a.image === b.image
}
