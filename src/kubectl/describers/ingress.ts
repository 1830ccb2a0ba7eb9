import type { EndpointSlice, Ingress, IngressClass, Service } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, headLines, labelLines } from './parts.ts'
import { endpointsText } from './service.ts'

type Backend = NonNullable<Ingress['spec']['defaultBackend']>

/** One ingress: hosts, paths, and what is behind them. */
// upstream: kubectl/pkg/describe/describe.go describeIngressV1
export const ingressDescriber = defineDescriber<Ingress>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  describe({ object, sheet, cluster, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    sheet.line(0, 'Namespace:', metadata.namespace)
    const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
    sheet.line(0, 'Address:', [...new Set(addresses.filter((address) => address !== ''))].sort().join(','))
    sheet.line(0, 'Ingress Class:', spec.ingressClassName ?? '<none>')
    const { defaultBackend } = spec
    sheet.line(
      0,
      'Default backend:',
      defaultBackend ? backendText(cluster, metadata.namespace, defaultBackend) : '<default>',
    )
    if ((spec.tls ?? []).length > 0) {
      sheet.line(0, 'TLS:')
      for (const { secretName, hosts = [] } of spec.tls!)
        sheet.line(1, secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`)
    }
    ruleLines(sheet, cluster, object)
    annotationLines(sheet, 0, metadata.annotations)
    eventLines(sheet, events(), now)
  },
})

function ruleLines(sheet: Sheet, cluster: Cluster, { metadata, spec }: Ingress): void {
  sheet.line(0, 'Rules:')
  sheet.line(1, 'Host', 'Path', 'Backends')
  sheet.line(1, '----', '----', '--------')
  let count = 0
  for (const { host, http } of spec.rules ?? []) {
    if (http === undefined) continue
    count++
    sheet.line(1, host || '*', '')
    for (const { path = '', backend } of http.paths)
      sheet.line(1, '', `${path} `, backendText(cluster, metadata.namespace, backend))
  }
  if (count === 0)
    sheet.line(
      1,
      '*',
      '*',
      spec.defaultBackend ? backendText(cluster, metadata.namespace, spec.defaultBackend) : '<default>',
    )
}

function backendText(cluster: Cluster, namespace: string | undefined, { service, resource }: Backend): string {
  if (service) {
    const port = service.port?.number ? String(service.port.number) : (service.port?.name ?? '')
    return `${service.name}:${port} (${endpointsOf(cluster, namespace, service.name, port)})`
  }
  if (resource) return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`
  return ''
}

function endpointsOf(cluster: Cluster, namespace: string | undefined, name: string, port: string): string {
  const service = cluster.find<Service>({ kind: cluster.kind('services'), namespace, name })
  if (service === undefined) return `<error: services "${name}" not found>`
  const found = service.spec.ports?.find((one) => one.name === port || String(one.port) === port)
  const slices = cluster.list<EndpointSlice>(cluster.kind('endpointslices.discovery.k8s.io'), namespace, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  })
  return endpointsText(slices, found?.name ?? '')
}

/** One ingress class: who carries it out. */
export const ingressClassDescriber = defineDescriber<IngressClass>({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  describe({ object, sheet, events, now }) {
    const { parameters } = object.spec
    headLines(sheet, object.metadata)
    sheet.line(0, 'Controller:', object.spec.controller ?? '')
    if (parameters) {
      sheet.line(0, 'Parameters:')
      if (parameters.apiGroup) sheet.line(1, 'APIGroup:', parameters.apiGroup)
      sheet.line(1, 'Kind:', parameters.kind)
      sheet.line(1, 'Name:', parameters.name)
    }
    eventLines(sheet, events(), now)
  },
})
