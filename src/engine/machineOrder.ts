import { parseQuantity } from './api/index.ts'
import type { NodeSpec, Taint } from './node/index.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Reads the order of a machine that came from a link or a tool; the complaint about it as a text, where it is none. */
export function machineOrderOf(name: string, order: unknown): NodeSpec | string {
  const { cpu, memory, ephemeralStorage, pods, zone, labels = {}, extended = {}, taints = [] } = recordOf(order)
  for (const [field, quantity] of Object.entries({ cpu, memory, ephemeralStorage, ...recordOf(extended) }))
    if (quantity !== undefined && !isAmount(quantity)) return `fault.spec.${field} must be a quantity`
  if (pods !== undefined && !(Number.isInteger(pods) && (pods as number) >= 0))
    return 'fault.spec.pods must be a number'
  if (zone !== undefined && typeof zone !== 'string') return 'fault.spec.zone must be a string'
  if (!isTexts(labels) || !isTexts(extended)) return 'fault.spec.labels and fault.spec.extended must hold strings'
  if (!Array.isArray(taints) || !taints.every(isTaint)) return 'fault.spec.taints must be a list of taints'
  const { 'kubernetes.io/hostname': _, ...own } = labels
  return {
    name,
    labels: own,
    taints: taints as readonly Taint[],
    extended,
    ...(cpu !== undefined && { cpu: cpu as string }),
    ...(memory !== undefined && { memory: memory as string }),
    ...(ephemeralStorage !== undefined && { ephemeralStorage: ephemeralStorage as string }),
    ...(pods !== undefined && { pods: pods as number }),
    ...(zone !== undefined && { zone: zone as string }),
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isAmount(value: unknown): boolean {
  const amount = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : NaN
  return amount >= 0 && amount < Infinity
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')
}

function isTaint(value: unknown): boolean {
  const { key, value: text = '', effect } = recordOf(value)
  return typeof key === 'string' && key !== '' && typeof text === 'string' && effects.includes(effect as string)
}
