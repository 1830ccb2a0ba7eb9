import { parseQuantity, type Pod } from '../../api/index.ts'

/** What each pod, or one of its containers, requests of a resource, in thousandths by the pod's name; or what is not requested. */
// upstream: pkg/controller/podautoscaler/replica_calculator.go calculateRequests
export function requestsOf(
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): ReadonlyMap<string, number> | string {
  const requests = new Map<string, number>()
  for (const pod of pods) {
    const request =
      isWhole(pod) && container === undefined ? ofPod(pod, resource) : ofContainers(pod, resource, container)
    if (typeof request === 'string') return request
    requests.set(pod.metadata.name, request)
  }
  return requests
}

/** Whether a pod requests for all of its containers together. */
function isWhole({ spec }: Pod): boolean {
  return Object.keys(spec.resources?.requests ?? {}).some(
    (resource) => resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-'),
  )
}

function ofPod({ spec, metadata }: Pod, resource: string): number | string {
  const request = spec.resources?.requests?.[resource]
  return request === undefined ? `missing pod-level request for ${resource} in Pod ${metadata.name}` : milliOf(request)
}

function ofContainers({ spec, metadata }: Pod, resource: string, container: string | undefined): number | string {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  let sum = 0
  for (const { name, resources } of [...spec.containers, ...sidecars]) {
    if (container !== undefined && container !== name) continue
    const request = resources?.requests?.[resource]
    if (request === undefined) return `missing request for ${resource} in container ${name} of Pod ${metadata.name}`
    sum += milliOf(request)
  }
  return sum
}

/** A quantity in thousandths, rounded up. */
export function milliOf(quantity: string): number {
  return Math.ceil(Math.round(parseQuantity(quantity) * 1e6) / 1000)
}
