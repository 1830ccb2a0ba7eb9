import type { EndpointSlice, Service } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { eventLines, headLines } from './parts.ts'

/** One service: its addresses, ports, and what is behind them. */
export const serviceDescriber = defineDescriber<Service>({
  group: '',
  kind: 'Service',
  describe({ object, sheet, cluster, events, now }) {
    const { metadata, spec, status } = object
    headLines(sheet, metadata)
    labelLinesOf(sheet, spec.selector)
    sheet.line(0, 'Type:', spec.type ?? 'ClusterIP')
    addressLines(sheet, object)
    if ((spec.externalIPs ?? []).length > 0) sheet.line(0, 'External IPs:', spec.externalIPs!.join(','))
    if (spec.loadBalancerIP) sheet.line(0, 'Desired LoadBalancer IP:', spec.loadBalancerIP)
    if (spec.externalName) sheet.line(0, 'External Name:', spec.externalName)
    const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, ipMode, hostname = '' }) =>
      ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : hostname,
    )
    if (ingress.length > 0) sheet.line(0, 'LoadBalancer Ingress:', ingress.join(', '))
    portLines(sheet, object, slicesOf(cluster, object))
    sheet.line(0, 'Session Affinity:', spec.sessionAffinity ?? 'None')
    if (spec.externalTrafficPolicy) sheet.line(0, 'External Traffic Policy:', spec.externalTrafficPolicy)
    if (spec.internalTrafficPolicy) sheet.line(0, 'Internal Traffic Policy:', spec.internalTrafficPolicy)
    if ((spec.healthCheckNodePort ?? 0) !== 0) sheet.line(0, 'HealthCheck NodePort:', spec.healthCheckNodePort)
    if ((spec.loadBalancerSourceRanges ?? []).length > 0)
      sheet.line(0, 'LoadBalancer Source Ranges:', spec.loadBalancerSourceRanges!.join(','))
    if (spec.trafficDistribution) sheet.line(0, 'Traffic Distribution:', spec.trafficDistribution)
    eventLines(sheet, events(), now)
  },
})

function labelLinesOf(sheet: Sheet, selector: Readonly<Record<string, string>> | undefined): void {
  const text = Object.keys(selector ?? {})
    .sort()
    .map((key) => `${key}=${selector![key]}`)
    .join(',')
  sheet.line(0, 'Selector:', text === '' ? '<none>' : text)
}

function addressLines(sheet: Sheet, { spec }: Service): void {
  if (spec.ipFamilyPolicy) sheet.line(0, 'IP Family Policy:', spec.ipFamilyPolicy)
  sheet.line(
    0,
    'IP Families:',
    spec.ipFamilies === undefined || spec.ipFamilies.length === 0 ? '<none>' : spec.ipFamilies.join(','),
  )
  sheet.line(0, 'IP:', spec.clusterIP ?? '')
  sheet.line(0, 'IPs:', (spec.clusterIPs ?? []).length === 0 ? '<none>' : spec.clusterIPs!.join(','))
}

function portLines(sheet: Sheet, { spec }: Service, slices: readonly EndpointSlice[]): void {
  for (const { name, port, protocol = 'TCP', targetPort, nodePort, appProtocol } of spec.ports ?? []) {
    const shown = name ? name : '<unset>'
    sheet.line(0, 'Port:', shown, `${port}/${protocol}`)
    sheet.line(0, 'TargetPort:', `${String(targetPort)}/${protocol}`)
    if (appProtocol) sheet.line(0, 'AppProtocol:', appProtocol)
    if (nodePort) sheet.line(0, 'NodePort:', shown, `${nodePort}/${protocol}`)
    sheet.line(0, 'Endpoints:', endpointsText(slices, name ?? ''))
  }
}

function slicesOf(cluster: Cluster, { metadata }: Service): readonly EndpointSlice[] {
  const kind = cluster.api.findKind('endpointslices.discovery.k8s.io')
  return kind === undefined
    ? []
    : cluster.list<EndpointSlice>(kind, metadata.namespace, {
        labelSelector: `kubernetes.io/service-name=${metadata.name}`,
      })
}

/** Three addresses at most; nothing for slices without any, `<none>` without slices. */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const all = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
    const addresses = ready.map(({ addresses: [first = ''] }) => first)
    if ((ports ?? []).length === 0) return addresses
    return ports!
      .filter(({ name }) => (name ?? '') === portName)
      .flatMap(({ port }) =>
        addresses.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port ?? 0}`),
      )
  })
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}
