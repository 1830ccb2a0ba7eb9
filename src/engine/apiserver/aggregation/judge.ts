import type { APIService, EndpointSlice, Service } from '../../api/index.ts'
import type { Availability } from './availability.ts'

/** Whether the server behind an APIService can be reached, as the checks go. `answers`: whether it does when it is asked. */
// upstream: kube-aggregator/pkg/controllers/status/remote/remote_available_controller.go sync
// differs: why the last check fails is always told as a wrong answer; whatever is there does not serve that group
export function judge(
  { spec, metadata }: APIService,
  service: Service | undefined,
  slices: readonly EndpointSlice[],
  answers: () => boolean,
): Availability {
  const { namespace = '', name = '', port = 443 } = spec.service!
  const place = `service/${name} in "${namespace}"`
  if (service === undefined) return no('ServiceNotFound', `${place} is not present`)
  if ((service.spec.type ?? 'ClusterIP') === 'ClusterIP') {
    const found = (service.spec.ports ?? []).find((each) => each.port === port)
    if (found === undefined) return no('ServicePortError', `${place} is not listening on port ${port}`)
    if (slices.length === 0) return no('EndpointsNotFound', `cannot find endpointslices for ${place}`)
    const portName = found.name ?? ''
    if (!slices.some((slice) => isReady(slice, portName)))
      return no('MissingEndpoints', `endpointslices for ${place} have no addresses with port name "${portName}"`)
  }
  if (answers()) return { status: 'True', reason: 'Passed', message: 'all checks passed' }
  const host = service.spec.clusterIP ?? service.spec.externalName ?? ''
  const path = metadata.name === 'v1.' ? '/api/v1' : `/apis/${spec.group}/${spec.version}`
  const url = `https://${host}:${port}${path}`
  return no('FailedDiscoveryCheck', `failing or missing response from ${url}: bad status from ${url}: 404`)
}

function no(reason: string, message: string): Availability {
  return { status: 'False', reason, message }
}

function isReady({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  return (
    (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
    (ports ?? []).some(({ name, port }) => (name ?? '') === portName && port !== undefined)
  )
}
