import type { KubeObject } from '../../api/index.ts'
import { allocate } from '../devices/allocate.ts'
import { isUsableOn, offersOn, requestsOf, takenDevices } from '../devices/offers.ts'
import { statusOf, type Allocation, type ResourceClaim, type ResourceSlice } from '../devices/types.ts'
import {
  definePlugin,
  skip,
  success,
  unresolvable,
  unschedulable,
  type PreBindPlan,
  type Status,
} from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'

const elsewhere = unschedulable('resourceclaim not available on the node')
const tooFew = unschedulable('cannot allocate all claims')
const inUse = unresolvable('resourceclaim in use')

/** How many pods may share a claim. */
const reservedMax = 256

interface State {
  readonly allocated: readonly Allocation[]
  readonly open: readonly ResourceClaim[]
  readonly slices: readonly ResourceSlice[]
  readonly taken: ReadonlySet<string>
  readonly snapshot: Snapshot
}

/** Gives a pod the devices that its ResourceClaims ask for, on nodes where they are. */
// upstream: pkg/scheduler/framework/plugins/dynamicresources
// differs: taints of devices, shared counters, partitions and binding conditions are not read
export const dynamicResources = definePlugin<State | undefined>({
  name: 'DynamicResources',
  eventsToRegister: {
    'ResourceClaim/Add': () => true,
    'ResourceClaim/Update': (pod, { object }) => object === undefined || isOwn(pod, object) || !isReservedOnly(object),
    'ResourceClaim/Delete': () => true,
    'ResourceSlice/Add': () => true,
    'ResourceSlice/Update': () => true,
    'DeviceClass/Add': () => true,
    'DeviceClass/Update': () => true,
    'Node/Add': () => true,
    'Node/UpdateLabel': () => true,
    'OwnPod/UpdateClaims': () => true,
  },
  preFilter(pod, snapshot) {
    if ((pod.pod.spec.resourceClaims?.length ?? 0) === 0) return skip
    const claims = claimsFor(pod, snapshot)
    return 'code' in claims ? { status: claims } : stateOf(claims, pod, snapshot)
  },
  filter(_pod, node, state) {
    if (state === undefined) return success
    if (!state.allocated.every((allocation) => isUsableOn(allocation, node.facts))) return elsewhere
    return state.open.length === 0 || planFor(state, node) !== undefined ? success : tooFew
  },
  postFilter: ({ refusedBy }) =>
    // its PreFilter has not run when another plugin's refused the pod: it misses its own state, and its error ends the round
    refusedBy !== '' && refusedBy !== 'DynamicResources'
      ? { message: 'not found', stop: true }
      : { message: 'no new claims to deallocate' },
  preScore: () => ({ every: 0 }),
  score: () => 0,
  preBind(pod, node, snapshot) {
    if ((pod.pod.spec.resourceClaims?.length ?? 0) === 0) return undefined
    const claims = claimsFor(pod, snapshot)
    if ('code' in claims) return undefined
    const { state } = stateOf(claims, pod, snapshot)
    const allocations = state && planFor(state, node)
    if (allocations === undefined) return undefined
    const reserved = claims.map((claim) => {
      const key = keyOf(claim)
      const allocation = allocations.get(key)
      return allocation === undefined ? { claim: key } : { claim: key, allocation }
    })
    return { bindings: [], provisions: [], claims: [], devices: reserved } satisfies PreBindPlan
  },
})

function isOwn({ pod, namespace }: PodInfo, { metadata }: KubeObject): boolean {
  if (metadata.namespace !== namespace) return false
  const made = pod.status?.resourceClaimStatuses ?? []
  return [...(pod.spec.resourceClaims ?? []), ...made].some(
    ({ resourceClaimName }) => resourceClaimName === metadata.name,
  )
}

/** A claim that is allocated and in use gives nobody else anything. */
function isReservedOnly(claim: KubeObject): boolean {
  const { allocation, reservedFor = [] } = statusOf(claim)
  return allocation !== undefined && reservedFor.length > 0 && claim.metadata.deletionTimestamp === undefined
}

function keyOf({ metadata }: ResourceClaim): string {
  return `${metadata.namespace}/${metadata.name}`
}

/** The pod's claims, or why it cannot have them yet. */
function claimsFor(pod: PodInfo, { objects }: Snapshot): readonly ResourceClaim[] | Status {
  const found: ResourceClaim[] = []
  const made = pod.pod.status?.resourceClaimStatuses ?? []
  for (const { name, resourceClaimName } of pod.pod.spec.resourceClaims ?? []) {
    const status = made.find((one) => one.name === name)
    if (resourceClaimName === undefined && status === undefined)
      return unresolvable(`pod "${pod.key}": ResourceClaim not created yet`)
    const claimName = resourceClaimName ?? status?.resourceClaimName
    if (claimName === undefined) continue // its template made none for this pod
    const claim = objects.get<ResourceClaim>('ResourceClaim', `${pod.namespace}/${claimName}`)
    if (claim === undefined) return unresolvable(`resourceclaim "${claimName}" not found`)
    if (claim.metadata.deletionTimestamp !== undefined)
      return unresolvable(`resourceclaim "${claimName}" is being deleted`)
    found.push(claim)
  }
  return found
}

function stateOf(
  claims: readonly ResourceClaim[],
  pod: PodInfo,
  snapshot: Snapshot,
): { readonly status: Status; readonly state?: undefined } | { readonly status?: undefined; readonly state: State } {
  const { objects, promisedDevices } = snapshot
  const allocated: Allocation[] = []
  const open: ResourceClaim[] = []
  for (const claim of claims) {
    const { allocation = promisedDevices.get(keyOf(claim)), reservedFor = [] } = statusOf(claim)
    if (reservedFor.length >= reservedMax && !reservedFor.some(({ uid }) => uid === pod.uid)) return { status: inUse }
    if (allocation !== undefined) allocated.push(allocation)
    else {
      for (const { name, deviceClassName } of requestsOf(claim).flat())
        if (objects.get('DeviceClass', deviceClassName) === undefined)
          return { status: unresolvable(`request ${name}: device class ${deviceClassName} does not exist`) }
      open.push(claim)
    }
  }
  const slices = open.length === 0 ? [] : [...objects.list<ResourceSlice>('ResourceSlice')]
  const taken = takenDevices(objects, promisedDevices)
  return { state: { allocated, open, slices, taken, snapshot } }
}

/** An allocation for each claim that has none, by claim; undefined where the node has not all that is asked for. */
function planFor(
  { open, slices, taken, snapshot }: State,
  { facts }: NodeInfo,
): ReadonlyMap<string, Allocation> | undefined {
  const plan = new Map<string, Allocation>()
  const left = new Set(taken)
  const offers = offersOn(facts, slices)
  for (const claim of open) {
    const results = allocate(claim, offers, snapshot.objects, left)
    if (results === undefined) return undefined
    plan.set(keyOf(claim), Object.freeze({ devices: { results }, nodeSelector: onlyOn(facts.name) }))
  }
  return plan
}

function onlyOn(node: string): object {
  return { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] }
}
