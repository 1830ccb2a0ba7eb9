import type { Ingress } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { classAnnotation, classErrors, ingressErrors, ingressStatusErrors } from './ingressValidation.ts'

/** Brings requests from outside to Services, by host and path. */
export const ingress = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  storagePrefix: 'ingress',
  defaults(draft) {
    draft.spec ??= {}
    draft.status ??= {}
    draft.status.loadBalancer ??= {}
  },
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
  },
  validate: (object) => [...ingressErrors(object), ...classErrors(object)],
  validateUpdate: (next, old, meta) => [...meta(), ...ingressErrors(next, old)],
  validateStatusUpdate: ingressStatusErrors,
  warnings: ({ metadata, spec }, old) =>
    old === undefined && metadata.annotations?.[classAnnotation] !== undefined && spec.ingressClassName === undefined
      ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  columns: [
    nameColumn,
    { name: 'Class', cell: ({ spec }) => spec.ingressClassName ?? '<none>' },
    { name: 'Hosts', cell: ({ spec }) => hostsOf(spec.rules ?? []) },
    { name: 'Address', cell: addressOf },
    { name: 'Ports', cell: ({ spec }) => (spec.tls?.length ? '80, 443' : '80') },
    ageColumn,
  ],
})

/** The first three hosts that are named, and how many rules there are besides. */
// upstream: pkg/printers/internalversion/printers.go formatHosts
function hostsOf(rules: readonly { readonly host?: string }[]): string {
  const hosts: string[] = []
  let hasMore = false
  for (const { host } of rules) {
    hasMore ||= hosts.length === 3
    if (!hasMore && host) hosts.push(host)
  }
  if (hosts.length === 0) return '*'
  return hasMore ? `${hosts.join(',')} + ${rules.length - 3} more...` : hosts.join(',')
}

function addressOf({ status }: Ingress): string {
  const addresses = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
  return [...new Set(addresses.filter((address) => address !== ''))].sort().join(',')
}
