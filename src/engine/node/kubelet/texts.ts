import type { Pod } from '../../api/index.ts'
import { remembered } from '../remembered.ts'
import type { Container } from './state.ts'

/** `web_default(8a1b…)`: how the kubelet calls a pod in its messages. */
export function podText({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`
}

/** A Go duration of whole milliseconds: `302ms`, `3.001s`, `1m20s`, `5m0s`. */
export function durationText(durationMs: number): string {
  const ms = Math.round(durationMs)
  if (ms === 0) return '0s'
  if (ms < 1000) return `${ms}ms`
  const hours = Math.floor(ms / 3_600_000)
  const minutes = Math.floor(ms / 60_000) % 60
  const seconds = secondsText(ms % 60_000)
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

// by its digits: to write a fraction of a number takes an engine far longer than to write whole ones
function secondsText(ms: number): string {
  const whole = Math.floor(ms / 1000)
  const rest = ms - whole * 1000
  return rest === 0 ? `${whole}s` : `${whole}.${fractionOf(rest)}s`
}

/** Thousandths as they stand behind the point: 400 as `4`, 1 as `001`. */
function fractionOf(thousandths: number): string {
  const digits = String(1000 + thousandths)
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(1, end)
}

/** Which list of a pod's spec a container stands in. */
export type ContainerGroup = 'initContainers' | 'containers' | 'ephemeralContainers'

/** Where an event about a container points: `spec.containers{web}`. */
export function fieldPathOf({ spec }: Pod, name: string): string {
  if (spec.initContainers === undefined && spec.ephemeralContainers === undefined) return pathOf(name)
  if (spec.initContainers !== undefined && has(spec.initContainers, name)) return initPathOf(name)
  return has(spec.containers, name) ? pathOf(name) : `spec.ephemeralContainers{${name}}`
}

const pathOf = remembered((name) => `spec.containers{${name}}`)
const initPathOf = remembered((name) => `spec.initContainers{${name}}`)

function has(containers: readonly Pick<Container, 'name'>[], name: string): boolean {
  for (const container of containers) if (container.name === name) return true
  return false
}

const none: readonly Container[] = Object.freeze([])

/** The container of that name in any of a pod's lists. */
export function containerOf({ spec }: Pod, name: string): Container | undefined {
  for (const container of spec.containers) if (container.name === name) return container
  for (const container of spec.initContainers ?? none) if (container.name === name) return container
  for (const container of spec.ephemeralContainers ?? none) if (container.name === name) return container as Container
  return undefined
}
