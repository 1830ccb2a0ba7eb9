import {
  each,
  invalidValue,
  ipFamily,
  isIp,
  isSubdomain,
  notAllowed,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type Service,
} from '../../../api/index.ts'

/** An address is one that the balancer answers at itself, unless said otherwise. */
export function defaultStatus(draft: Draft<Service>): void {
  const ingress = draft.status?.loadBalancer?.ingress
  if (!ingress?.some(({ ip, ipMode }) => ip && ipMode === undefined)) return
  const whole = ingress.map((one) => (one.ip ? { ...one, ipMode: one.ipMode ?? 'VIP' } : one))
  draft.status = { ...draft.status, loadBalancer: { ...draft.status.loadBalancer, ingress: whole } }
}

const modes = ['Proxy', 'VIP']

/** What a report of a load balancer may not say. */
// upstream: pkg/apis/core/validation/validation.go ValidateLoadBalancerStatus
export function serviceStatusErrors({ spec, status }: Service): readonly FieldError[] {
  const ingress = status.loadBalancer?.ingress ?? []
  const path = 'status.loadBalancer.ingress'
  if (spec.type !== 'LoadBalancer')
    return ingress.length > 0 ? [notAllowed(path, "may only be used when `spec.type` is 'LoadBalancer'")] : []
  return ingress.flatMap((one, index) => ingressErrors(`${path}[${index}]`, one))
}

interface Ingress {
  readonly ip?: string
  readonly ipMode?: string
  readonly hostname?: string
}

function ingressErrors(path: string, { ip = '', ipMode, hostname = '' }: Ingress): readonly FieldError[] {
  const errors: FieldError[] = ip === '' ? [] : [...each(`${path}.ip`, ip, isIp(ip))]
  if (ipMode === undefined) {
    if (ip !== '') errors.push(required(`${path}.ipMode`, 'must be specified when `ip` is set'))
  } else if (ip === '') errors.push(notAllowed(`${path}.ipMode`, 'may not be specified when `ip` is not set'))
  else if (!modes.includes(ipMode)) errors.push(unsupported(`${path}.ipMode`, ipMode, modes))
  if (hostname === '') return errors
  errors.push(...each(`${path}.hostname`, hostname, isSubdomain(hostname)))
  if (ipFamily(hostname) !== undefined)
    errors.push(invalidValue(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'))
  return errors
}
