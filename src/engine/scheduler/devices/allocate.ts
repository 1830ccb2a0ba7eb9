import type { Objects } from '../objects.ts'
import { requestsOf } from './offers.ts'
import { isSelected } from './selectors.ts'
import type {
  AllocatedDevice,
  DeviceAttribute,
  DeviceClass,
  DeviceRequest,
  OfferedDevice,
  ResourceClaim,
} from './types.ts'

/** How many steps the search for devices may take on one node. */
const stepsMax = 10_000

interface Search {
  readonly offers: readonly OfferedDevice[]
  readonly objects: Objects
  readonly taken: Set<string>
  steps: number
}

/** Devices for one claim out of those offered and not taken; undefined where there are not enough. What is found counts as taken. */
// upstream: staging/src/k8s.io/dynamic-resource-allocation/structured/allocator.go
export function allocate(
  claim: ResourceClaim,
  offers: readonly OfferedDevice[],
  objects: Objects,
  taken: Set<string>,
): readonly AllocatedDevice[] | undefined {
  const constraints = (claim.spec.devices?.constraints ?? []).flatMap(({ matchAttribute, requests = [] }) =>
    matchAttribute ? [{ attribute: matchAttribute, requests }] : [],
  )
  return choose(requestsOf(claim), 0, constraints, [], { offers, objects, taken, steps: 0 })
}

interface Constraint {
  readonly attribute: string
  /** none: all requests */
  readonly requests: readonly string[]
}

interface Chosen {
  readonly request: DeviceRequest
  readonly device: OfferedDevice
}

/** Serves the requests one after the other, and takes a choice back where it leads nowhere. */
function choose(
  requests: readonly (readonly DeviceRequest[])[],
  at: number,
  constraints: readonly Constraint[],
  chosen: readonly Chosen[],
  search: Search,
): readonly AllocatedDevice[] | undefined {
  const options = requests[at]
  if (options === undefined) return chosen.map(resultOf)
  for (const request of options) {
    const fitting = search.offers.filter((device) => isFitting(request, device, search))
    const count = request.mode === 'All' ? fitting.length : request.count
    if (count === 0 || fitting.length < count) continue
    const found = pick({ request, fitting, count, from: 0 }, constraints, chosen, search, (next) =>
      choose(requests, at + 1, constraints, next, search),
    )
    if (found !== undefined) return found
  }
  return undefined
}

interface Picking {
  readonly request: DeviceRequest
  readonly fitting: readonly OfferedDevice[]
  readonly count: number
  readonly from: number
}

function pick(
  { request, fitting, count, from }: Picking,
  constraints: readonly Constraint[],
  chosen: readonly Chosen[],
  search: Search,
  next: (chosen: readonly Chosen[]) => readonly AllocatedDevice[] | undefined,
): readonly AllocatedDevice[] | undefined {
  if (count === 0) return next(chosen)
  for (let index = from; index <= fitting.length - count; index++) {
    if (++search.steps > stepsMax) return undefined
    const device = fitting[index]!
    const one = { request, device }
    if (search.taken.has(device.id) && !request.isAdmin) continue
    if (!constraints.every((constraint) => isAlike(constraint, one, chosen))) continue
    if (!request.isAdmin) search.taken.add(device.id)
    const rest = { request, fitting, count: count - 1, from: index + 1 }
    const found = pick(rest, constraints, [...chosen, one], search, next)
    if (found !== undefined) return found
    if (!request.isAdmin) search.taken.delete(device.id)
  }
  return undefined
}

function isFitting(
  { deviceClassName, expressions, isAdmin, mode }: DeviceRequest,
  device: OfferedDevice,
  search: Search,
): boolean {
  // all of them means all: one that is in use is missing
  if (!isAdmin && mode === 'ExactCount' && search.taken.has(device.id)) return false
  const deviceClass = search.objects.get<DeviceClass>('DeviceClass', deviceClassName)
  const selectors = deviceClass?.spec.selectors ?? []
  const ofClass = selectors.flatMap(({ cel }) => cel?.expression ?? [])
  return deviceClass !== undefined && isSelected(ofClass, device) && isSelected(expressions, device)
}

function isAlike({ attribute, requests }: Constraint, one: Chosen, chosen: readonly Chosen[]): boolean {
  const isMeant = ({ request: { name } }: Chosen): boolean =>
    requests.length === 0 || requests.includes(name) || requests.includes(name.split('/')[0]!)
  if (!isMeant(one)) return true
  const value = textOf(one.device, attribute)
  return value !== undefined && chosen.every((other) => !isMeant(other) || textOf(other.device, attribute) === value)
}

function textOf({ attributes, driver }: OfferedDevice, name: string): string | undefined {
  const own = name.startsWith(`${driver}/`) ? name.slice(driver.length + 1) : name
  const attribute: DeviceAttribute | undefined = attributes[name] ?? attributes[own]
  return attribute && JSON.stringify(attribute)
}

function resultOf({ request, device }: Chosen): AllocatedDevice {
  const { driver, pool, name } = device
  const result = { request: request.name, driver, pool, device: name }
  return request.isAdmin ? { ...result, adminAccess: true } : result
}
