import { invalidValue, ipFamily, isEqual, type Draft, type FieldError, type Service } from '../../../api/index.ts'
import { isHeadless } from './facts.ts'
import { addressErrors } from './validation.ts'

type Spec = Draft<Service>['spec']

/** Settles which kinds of addresses a Service has, or says why it cannot; this cluster has IPv4 alone. */
// upstream: pkg/registry/core/service/storage/alloc.go initIPFamilyFields
export function settleFamilies({ spec }: Draft<Service>, old: Service | undefined): readonly FieldError[] {
  if (spec.type === 'ExternalName' || keepsPreference(spec, old)) return []
  const isBare = isHeadless(spec as Service['spec']) && Object.keys(spec.selector ?? {}).length === 0
  spec.ipFamilyPolicy ??= isBare ? 'RequireDualStack' : 'SingleStack'
  const early = addressErrors(spec as Service['spec'])
  if (early.length > 0) return early
  const errors = [...releaseErrors(spec, old), ...policyErrors(spec), ...inferFamilies(spec)]
  if (errors.length > 0) return errors
  if (isBare) return addOtherFamily(spec)
  if (spec.ipFamilyPolicy === 'RequireDualStack')
    errors.push(policyError(spec, 'this cluster is not configured for dual-stack services'))
  spec.ipFamilies?.forEach((family, index) => {
    if (family !== 'IPv4')
      errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'))
  })
  if (errors.length === 0 && !spec.ipFamilies?.length) spec.ipFamilies = ['IPv4']
  return errors
}

const policyError = (spec: Spec, text: string): FieldError =>
  invalidValue('spec.ipFamilyPolicy', spec.ipFamilyPolicy, text)

/** Who once preferred two families is left alone. */
// upstream: isMatchingPreferDualStackClusterIPFields there
function keepsPreference(spec: Spec, old: Service | undefined): boolean {
  return (
    old !== undefined &&
    old.spec.type !== 'ExternalName' &&
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    old.spec.ipFamilyPolicy === 'PreferDualStack' &&
    isEqual(spec.clusterIPs, old.spec.clusterIPs) &&
    isEqual(spec.ipFamilies, old.spec.ipFamilies)
  )
}

/** To give up the second family, the policy has to say so; then what did not change is shortened. */
function releaseErrors(spec: Spec, old: Service | undefined): readonly FieldError[] {
  if (old === undefined) return []
  const { clusterIPs = [], ipFamilies = [] } = spec
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (clusterIPs.length > 1 && isEqual(clusterIPs, old.spec.clusterIPs)) spec.clusterIPs = clusterIPs.slice(0, 1)
    if (ipFamilies.length > 1 && isEqual(ipFamilies, old.spec.ipFamilies)) spec.ipFamilies = ipFamilies.slice(0, 1)
    return []
  }
  const isFewer = (now: readonly string[], before: readonly string[] = []): boolean =>
    now.length > 0 && now.length < before.length
  const errors: FieldError[] = []
  if (isFewer(clusterIPs, old.spec.clusterIPs))
    errors.push(policyError(spec, "must be 'SingleStack' to release the secondary cluster IP"))
  if (isFewer(ipFamilies, old.spec.ipFamilies))
    errors.push(policyError(spec, "must be 'SingleStack' to release the secondary IP family"))
  return errors
}

function policyErrors(spec: Spec): readonly FieldError[] {
  if (spec.ipFamilyPolicy !== 'SingleStack') return []
  const text = (what: string): string =>
    `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`
  const errors: FieldError[] = []
  if (spec.clusterIPs?.length === 2) errors.push(policyError(spec, text('cluster IPs')))
  if (spec.ipFamilies?.length === 2) errors.push(policyError(spec, text('IP families')))
  return errors
}

/** Addresses that were chosen by hand tell their families. */
function inferFamilies(spec: Spec): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === 'None') break
    if (index < (spec.ipFamilies?.length ?? 0)) continue
    const family = ipFamily(address) ?? 'IPv4'
    if (family === 'IPv4') spec.ipFamilies = [...(spec.ipFamilies ?? []), family]
    else
      errors.push(
        invalidValue(`spec.clusterIPs[${index}]`, spec.clusterIPs, `${family} is not configured on this cluster`),
      )
  }
  return errors
}

/** Without an address and without pods of its own, a Service may have families that the cluster lacks. */
function addOtherFamily(spec: Spec): readonly FieldError[] {
  const families = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
  const needsOther = families.length < 2 && spec.ipFamilyPolicy !== 'SingleStack'
  spec.ipFamilies = needsOther ? [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4'] : families
  return []
}
