import { addQuantities, isLess } from './amounts.ts'

type Amounts = Readonly<Record<string, string>>

interface Asking {
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts } | undefined
  readonly restartPolicy?: string | undefined
}

/** Resources that may be asked for by a pod as a whole. */
export function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePage(name)
}

/** Whether a resource is memory in pages of one size, told in its name. */
export function isHugePage(name: string): boolean {
  return name.startsWith('hugepages-')
}

/** What containers ask for, or may use, together: the running ones added up, or the hungriest moment of initialisation. */
// upstream: staging/src/k8s.io/component-helpers/resource/helpers.go AggregateContainerRequests, AggregateContainerLimits
export function aggregate(
  field: 'requests' | 'limits',
  containers: readonly Asking[],
  initContainers: readonly Asking[],
): Amounts {
  const total: Record<string, string> = {}
  for (const { resources } of containers) add(total, resources?.[field])
  const sidecars: Record<string, string> = {}
  const peak: Record<string, string> = {}
  for (const { resources, restartPolicy } of initContainers) {
    const alone: Record<string, string> = {}
    if (restartPolicy === 'Always') {
      add(total, resources?.[field])
      add(sidecars, resources?.[field])
      add(alone, sidecars)
    } else {
      add(alone, resources?.[field])
      add(alone, sidecars)
    }
    raise(peak, alone)
  }
  raise(total, peak)
  return total
}

function add(total: Record<string, string>, more: Amounts | undefined): void {
  for (const name in more)
    total[name] = Object.hasOwn(total, name) ? addQuantities(total[name]!, more[name]!) : more[name]!
}

function raise(total: Record<string, string>, floor: Amounts): void {
  for (const name in floor)
    if (!Object.hasOwn(total, name) || isLess(total[name]!, floor[name]!)) total[name] = floor[name]!
}
