import { invalidValue, notAllowed, type FieldError, type Service } from '../../../api/index.ts'
import { isHeadless, needsHealthCheck, type ServiceSpec } from './facts.ts'
import { serviceErrors } from './validation.ts'

/** What an update may not change. */
// upstream: pkg/apis/core/validation/validation.go ValidateServiceUpdate
export function serviceUpdateErrors({ spec: next }: Service, { spec: old }: Service): readonly FieldError[] {
  const errors: FieldError[] = []
  if (next.type !== 'ExternalName' && old.type !== 'ExternalName') {
    const isBare = isHeadless(next)
    if (!isBare || !isHeadless(old)) addressChanges(errors, next, old)
    if (!isBare && !isHeadless(old)) familyChanges(errors, next, old)
  }
  const stays = next.type === 'LoadBalancer' && old.type === 'LoadBalancer'
  if (stays && next.loadBalancerClass !== old.loadBalancerClass)
    errors.push(invalidValue('spec.loadBalancerClass', next.loadBalancerClass, 'may not change once set'))
  serviceErrors.balancerClass(errors, next)
  if (needsHealthCheck(old) && needsHealthCheck(next) && next.healthCheckNodePort !== old.healthCheckNodePort)
    errors.push(notAllowed('spec.healthCheckNodePort', 'field is immutable'))
  return errors
}

const fixed = 'may not change once set'

// upstream: validateUpgradeDowngradeClusterIPs there
function addressChanges(errors: FieldError[], next: ServiceSpec, old: ServiceSpec): void {
  const [now, before] = [next.clusterIPs ?? [], old.clusterIPs ?? []]
  const bad = (index: number, text: string): unknown =>
    errors.push(invalidValue(`spec.clusterIPs[${index}]`, next.clusterIPs, text))
  if (now.length === before.length) return before.forEach((ip, index) => void (ip !== now[index] && bad(index, fixed)))
  if (now.length === 0) bad(0, 'primary clusterIP can not be unset')
  else if (before.length > 0 && now[0] !== before[0]) bad(0, fixed)
  if (now.length === 1 && before.length > 1) releaseErrors(errors, next, 'clusterIP')
}

// upstream: validateUpgradeDowngradeIPFamilies there; where the number changes, the addresses are shown instead
function familyChanges(errors: FieldError[], next: ServiceSpec, old: ServiceSpec): void {
  const [now, before] = [next.ipFamilies ?? [], old.ipFamilies ?? []]
  const bad = (shown: unknown, text: string): unknown => errors.push(invalidValue('spec.ipFamilies[0]', shown, text))
  if (now.length === before.length)
    return before.forEach((family, index) => void (family !== now[index] && bad(next.ipFamilies, fixed)))
  if (now.length < before.length && !next.clusterIPs?.length) bad(next.ipFamilies, 'primary ipFamily can not be unset')
  if (now.length > 0 && before.length > 0 && now[0] !== before[0]) bad(next.clusterIPs, fixed)
  if (now.length === 1 && before.length > 1) releaseErrors(errors, next, 'ipFamily')
}

function releaseErrors(errors: FieldError[], { ipFamilyPolicy }: ServiceSpec, what: string): void {
  const text = `must be set to 'SingleStack' when releasing the secondary ${what}`
  if (ipFamilyPolicy !== 'SingleStack') errors.push(invalidValue('spec.ipFamilyPolicy', ipFamilyPolicy, text))
}
