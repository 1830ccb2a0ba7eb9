import type { Pod } from '../types.ts'
import { addTo, amountsOf, raiseTo, type Amount } from './amount.ts'

type Spec = Pod['spec']
type Container = Spec['containers'][number]
type Side = 'requests' | 'limits'

/** What a pod's containers ask for together, at the hungriest moment of its life. */
// upstream: staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests, PodLimits
export function podTotals(spec: Spec, side: Side): Record<string, Amount> {
  const total: Record<string, Amount> = {}
  for (const container of spec.containers ?? []) addTo(total, listOf(container, side))
  const sidecars: Record<string, Amount> = {}
  const peak: Record<string, Amount> = {}
  for (const container of spec.initContainers ?? []) {
    const own = listOf(container, side)
    if (container.restartPolicy === 'Always') {
      addTo(total, own)
      addTo(sidecars, own)
      raiseTo(peak, sidecars)
    } else {
      addTo(own, sidecars)
      raiseTo(peak, own)
    }
  }
  raiseTo(total, peak)
  const whole = amountsOf(spec.resources?.[side])
  for (const name in whole) if (isPodLevel(name)) total[name] = whole[name]!
  if (side === 'requests') addTo(total, amountsOf(spec.overhead))
  else
    for (const [name, amount] of Object.entries(amountsOf(spec.overhead)))
      if (total[name]) addTo(total, { [name]: amount })
  return total
}

const listOf = ({ resources }: Container, side: Side): Record<string, Amount> => amountsOf(resources?.[side])

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
