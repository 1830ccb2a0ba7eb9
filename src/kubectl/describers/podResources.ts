import { cpuMilli, wholeUnits, type Pod } from '../engine.ts'

/** What pods ask for or may use. */
export interface Amounts {
  readonly cpuMilli: number
  readonly bytes: number
  readonly storageBytes: number
  /** resources beyond these, by name */
  readonly others: Readonly<Record<string, number>>
}

export interface PodResources {
  readonly requests: Amounts
  readonly limits: Amounts
}

const nothing: Amounts = { cpuMilli: 0, bytes: 0, storageBytes: 0, others: {} }
type Container = Pod['spec']['containers'][number]
type List = Readonly<Record<string, string>> | undefined

/** Requests and limits of a whole pod: the containers' sum, or what an init container needs if that is more. */
// upstream: component-helpers/resource/helpers.go PodRequests
export function podResources(pod: Pod): PodResources {
  return { requests: amountsOf(pod, 'requests'), limits: amountsOf(pod, 'limits') }
}

function amountsOf({ spec }: Pod, what: 'requests' | 'limits'): Amounts {
  const of = (container: Container): Amounts => readAmounts(container.resources?.[what])
  let sum = spec.containers.map(of).reduce(add, nothing)
  let sidecars = nothing
  let peak = nothing
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      sum = add(sum, of(container))
      sidecars = add(sidecars, of(container))
      peak = larger(peak, sidecars)
    } else peak = larger(peak, add(sidecars, of(container)))
  }
  const total = larger(sum, peak)
  return spec.overhead === undefined ? total : add(total, readAmounts(spec.overhead))
}

function readAmounts(list: List): Amounts {
  const others = Object.entries(list ?? {}).filter(([name]) => !['cpu', 'memory', 'ephemeral-storage'].includes(name))
  return {
    cpuMilli: cpuMilli(list?.['cpu']),
    bytes: wholeUnits(list?.['memory']),
    storageBytes: wholeUnits(list?.['ephemeral-storage']),
    others: Object.fromEntries(others.map(([name, amount]) => [name, wholeUnits(amount)])),
  }
}

const combine = (a: Amounts, b: Amounts, by: (x: number, y: number) => number): Amounts => ({
  cpuMilli: by(a.cpuMilli, b.cpuMilli),
  bytes: by(a.bytes, b.bytes),
  storageBytes: by(a.storageBytes, b.storageBytes),
  others: Object.fromEntries(
    [...new Set([...Object.keys(a.others), ...Object.keys(b.others)])].map((name) => [
      name,
      by(a.others[name] ?? 0, b.others[name] ?? 0),
    ]),
  ),
})
const add = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => x + y)
const larger = (a: Amounts, b: Amounts): Amounts => combine(a, b, Math.max)

/** The sums over all pods of a node. */
export function totalResources(pods: readonly Pod[]): PodResources {
  const all = pods.map(podResources)
  return {
    requests: all.map(({ requests }) => requests).reduce(add, nothing),
    limits: all.map(({ limits }) => limits).reduce(add, nothing),
  }
}

/** `250m`, `2` */
export function formatCpu(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`
}

/** The largest binary unit that leaves no rest: `1324Mi`. */
export function formatBytes(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
  let value = bytes
  let unit = 0
  while (value !== 0 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value}${units[unit]}`
}
