import type { DeviceClass, KubeObject, ResourceClaim, ResourceSlice } from '../../api/index.ts'

export type { DeviceClass, ResourceClaim, ResourceSlice }

/** One device that a driver offers, wherever it is. */
export interface OfferedDevice {
  /** driver, pool and name in one: nothing else has it */
  readonly id: string
  readonly driver: string
  readonly pool: string
  readonly name: string
  readonly attributes: Readonly<Record<string, DeviceAttribute>>
  readonly capacity: Readonly<Record<string, { readonly value?: string }>>
}

/** One fact about a device; exactly one of its fields is set. */
export interface DeviceAttribute {
  readonly string?: string
  readonly int?: number
  readonly bool?: boolean
  readonly version?: string
}

/** What a claim asks for under one name, read once. */
export interface DeviceRequest {
  readonly name: string
  readonly deviceClassName: string
  readonly expressions: readonly string[]
  readonly mode: 'ExactCount' | 'All'
  readonly count: number
  readonly isAdmin: boolean
}

/** Which devices a claim gets, as its status tells it. */
export interface Allocation {
  readonly devices: { readonly results: readonly AllocatedDevice[] }
  readonly nodeSelector?: object
}

/** One device given to one request. */
export interface AllocatedDevice {
  readonly request: string
  readonly driver: string
  readonly pool: string
  readonly device: string
  readonly adminAccess?: boolean
}

/** What the scheduler reads of a claim's status. */
export interface ClaimStatus {
  readonly allocation?: Allocation
  readonly reservedFor?: readonly { readonly resource: string; readonly name: string; readonly uid: string }[]
}

/** A claim's status; what is missing is empty. */
export function statusOf(claim: KubeObject): ClaimStatus {
  return (claim as { readonly status?: ClaimStatus }).status ?? {}
}
