import {
  isEqual,
  parseQuantity,
  type KubeObject,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '../../api/index.ts'
import { update, updateStatus, type Write } from '../controller.ts'
import { bindCompleted, boundByController, hasAnnotation, isBoundTo, say } from './facts.ts'

/** What is written after a step, knowing what the step made of the object. */
export type Next<T> = (object: T) => readonly Write[]

type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed'
type ClaimPhase = 'Pending' | 'Bound' | 'Lost'
type EventWords = readonly [type: 'Normal' | 'Warning', reason: string, message: string]

const nothingMore = (): readonly Write[] => []

/** Makes a claim and a volume each other's, in four writes; what is done already is left out. upstream: bind in pv_controller.go */
export function bind(volume: PersistentVolume, claim: PersistentVolumeClaim): readonly Write[] {
  return referTo(claim, volume, (referring) =>
    setPhase(referring, 'Bound', '', (bound) => take(bound, claim, (taken) => setClaimStatus(taken, 'Bound', bound))),
  )
}

// upstream: GetBindVolumeToClaim
function referTo(claim: PersistentVolumeClaim, volume: PersistentVolume, next: Next<PersistentVolume>) {
  const { claimRef } = volume.spec
  const isOurs = isBoundTo(volume, claim)
  const isWhole = isOurs && claimRef?.uid === claim.metadata.uid
  const isMarked = isOurs || hasAnnotation(volume, boundByController)
  if (isWhole && isMarked) return next(volume)
  const metadata = isMarked ? volume.metadata : annotated(volume, { [boundByController]: 'yes' })
  const spec = isWhole ? volume.spec : { ...volume.spec, claimRef: referenceTo(claim) }
  return [send(update, { ...volume, metadata, spec }, next)]
}

function referenceTo({ metadata: { namespace, name, uid, resourceVersion } }: PersistentVolumeClaim): object {
  return { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
}

// upstream: bindClaimToVolume
function take(volume: PersistentVolume, claim: PersistentVolumeClaim, next: Next<PersistentVolumeClaim>) {
  const { name } = volume.metadata
  const isNamed = claim.spec.volumeName === name
  if (isNamed && hasAnnotation(claim, bindCompleted)) return next(claim)
  const isMarked = isNamed || hasAnnotation(claim, boundByController)
  const notes = { ...(!isMarked && { [boundByController]: 'yes' }), [bindCompleted]: 'yes' }
  const spec = isNamed ? claim.spec : { ...claim.spec, volumeName: name }
  return [send(update, { ...claim, metadata: annotated(claim, notes), spec }, next)]
}

/** Frees a volume: of everything if this controller had bound it, else only of the claim's uid. upstream: unbindVolume */
export function unbind(volume: PersistentVolume): readonly Write[] {
  const { claimRef, ...spec } = volume.spec
  const isOwn = hasAnnotation(volume, boundByController)
  const { uid: _, ...reference } = claimRef ?? {}
  const freed = isOwn
    ? { ...volume, metadata: withoutMark(volume), spec }
    : { ...volume, spec: { ...spec, claimRef: reference } }
  return [send(update, freed as PersistentVolume, (answer: PersistentVolume) => setPhase(answer, 'Available'))]
}

function withoutMark({ metadata }: PersistentVolume): object {
  const { annotations = {}, ...others } = metadata
  const { [boundByController]: _, ...rest } = annotations
  return Object.keys(rest).length > 0 ? { ...others, annotations: rest } : others
}

/** Writes a volume's phase if it is another, and tells of it. upstream: updateVolumePhaseWithEvent */
export function setPhase(
  volume: PersistentVolume,
  phase: VolumePhase,
  message = '',
  next: Next<PersistentVolume> = nothingMore,
  words?: EventWords,
): readonly Write[] {
  if (volume.status?.phase === phase) return next(volume)
  const { message: _, ...before } = volume.status ?? {}
  const status = { ...before, phase, ...(message && { message }) }
  const told: Next<PersistentVolume> = words ? (answer) => [say(answer, ...words), ...next(answer)] : next
  return [send(updateStatus, { ...volume, status } as PersistentVolume, told)]
}

/** Writes a claim's phase, and with a volume what that one offers. upstream: updateClaimStatus */
export function setClaimStatus(
  claim: PersistentVolumeClaim,
  phase: ClaimPhase,
  volume?: PersistentVolume,
): readonly Write[] {
  const next = claimStatus(claim, phase, volume)
  return isEqual(next, claim.status ?? {}) ? [] : [updateStatus({ ...claim, status: next } as PersistentVolumeClaim)]
}

function claimStatus({ status = {} }: PersistentVolumeClaim, phase: ClaimPhase, volume?: PersistentVolume): object {
  const { accessModes: _, capacity, currentVolumeAttributesClassName: attributes, ...others } = status
  if (volume === undefined) return { ...others, phase }
  const { spec } = volume
  // a bound claim's capacity may differ on purpose: its file system may be smaller than the device
  const isNew = status.phase !== phase && !isSameSize(capacity as Amounts, spec.capacity as Amounts)
  const kept = isNew ? spec.capacity : capacity
  const attributesName = status.phase === phase ? attributes : spec.volumeAttributesClassName
  return {
    ...others,
    phase,
    ...(spec.accessModes && { accessModes: spec.accessModes }),
    ...(kept && { capacity: kept }),
    ...(attributesName && { currentVolumeAttributesClassName: attributesName }),
  }
}

function isSameSize(a: Amounts, b: Amounts): boolean {
  const [one, other] = [a?.['storage'], b?.['storage']]
  return one !== undefined && other !== undefined && parseQuantity(one) === parseQuantity(other)
}

type Amounts = Readonly<Record<string, string>> | undefined

/** Says that a claim has lost its volume, once. upstream: updateClaimStatusWithEvent */
export function lose(claim: PersistentVolumeClaim, reason: string, message: string): readonly Write[] {
  if (claim.status?.phase === 'Lost') return []
  return [...setClaimStatus(claim, 'Lost'), say(claim, 'Warning', reason, message)]
}

/** An object's metadata with more annotations. */
export function annotated({ metadata }: KubeObject, notes: object): KubeObject['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, ...notes } }
}

function send<T extends KubeObject>(how: typeof update, object: T, next: Next<T>): Write {
  return how(object, { done: (answer) => next(answer as T) })
}
