import {
  matches,
  parseQuantity,
  requirementsOf,
  type LabelSelector,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Requirement,
} from '../../api/index.ts'
import { classNameOf, hasOtherMode, isBoundTo } from './facts.ts'

/**
 * The volume that a claim gets: one that names the claim, or else the smallest that fits, of those with the fewest access modes.
 * upstream: findByClaim in pkg/controller/volume/persistentvolume/index.go, FindMatchingVolume in component-helpers
 */
export function bestVolumeFor(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  isDelayed: boolean,
): PersistentVolume | undefined {
  const requirements = claim.spec.selector && requirementsOf(claim.spec.selector as LabelSelector)
  const bySet = new Map<string, Candidate>()
  for (const volume of volumes) {
    if (!isUsable(volume, claim)) continue
    const isOwn = volume.spec.claimRef !== undefined
    if (!isOwn && (isDelayed || !isFree(volume, claim, requirements))) continue
    const modes = volume.spec.accessModes ?? []
    const key = [...modes].sort().join()
    const known = bySet.get(key)
    if (known === undefined || isBetter(volume, isOwn, known)) bySet.set(key, { volume, isOwn, modes: modes.length })
  }
  let best: Candidate | undefined
  for (const candidate of bySet.values()) if (best === undefined || candidate.modes < best.modes) best = candidate
  return best?.volume
}

interface Candidate {
  readonly volume: PersistentVolume
  /** it names the claim already */
  readonly isOwn: boolean
  readonly modes: number
}

function isBetter(volume: PersistentVolume, isOwn: boolean, known: Candidate): boolean {
  if (known.isOwn) return false
  return isOwn || sizeOf(volume) < sizeOf(known.volume)
}

function isUsable(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { spec, metadata } = volume
  if (!hasModes(volume, claim)) return false
  if (spec.claimRef !== undefined && !isBoundTo(volume, claim)) return false
  if (sizeOf(volume) < requestOf(claim) || hasOtherMode(claim, volume) || hasOtherAttributes(volume, claim))
    return false
  return metadata.deletionTimestamp === undefined
}

function isFree(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
  requirements: readonly Requirement[] | undefined,
): boolean {
  if (volume.status?.phase !== 'Available') return false
  if (claim.spec.selector && (!requirements || !matches(requirements, volume.metadata.labels ?? {}))) return false
  return classNameOf(volume) === classNameOf(claim)
}

/** Why a volume that a claim names cannot be its own; undefined when it can. upstream: checkVolumeSatisfyClaim */
export function complaintAbout(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const { name, deletionTimestamp } = volume.metadata
  if (deletionTimestamp !== undefined) return `the volume is marked for deletion "${name}"`
  if (Math.ceil(sizeOf(volume)) < Math.ceil(requestOf(claim))) return 'requested PV is too small'
  if (classNameOf(volume) !== classNameOf(claim)) return 'storageClassName does not match'
  if (hasOtherAttributes(volume, claim)) return 'volumeAttributesClassName does not match'
  if (hasOtherMode(claim, volume)) return 'incompatible volumeMode'
  return hasModes(volume, claim) ? undefined : 'incompatible accessMode'
}

function hasModes({ spec }: PersistentVolume, { spec: { accessModes = [] } }: PersistentVolumeClaim): boolean {
  return accessModes.every((mode) => spec.accessModes?.includes(mode))
}

function hasOtherAttributes({ spec }: PersistentVolume, { spec: wanted }: PersistentVolumeClaim): boolean {
  return (spec.volumeAttributesClassName ?? '') !== (wanted.volumeAttributesClassName ?? '')
}

function sizeOf({ spec }: PersistentVolume): number {
  return parseQuantity((spec.capacity as Amounts)?.['storage'] ?? '0')
}

function requestOf({ spec }: PersistentVolumeClaim): number {
  return parseQuantity((spec.resources?.requests as Amounts)?.['storage'] ?? '0')
}

type Amounts = Readonly<Record<string, string>> | undefined
