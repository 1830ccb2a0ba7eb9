import {
  each,
  invalidValue,
  isLabel,
  notAllowed,
  required,
  tooMany,
  unsupported,
  type Draft,
  type FieldError,
  type ResourceClaim,
} from '../../api/index.ts'
import { nodeSelectorErrors } from '../core/pod/affinity.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'
import { conditionErrors, type Condition } from '../rules/conditions.ts'
import { immutable } from '../rules/meta.ts'
import { bindingErrors } from './bindingConditions.ts'
import { configErrors, namesOf, referenceErrors, tolerationErrors } from './deviceClaim.ts'
import { poolNameErrors, rawErrors, setErrors } from './lists.ts'
import { networkErrors } from './networkData.ts'

// upstream: pkg/apis/resource/validation/validation.go validateResourceClaimStatusUpdate

type Status = ResourceClaim['status']
type Allocation = NonNullable<Status['allocation']>
type Result = NonNullable<NonNullable<Allocation['devices']>['results']>[number]
type Config = NonNullable<NonNullable<Allocation['devices']>['config']>[number]
type DeviceStatus = NonNullable<Status['devices']>[number]
type Names = ReadonlySet<string>

const reservationsMax = 256
const listMax = 32
const conditionsMax = 8
const dataBytesMax = 10 * 1024

/** One device, or one share of it, as a refusal prints it. differs: upstream prints it without quotes */
const idOf = ({ driver, pool, device, shareID }: Result | DeviceStatus): string =>
  `${driver}/${pool}/${device}${shareID === undefined ? '' : `/${shareID}`}`

/** What was said of devices that the claim no longer has goes with them. */
// upstream: pkg/registry/resource/resourceclaim/strategy.go dropDeallocatedStatusDevices
export function dropDeallocated(next: Draft<Status>, old: Status): void {
  if (next.devices === undefined) return
  const gone = new Set(old.allocation?.devices?.results?.map(idOf))
  for (const result of next.allocation?.devices?.results ?? []) gone.delete(idOf(result))
  const left = next.devices.filter((device) => !gone.has(idOf(device)))
  if (left.length > 0) next.devices = left
  else delete next.devices
}

/** What is wrong with what was given, to whom, and what drivers say of it. */
export function statusErrors(
  { metadata, spec, status: next }: ResourceClaim,
  { status: old }: ResourceClaim,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const needed = ['resource', 'name', 'uid'] as const
  const check = (place: string, user: NonNullable<typeof next.reservedFor>[number]): void => {
    for (const field of needed) if (!user[field]) errors.push(required(`${place}.${field}`))
  }
  setErrors(errors, 'status.reservedFor', next.reservedFor, reservationsMax, check, ({ uid }) => uid)
  const given = new Set(next.allocation?.devices?.results?.map(idOf))
  const checkDevice = (place: string, one: DeviceStatus): void => deviceErrors(errors, place, one, given)
  setErrors(errors, 'status.devices', next.devices, Infinity, checkDevice, idOf)
  reservationErrors(errors, next, old, metadata.deletionTimestamp !== undefined)
  if (next.allocation === undefined) return errors
  if (old.allocation !== undefined) errors.push(...immutable('status.allocation', next.allocation, old.allocation))
  else allocationErrors(errors, 'status.allocation', next.allocation, namesOf(spec.devices?.requests ?? []))
  return errors
}

function reservationErrors(errors: FieldError[], next: Status, old: Status, isGoing: boolean): void {
  if (!next.reservedFor?.length) return
  const known = new Set(old.reservedFor?.map(({ uid }) => uid))
  const bad = (text: string): unknown => errors.push(notAllowed('status.reservedFor', text))
  if (next.allocation === undefined) bad('may not be specified when `allocated` is not set')
  else if (isGoing && next.reservedFor.some(({ uid }) => !known.has(uid)))
    bad('new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set')
}

function allocationErrors(errors: FieldError[], path: string, allocation: Allocation, names: Names): void {
  const { results, config } = allocation.devices ?? {}
  const at = `${path}.devices`
  setErrors(errors, `${at}.results`, results, listMax, (place, one) => resultErrors(errors, place, one, names))
  const checkConfig = (place: string, one: Config): void => {
    if (!one.source) errors.push(required(`${place}.source`))
    else if (!sources.includes(one.source)) errors.push(unsupported(`${place}.source`, one.source, sources))
    setErrors(errors, `${place}.requests`, one.requests, listMax, refer(errors, names), (name) => name)
    configErrors(errors, place, one)
  }
  setErrors(errors, `${at}.config`, config, 2 * listMax, checkConfig) // of the class and of the claim
  if (allocation.nodeSelector !== undefined)
    nodeSelectorErrors(errors, `${path}.nodeSelector`, allocation.nodeSelector.nodeSelectorTerms)
}

const sources = ['FromClaim', 'FromClass']

const refer =
  (errors: FieldError[], names: Names) =>
  (place: string, name: string): void =>
    void errors.push(...referenceErrors(place, name, names))

function resultErrors(errors: FieldError[], path: string, result: Result, names: Names): void {
  const { request = '', device = '', tolerations, bindingConditions, bindingFailureConditions, shareID } = result
  errors.push(...referenceErrors(`${path}.request`, request, names))
  errors.push(...csiDriverErrors(`${path}.driver`, result.driver))
  errors.push(...poolNameErrors(`${path}.pool`, result.pool))
  errors.push(...each(`${path}.device`, device, isLabel(device)))
  bindingErrors(errors, path, bindingConditions, bindingFailureConditions)
  tolerations?.forEach((one, index) => tolerationErrors(errors, `${path}.tolerations[${index}]`, one))
  shareErrors(errors, path, shareID)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// differs: of a text that is no UUID at all, upstream tells why
function shareErrors(errors: FieldError[], path: string, shareID: string | undefined): void {
  if (shareID === undefined || uuid.test(shareID)) return
  const text =
    'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'
  errors.push(invalidValue(`${path}.shareID`, shareID, text))
}

function deviceErrors(errors: FieldError[], path: string, one: DeviceStatus, given: Names): void {
  const { device = '', conditions = [], networkData } = one
  const data = one.data as unknown
  errors.push(...csiDriverErrors(`${path}.driver`, one.driver))
  errors.push(...poolNameErrors(`${path}.pool`, one.pool))
  errors.push(...each(`${path}.device`, device, isLabel(device)))
  shareErrors(errors, path, one.shareID)
  if (!given.has(idOf(one))) errors.push(invalidValue(path, idOf(one), 'must be an allocated device in the claim'))
  if (conditions.length > conditionsMax) errors.push(tooMany(`${path}.conditions`, conditions.length, conditionsMax))
  errors.push(...conditionErrors(`${path}.conditions`, conditions as unknown as readonly Condition[]))
  if (data !== undefined) rawErrors(errors, `${path}.data`, data, dataBytesMax)
  if (networkData !== undefined) networkErrors(errors, `${path}.networkData`, networkData)
}
