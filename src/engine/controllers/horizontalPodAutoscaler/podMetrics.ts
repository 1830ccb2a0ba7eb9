import { ApiError, parseTime, type Pod, type PodMetrics } from '../../api/index.ts'
import type { See } from '../controller.ts'
import type { Measured, Usage } from './podGroups.ts'
import { milliOf } from './requests.ts'

const fetching = 'unable to fetch metrics from resource metrics API'
const metricsService = 'v1beta1.metrics.k8s.io'

/** What pods, or one container of each, use of a resource; a text is why nobody tells. */
// upstream: pkg/controller/podautoscaler/metrics/client.go GetResourceMetric
export function usageOf(
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
  see: Pick<See, 'find' | 'isServed'>,
): Usage | string {
  const metrics = metricsOf(pods, see)
  if (typeof metrics === 'string') return `${fetching}: ${metrics} (get pods.metrics.k8s.io)`
  if (metrics.length === 0) return 'no metrics returned from resource metrics API'
  const usage = new Map<string, Measured>()
  for (const one of metrics) {
    const { name, namespace = '' } = one.metadata
    const milli = container === undefined ? ofPod(one, resource) : ofContainer(one, resource, container)
    if (milli === 'absent')
      return `failed to get container metrics: container ${container} not present in metrics for pod ${namespace}/${name}`
    const { timestamp, window } = one
    if (milli !== undefined) usage.set(name, { milli, at: parseTime(timestamp), windowMs: durationMs(window) })
  }
  return usage
}

/** What was measured of each pod, where it was; a text is why the API does not answer. */
function metricsOf(
  pods: readonly Pod[],
  { find, isServed }: Pick<See, 'find' | 'isServed'>,
): readonly PodMetrics[] | string {
  if (!isServed('PodMetrics'))
    return find('APIService', metricsService) === undefined
      ? 'the server could not find the requested resource'
      : 'the server is currently unable to handle the request'
  try {
    return pods.flatMap(({ metadata }) => find<PodMetrics>('PodMetrics', metadata.name, metadata.namespace) ?? [])
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.message
  }
}

/** The sum of a pod's containers; undefined where one is not known. */
function ofPod({ containers }: PodMetrics, resource: string): number | undefined {
  if (containers.length === 0) return undefined
  let sum = 0
  for (const { usage } of containers) {
    const used = usage[resource]
    if (used === undefined) return undefined
    sum += milliOf(used)
  }
  return sum
}

function ofContainer({ containers }: PodMetrics, resource: string, name: string): number | 'absent' | undefined {
  const found = containers.find((container) => container.name === name)
  if (found === undefined) return 'absent'
  const used = found.usage[resource]
  return used === undefined ? undefined : milliOf(used)
}

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** A duration as Go prints it, in milliseconds. */
function durationMs(text: string): number {
  let sum = 0
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|h|m|s)/g)) sum += Number(count) * unitsMs[unit!]!
  return sum
}
