import { wholeUnits, type ResourceList } from '../../api/index.ts'

/** A taint as a node's spec has it. */
export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** How a machine is ordered. Quantities are written as Kubernetes writes them. */
export interface NodeSpec {
  readonly name: string
  readonly cpu?: string | number
  readonly memory?: string
  readonly pods?: number
  readonly ephemeralStorage?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly Taint[]
  /** images that are there from the beginning */
  readonly images?: readonly string[]
  /** `topology.kubernetes.io/zone` */
  readonly zone?: string
  /** extended resources: `example.com/gpu: "2"` */
  readonly extended?: ResourceList
  /** true: it joined long ago, is Ready at once and has nothing to tell; false: it boots now */
  readonly isBooted?: boolean
}

/** What does not change about a machine. Frozen. */
export interface Machine {
  readonly name: string
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  readonly capacity: ResourceList
  readonly allocatable: ResourceList
  readonly images: readonly string[]
}

/** What the default hard eviction threshold keeps from pods: 100Mi of memory; a tenth of the disk comes with it. */
const reservedBytes = 100 * 2 ** 20

/** Makes a machine of its order: the `index`th of its cluster decides its address. */
export function machineOf(spec: NodeSpec, index: number): Machine {
  const { name, cpu = 4, memory = '8Gi', pods = 110, ephemeralStorage = '100Gi', extended = {} } = spec
  const capacity = { cpu: String(cpu), 'ephemeral-storage': ephemeralStorage, ...extended, memory, pods: String(pods) }
  const allocatable = {
    ...capacity,
    'ephemeral-storage': scaled(ephemeralStorage, 0.9),
    memory: less(memory, reservedBytes),
  }
  return Object.freeze({
    name,
    address: `192.168.${10 + Math.floor((index + 11) / 256)}.${(index + 11) % 256}`,
    labels: Object.freeze({
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      ...(spec.zone !== undefined && { 'topology.kubernetes.io/zone': spec.zone }),
      ...spec.labels,
    }),
    taints: Object.freeze([...(spec.taints ?? [])]),
    capacity: Object.freeze(capacity),
    allocatable: Object.freeze(allocatable),
    images: Object.freeze([...(spec.images ?? [])]),
  })
}

const units = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const

function textOf(bytes: number): string {
  for (const unit of ['Gi', 'Mi', 'Ki'] as const) if (bytes % units[unit] === 0) return `${bytes / units[unit]}${unit}`
  return String(bytes)
}

function scaled(quantity: string, share: number): string {
  const bytes = wholeUnits(quantity)
  return Number.isNaN(bytes) ? quantity : textOf(Math.floor(bytes * share))
}

function less(quantity: string, reserved: number): string {
  const bytes = wholeUnits(quantity)
  return Number.isNaN(bytes) ? quantity : textOf(Math.max(0, bytes - reserved))
}
