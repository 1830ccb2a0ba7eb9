import { selects, type KubeObject, type LabelSelector, type OwnerReference } from '../api/index.ts'
import { patch, type View, type Write } from './controller.ts'
import { forgive } from './perform.ts'

/** What belongs to an object after adoptions and releases, and the writes that make it so. */
export interface Claim<K> {
  readonly mine: readonly K[]
  readonly writes: readonly Write[]
}

const none: readonly Write[] = Object.freeze([])

type Owner = KubeObject & { readonly spec: { readonly selector?: LabelSelector } }

/**
 * Adopts orphans that the owner's selector matches, and releases what it no longer matches.
 * upstream: pkg/controller/controller_ref_manager.go
 */
export function claim<K extends KubeObject>(view: View, owned: readonly K[], orphans: readonly K[]): Claim<K> {
  const owner = view.object as Owner
  if (orphans.length === 0 && areSelected(owner, owned)) return { mine: owned, writes: none }
  const isGoing = owner.metadata.deletionTimestamp !== undefined
  const isWanted = (object: K): boolean => selects(owner.spec.selector, object.metadata.labels)
  const kept = owned.filter(isWanted)
  const released = isGoing ? [] : owned.filter((object) => !isWanted(object))
  const adopted =
    isGoing || isGone(view, owner, orphans, isWanted)
      ? []
      : orphans.filter((o) => isWanted(o) && !o.metadata.deletionTimestamp)
  return {
    mine: [...kept, ...adopted],
    writes: [...adopted.map((object) => adopt(owner, object)), ...released.map((object) => release(owner, object))],
  }
}

function areSelected({ spec }: Owner, objects: readonly KubeObject[]): boolean {
  for (const { metadata } of objects) if (!selects(spec.selector, metadata.labels)) return false
  return true
}

/** Before it adopts, an owner makes sure by a fresh read that it has not been deleted meanwhile. */
function isGone<K>(view: View, owner: KubeObject, orphans: readonly K[], isWanted: (object: K) => boolean): boolean {
  if (!orphans.some(isWanted)) return false
  const fresh = view.find(owner.kind, owner.metadata.name, owner.metadata.namespace)
  return fresh?.metadata.uid !== owner.metadata.uid || fresh.metadata.deletionTimestamp !== undefined
}

/** The reference by which a controller owns what it makes. */
export function ownerReference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }
}

interface OwnerKey {
  readonly namespace: string | undefined
  readonly key: string
}

// References are frozen and stay the same objects through status writes, so what follows from them can be remembered.
const ownerKeys = new WeakMap<OwnerReference, OwnerKey>()

/** The key of the owner that an object in a namespace names: the same text each time. */
export function ownerKeyOf(owner: OwnerReference, namespace: string | undefined): string {
  const known = ownerKeys.get(owner)
  if (known !== undefined && known.namespace === namespace) return known.key
  const key = `${namespace}/${owner.name}`
  ownerKeys.set(owner, { namespace, key })
  return key
}

function adopt(owner: KubeObject, object: KubeObject): Write {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), ownerReference(owner)]
  return patch(object, { metadata: { uid: object.metadata.uid, ownerReferences } }, { refused: orGone })
}

function release(owner: KubeObject, object: KubeObject): Write {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid)
  return patch(
    object,
    { metadata: { uid: object.metadata.uid, ownerReferences: ownerReferences.length > 0 ? ownerReferences : null } },
    { refused: orGone },
  )
}

const orGone = (error: { readonly code: number }): readonly Write[] | undefined =>
  error.code === 404 ? forgive : undefined
