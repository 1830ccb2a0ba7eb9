import type { NetworkPolicy } from '../engine.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, labelLines, selectorText } from './parts.ts'

type Spec = NetworkPolicy['spec']
type Port = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number]
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number]

/** One network policy: whom it covers, and what it lets through. */
// upstream: kubectl/pkg/describe/describe.go describeNetworkPolicy
export const networkPolicyDescriber = defineDescriber<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  describe({ object, sheet }) {
    const { metadata, spec } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    sheet.line(0, 'Created on:', createdText(metadata.creationTimestamp))
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Spec:')
    const selector = selectorText(spec.podSelector)
    const whom =
      selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector
    sheet.line(1, `PodSelector:     ${whom}`)
    const types = spec.policyTypes ?? []
    if (types.includes('Ingress')) {
      sheet.line(1, 'Allowing ingress traffic:')
      ingressLines(sheet, spec.ingress ?? [])
    } else sheet.line(1, 'Not affecting ingress traffic')
    if (types.includes('Egress')) {
      sheet.line(1, 'Allowing egress traffic:')
      egressLines(sheet, spec.egress ?? [])
    } else sheet.line(1, 'Not affecting egress traffic')
    sheet.line(1, `Policy Types: ${types.join(', ') || '<none>'}`)
  },
})

/** As Go prints a time: `2026-09-01 08:00:00 +0000 UTC`. */
function createdText(time: string): string {
  return `${time.replace('T', ' ').replace('Z', '')} +0000 UTC`
}

function ingressLines(sheet: Sheet, rules: NonNullable<Spec['ingress']>): void {
  if (rules.length === 0) return sheet.line(2, '<none> (Selected pods are isolated for ingress connectivity)')
  rules.forEach(({ ports = [], from = [] }, index) => {
    portLines(sheet, ports)
    peerLines(sheet, 'From:', from, '<any> (traffic not restricted by source)')
    if (index < rules.length - 1) sheet.line(2, '----------')
  })
}

function egressLines(sheet: Sheet, rules: NonNullable<Spec['egress']>): void {
  if (rules.length === 0) return sheet.line(2, '<none> (Selected pods are isolated for egress connectivity)')
  rules.forEach(({ ports = [], to = [] }, index) => {
    portLines(sheet, ports)
    peerLines(sheet, 'To:', to, '<any> (traffic not restricted by destination)')
    if (index < rules.length - 1) sheet.line(2, '----------')
  })
}

function portLines(sheet: Sheet, ports: readonly Port[]): void {
  if (ports.length === 0) return sheet.line(2, 'To Port: <any> (traffic allowed to all ports)')
  for (const { port, endPort, protocol = 'TCP' } of ports)
    sheet.line(
      2,
      endPort === undefined
        ? `To Port: ${String(port ?? '<nil>')}/${protocol}`
        : `To Port Range: ${String(port ?? '<nil>')}-${endPort}/${protocol}`,
    )
}

function peerLines(sheet: Sheet, title: string, peers: readonly Peer[], nobody: string): void {
  if (peers.length === 0) return sheet.line(2, `${title} ${nobody}`)
  for (const { podSelector, namespaceSelector, ipBlock } of peers) {
    sheet.line(2, title)
    if (podSelector && namespaceSelector) {
      sheet.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`)
      sheet.line(3, `PodSelector: ${selectorText(podSelector)}`)
    } else if (podSelector) sheet.line(3, `PodSelector: ${selectorText(podSelector)}`)
    else if (namespaceSelector) sheet.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`)
    else if (ipBlock) {
      sheet.line(3, 'IPBlock:')
      sheet.line(4, `CIDR: ${ipBlock.cidr}`)
      sheet.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`)
    }
  }
}
