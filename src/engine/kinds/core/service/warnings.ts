import { isEqual, type Service } from '../../../api/index.ts'
import { isHeadless } from './facts.ts'

const outdatedHints = 'service.kubernetes.io/topology-aware-hints'

/** What is accepted, but not without a word. */
// upstream: pkg/api/service/warnings.go
export function serviceWarnings({ metadata, spec }: Service, old: Service | undefined): readonly string[] {
  const warnings: string[] = []
  if (metadata.annotations !== undefined && outdatedHints in metadata.annotations)
    warnings.push(`annotation ${outdatedHints} is deprecated, please use service.kubernetes.io/topology-mode instead`)
  const isBare = isHeadless(spec)
  if (isBare) {
    if (spec.loadBalancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services')
    if (spec.externalIPs?.length) warnings.push('spec.externalIPs is ignored for headless services')
    if (spec.sessionAffinity !== undefined && spec.sessionAffinity !== 'None')
      warnings.push('spec.SessionAffinity is ignored for headless services')
  }
  const isName = spec.type === 'ExternalName'
  if (isName && spec.externalIPs?.length) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  if (!isName && !isBare && spec.externalIPs?.length && !isEqual(spec.externalIPs, old?.spec.externalIPs))
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  if (!isName && spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  return warnings
}
