import { amountOf } from './amounts.ts'
import type { Container, PodSpec, Resources } from './types.ts'

/** How hard the pod is to evict: Guaranteed, Burstable or BestEffort. */
// upstream: pkg/apis/core/helper/qos/qos.go ComputePodQOS
export function qosClassOf({
  containers,
  initContainers,
  resources,
}: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const all: readonly Container[] = initContainers === undefined ? containers : [...containers, ...initContainers]
  const asked: readonly Asking[] = resources !== undefined ? [{ resources }] : all
  if (!asked.some(asksForAnything)) return 'BestEffort'
  return asked.every(isGuaranteed) ? 'Guaranteed' : 'Burstable'
}

interface Asking {
  readonly resources?: Resources | undefined
}

const counted = ['cpu', 'memory'] as const

function asksForAnything({ resources }: Asking): boolean {
  return counted.some((name) => amountOf(resources?.requests?.[name]) > 0 || amountOf(resources?.limits?.[name]) > 0)
}

function isGuaranteed({ resources }: Asking): boolean {
  return counted.every((name) => {
    const limit = amountOf(resources?.limits?.[name])
    return limit > 0 && amountOf(resources?.requests?.[name] ?? resources?.limits?.[name]) === limit
  })
}
