import { keyOf, type KubeObject, type OwnerReference } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import {
  defineController,
  event,
  nobody,
  nothing,
  patch,
  remove,
  type Plan,
  type See,
  type WatchInput,
  type Write,
} from './controller.ts'
import { clusterKinds, kindNameOf, namespacedKinds } from './kindNames.ts'
import { forgive } from './perform.ts'

interface Memory {
  /** every object there is: where it is, by uid */
  readonly places: Map<string, Place>
  /** the uids of those who name an owner, by the owner's uid */
  readonly dependents: Map<string, Set<string>>
}

/** Where an object is. Immutable. */
interface Place {
  /** the full name, as `kindNameOf` has it */
  readonly kind: string
  /** undefined for what is in no namespace */
  readonly namespace: string | undefined
  /** `namespace/name`, or the bare name */
  readonly key: string
}

type Sight = See<Memory>

const orphanFinalizer = 'orphan'
const foregroundFinalizer = 'foregroundDeletion'

const watch: WatchInput<Memory> = { when: ['birth', 'death', 'owners', 'deletion', 'finalizers'], observe, concerns }

/**
 * Deletes what has lost its owner, and carries out orphaning and foreground deletion.
 * upstream: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go
 * differs: owners are looked up when needed instead of being kept as virtual nodes of a graph.
 */
export const garbageCollector = defineController<KubeObject, Memory>({
  name: 'garbage-collector-controller',
  for: '',
  watches: Object.fromEntries([...namespacedKinds, ...clusterKinds].map((kind) => [kind, watch])),
  watchesCustom: watch,
  createMemory: () => ({ places: new Map(), dependents: new Map() }),
  reconcileAbsent(see, work) {
    const [kind = '', key = ''] = work.split(' ')
    const object = see.lister(kind).get(key)
    if (object === undefined) return nothing
    const { deletionTimestamp, finalizers = [], ownerReferences = [] } = object.metadata
    if (deletionTimestamp === undefined) return ownerReferences.length > 0 ? judge(see, object) : nothing
    if (finalizers.includes(orphanFinalizer)) return orphanDependents(see, object)
    return finalizers.includes(foregroundFinalizer) ? releaseIfAlone(see, object) : nothing
  },
})

const none: readonly OwnerReference[] = Object.freeze([])
const ownersOf = ({ metadata }: KubeObject): readonly OwnerReference[] => metadata.ownerReferences ?? none

/** The key of the work on an object: where it is, in one text. */
const workAt = ({ kind, key }: Place): string => `${kind} ${key}`
const workOn = (object: KubeObject): string => `${kindNameOf(object)} ${keyOf(object)}`

/** An object as writes are to name it: a custom one by its kind's full name. */
function named(object: KubeObject): KubeObject {
  const kind = kindNameOf(object)
  return kind === object.kind ? object : { ...object, kind }
}

function objectAt(see: Sight, { kind, key }: Place): KubeObject | undefined {
  return see.lister(kind).get(key)
}

function observe({ type, key, object, previous }: Change<KubeObject>, { memory }: Sight): void {
  const { uid, namespace } = object.metadata
  const known = previous?.metadata.uid
  if (type === 'DELETED') memory.places.delete(uid)
  else if (known !== uid) memory.places.set(uid, Object.freeze({ kind: kindNameOf(object), namespace, key }))
  if (known !== undefined && known !== uid) memory.places.delete(known)
  const before = previous ? ownersOf(previous) : none
  const after = type === 'DELETED' ? none : ownersOf(object)
  if (before === after) return
  for (const owner of before) unlink(memory, owner.uid, known ?? uid)
  for (const owner of after) link(memory, owner.uid, uid)
}

function link({ dependents }: Memory, owner: string, uid: string): void {
  const uids = dependents.get(owner)
  if (uids) uids.add(uid)
  else dependents.set(owner, new Set([uid]))
}

function unlink({ dependents }: Memory, owner: string, uid: string): void {
  const uids = dependents.get(owner)
  uids?.delete(uid)
  if (uids?.size === 0) dependents.delete(owner)
}

/** The places of those who name an owner. */
function dependentsOf({ places, dependents }: Memory, { metadata }: KubeObject): readonly Place[] {
  const uids = dependents.get(metadata.uid)
  return uids === undefined ? noPlaces : [...uids].flatMap((uid) => places.get(uid) ?? [])
}

const noPlaces: readonly Place[] = Object.freeze([])

/** Most of what is born has living owners, and nothing follows from it. */
function concerns(change: Change<KubeObject>, see: Sight): Iterable<string> {
  const isAlive = change.type !== 'DELETED' && change.object.metadata.deletionTimestamp === undefined
  return isAlive && !hasStrangeOwner(change, see) ? nobody : concerned(change, see)
}

function* concerned(change: Change<KubeObject>, see: Sight): Iterable<string> {
  const { type, object, previous } = change
  const { memory } = see
  if (type === 'DELETED') {
    for (const place of dependentsOf(memory, object)) yield workAt(place)
    // an owner that is deleted in the foreground waits for this one
    for (const { uid } of ownersOf(object)) if (memory.places.has(uid)) yield workAt(memory.places.get(uid)!)
    return
  }
  if (hasStrangeOwner(change, see)) yield workOn(object)
  if (isStarting(orphanFinalizer, object, previous)) yield workOn(object)
  if (isStarting(foregroundFinalizer, object, previous)) {
    for (const place of dependentsOf(memory, object)) yield workAt(place)
    yield workOn(object)
  }
}

/** It has come to owners of which one is not known. */
function hasStrangeOwner({ object, previous }: Change<KubeObject>, see: Sight): boolean {
  const owners = ownersOf(object)
  if (previous !== undefined && ownersOf(previous) === owners) return false
  for (const owner of owners) if (!isKnown(see, object, owner)) return true
  return false
}

/** Deletion has begun, or the finalizer has come since. */
function isStarting(finalizer: string, object: KubeObject, previous: KubeObject | undefined): boolean {
  const isOn = (each: KubeObject | undefined): boolean =>
    each?.metadata.deletionTimestamp !== undefined && (each.metadata.finalizers?.includes(finalizer) ?? false)
  return isOn(object) && !isOn(previous)
}

/** The owner is in the caches, and where its dependent may see it. */
function isKnown({ memory }: Sight, { metadata }: KubeObject, { uid }: OwnerReference): boolean {
  const place = memory.places.get(uid)
  return place !== undefined && isVisible(place, metadata.namespace)
}

function isVisible(place: Place, namespace: string | undefined): boolean {
  return place.namespace === undefined || place.namespace === namespace
}

/** Deletes an object whose owners are gone or going; takes the dead ones off a list that has living ones too. */
// upstream: attemptToDeleteItem
function judge(see: Sight, object: KubeObject): Plan {
  const owners = ownersOf(object)
  const states = owners.map((owner) => stateOf(see, object, owner))
  const solid = owners.filter((_, position) => states[position] === 'solid')
  const warnings = owners.flatMap((owner) => warningFor(see, object, owner))
  if (solid.length === owners.length) return nothing
  if (solid.length > 0)
    return {
      writes: [
        ...warnings,
        patch(named(object), { metadata: { uid: object.metadata.uid, ownerReferences: solid } }, lenient),
      ],
    }
  const hasDependents = see.memory.dependents.has(object.metadata.uid)
  const isWaitedFor = states.includes('waiting') && hasDependents
  return { writes: [...warnings, removeWith(object, isWaitedFor ? 'Foreground' : policyOf(object))] }
}

type OwnerState = 'solid' | 'dangling' | 'waiting'

function stateOf(see: Sight, object: KubeObject, reference: OwnerReference): OwnerState {
  const place = see.memory.places.get(reference.uid)
  if (place !== undefined && !isVisible(place, object.metadata.namespace)) return 'dangling'
  // nobody can say of an owner of an unknown kind that it is gone
  if (!see.isServed(kindNameOf(reference))) return 'solid'
  const owner = place === undefined ? liveOwner(see, object, reference) : objectAt(see, place)
  if (owner === undefined) return 'dangling'
  const { deletionTimestamp, finalizers } = owner.metadata
  return deletionTimestamp !== undefined && finalizers?.includes(foregroundFinalizer) ? 'waiting' : 'solid'
}

/** What the caches do not have may still exist: nothing is deleted without having asked the API server. */
function liveOwner(
  see: Sight,
  { metadata }: KubeObject,
  { apiVersion, kind: word, name, uid }: OwnerReference,
): KubeObject | undefined {
  const kind = kindNameOf({ apiVersion, kind: word })
  const isNamespaced =
    namespacedKinds.includes(kind) ||
    see.customKinds().some((one) => one.namespaced && `${one.kind}.${one.group}` === kind)
  const found = see.find(kind, name, isNamespaced ? metadata.namespace : undefined)
  return found?.metadata.uid === uid ? found : undefined
}

function warningFor(
  { memory }: Sight,
  object: KubeObject,
  { apiVersion, kind, name, uid }: OwnerReference,
): readonly Write[] {
  const place = memory.places.get(uid)
  const { namespace } = object.metadata
  if (place === undefined || isVisible(place, namespace)) return []
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace ?? ''}, name: ${name}, uid: ${uid}]`
  return [
    event(
      object,
      'Warning',
      'OwnerRefInvalidNamespace',
      `ownerRef ${owner} does not exist in namespace "${namespace ?? ''}"`,
    ),
  ]
}

type Policy = 'Orphan' | 'Foreground' | 'Background'

function policyOf({ metadata }: KubeObject): Policy {
  if (metadata.finalizers?.includes(orphanFinalizer)) return 'Orphan'
  return metadata.finalizers?.includes(foregroundFinalizer) ? 'Foreground' : 'Background'
}

function removeWith(object: KubeObject, propagationPolicy: Policy): Write {
  const { uid, resourceVersion } = object.metadata
  return remove(named(object), { propagationPolicy, preconditions: { uid, resourceVersion } }, lenient)
}

const lenient = Object.freeze({
  refused: ({ code }: { readonly code: number }) => (code === 404 ? forgive : undefined),
})

/** Takes the owner off its dependents, then lets it go. upstream: attemptToOrphanWorker */
function orphanDependents(see: Sight, owner: KubeObject): Plan {
  const writes: Write[] = []
  for (const place of dependentsOf(see.memory, owner)) {
    const dependent = objectAt(see, place)
    if (dependent === undefined) continue
    const rest = ownersOf(dependent).filter(({ uid }) => uid !== owner.metadata.uid)
    const body = { metadata: { uid: dependent.metadata.uid, ownerReferences: rest.length > 0 ? rest : null } }
    writes.push(patch(named(dependent), body, lenient))
  }
  return { writes: [...writes, withoutFinalizer(owner, orphanFinalizer)] }
}

/** A foreground deletion ends when nothing that blocks it is left. upstream: processDeletingDependentsItem */
function releaseIfAlone(see: Sight, owner: KubeObject): Plan {
  const { uid } = owner.metadata
  for (const place of dependentsOf(see.memory, owner)) {
    const dependent = objectAt(see, place)
    if (dependent && ownersOf(dependent).some((each) => each.uid === uid && each.blockOwnerDeletion)) return nothing
  }
  return { writes: [withoutFinalizer(owner, foregroundFinalizer)] }
}

function withoutFinalizer(object: KubeObject, finalizer: string): Write {
  const { finalizers = [], resourceVersion } = object.metadata
  const rest = finalizers.filter((each) => each !== finalizer)
  return patch(named(object), { metadata: { resourceVersion, finalizers: rest.length > 0 ? rest : null } }, lenient)
}
