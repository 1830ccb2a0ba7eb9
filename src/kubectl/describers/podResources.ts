import { cpuMilli, wholeUnits, type Pod } from '../engine.ts'

/** So much of one resource: thousandths of a core, or whole units of anything else. */
export interface Amount {
  readonly value: number
  /** written with suffixes such as M and G, and so shown */
  readonly isDecimal: boolean
}

/** What pods ask for or may use, by the resource's name. */
export type Amounts = Readonly<Record<string, Amount>>

export interface PodResources {
  readonly requests: Amounts
  readonly limits: Amounts
}

type Container = Pod['spec']['containers'][number]
type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number]
type List = Readonly<Record<string, string>> | undefined
type Side = 'requests' | 'limits'

/**
 * Requests and limits of a whole pod: what it says as a whole, or the containers' sum, or what an init container needs
 * if that is more. With `usesStatus`, a resize that is under way counts with what the container has now.
 */
// upstream: component-helpers/resource/helpers.go PodRequests, PodLimits
export function podResources(pod: Pod, usesStatus = false): PodResources {
  return { requests: amountsOf(pod, 'requests', usesStatus), limits: amountsOf(pod, 'limits', usesStatus) }
}

function amountsOf(pod: Pod, side: Side, usesStatus: boolean): Amounts {
  const { spec } = pod
  const total = { ...containersNeed(pod, side, usesStatus) }
  for (const [name, amount] of Object.entries(readAmounts(spec.resources?.[side])))
    if (isOfPods(name)) total[name] = amount
  for (const [name, amount] of Object.entries(readAmounts(spec.overhead)))
    if (side === 'requests' || (total[name]?.value ?? 0) > 0) total[name] = plus(total[name], amount)
  return total
}

const isOfPods = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

function containersNeed({ spec, status }: Pod, side: Side, usesStatus: boolean): Amounts {
  const isInfeasible = status?.conditions?.some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  )
  const of = (container: Container, statuses: readonly ContainerStatus[] | undefined): Amounts => {
    const wanted = readAmounts(container.resources?.[side])
    const now = usesStatus ? statuses?.find(({ name }) => name === container.name) : undefined
    if (!now?.resources) return wanted
    const held = larger(
      readAmounts(now.resources[side]),
      side === 'requests' ? readAmounts(now.allocatedResources) : {},
    )
    return isInfeasible ? held : larger(wanted, held)
  }
  let sum = spec.containers.map((container) => of(container, status?.containerStatuses)).reduce(add, {})
  let sidecars: Amounts = {}
  let peak: Amounts = {}
  for (const container of spec.initContainers ?? []) {
    const own = of(container, status?.initContainerStatuses)
    if (container.restartPolicy === 'Always') {
      sum = add(sum, own)
      sidecars = add(sidecars, own)
      peak = larger(peak, sidecars)
    } else peak = larger(peak, add(sidecars, own))
  }
  return larger(sum, peak)
}

function readAmounts(list: List): Amounts {
  return Object.fromEntries(
    Object.entries(list ?? {}).map(([name, text]) => [
      name,
      { value: name === 'cpu' ? cpuMilli(text) : wholeUnits(text), isDecimal: !String(text).endsWith('i') },
    ]),
  )
}

// A sum keeps the notation of what was there first, unless that was nothing.
const plus = (a: Amount | undefined, b: Amount): Amount =>
  a === undefined || a.value === 0 ? b : { value: a.value + b.value, isDecimal: a.isDecimal }

function combine(a: Amounts, b: Amounts, by: (x: Amount, y: Amount) => Amount): Amounts {
  const result: Record<string, Amount> = { ...a }
  for (const [name, amount] of Object.entries(b)) {
    const before = result[name]
    result[name] = before === undefined ? amount : by(before, amount)
  }
  return result
}

const add = (a: Amounts, b: Amounts): Amounts => combine(a, b, plus)
const larger = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => (y.value > x.value ? y : x))

/** The sums over all pods of a node. */
export function totalResources(pods: readonly Pod[]): PodResources {
  const all = pods.map((pod) => podResources(pod))
  return {
    requests: all.map(({ requests }) => requests).reduce(add, {}),
    limits: all.map(({ limits }) => limits).reduce(add, {}),
  }
}

/** An amount as a quantity is written: `250m`, `1324Mi`, `100M`. */
export function formatAmount(name: string, { value, isDecimal }: Amount): string {
  if (name === 'cpu') return value % 1000 === 0 ? formatUnits(value / 1000, true) : `${value}m`
  return formatUnits(value, isDecimal)
}

const binary: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const decimal: readonly string[] = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** The largest unit that leaves no rest. */
export function formatUnits(amount: number, isDecimal: boolean): string {
  const [units, step] = isDecimal ? [decimal, 1000] : [binary, 1024]
  let value = amount
  let unit = 0
  while (value !== 0 && value % step === 0 && unit < units.length - 1) {
    value /= step
    unit++
  }
  return `${value}${units[unit]}`
}
