import { isEqual, type Service } from '../../../api/index.ts'
import { cidrWarnings, ipWarnings } from '../../rules/canonical.ts'
import { isHeadless, type ServiceSpec } from './facts.ts'

const outdatedHints = 'service.kubernetes.io/topology-aware-hints'

/** What is accepted, but not without a word. */
// upstream: pkg/api/service/warnings.go
export function serviceWarnings({ metadata, spec }: Service, old: Service | undefined): readonly string[] {
  const warnings: string[] = []
  if (metadata.annotations !== undefined && outdatedHints in metadata.annotations)
    warnings.push(`annotation ${outdatedHints} is deprecated, please use service.kubernetes.io/topology-mode instead`)
  const isBare = isHeadless(spec)
  if (isBare) headlessWarnings(warnings, spec)
  else list(warnings, 'clusterIPs', spec.clusterIPs, ipWarnings)
  list(warnings, 'externalIPs', spec.externalIPs, ipWarnings)
  const isName = spec.type === 'ExternalName'
  const isNewlyExternal = spec.externalIPs?.length && !isEqual(spec.externalIPs, old?.spec.externalIPs)
  if (isNewlyExternal && !isName && !isBare)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  if (spec.loadBalancerIP) warnings.push(...ipWarnings('spec.loadBalancerIP', spec.loadBalancerIP))
  list(warnings, 'loadBalancerSourceRanges', spec.loadBalancerSourceRanges, cidrWarnings)
  if (isName && spec.externalIPs?.length) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  if (!isName && spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  return warnings
}

function headlessWarnings(warnings: string[], { loadBalancerIP, externalIPs, sessionAffinity }: ServiceSpec): void {
  if (loadBalancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services')
  if (externalIPs?.length) warnings.push('spec.externalIPs is ignored for headless services')
  if (sessionAffinity !== undefined && sessionAffinity !== 'None')
    warnings.push('spec.SessionAffinity is ignored for headless services')
}

type Say = (path: string, text: string) => readonly string[]

function list(warnings: string[], field: string, texts: readonly string[] | undefined, say: Say): void {
  texts?.forEach((text, index) => warnings.push(...say(`spec.${field}[${index}]`, text)))
}
