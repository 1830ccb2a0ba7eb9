import {
  each,
  invalidValue,
  ipFamily,
  isIp,
  isLabel,
  isPortName,
  isPortNumber,
  isSubdomain,
  required,
  unsupported,
  type FieldError,
  type Ingress,
} from '../../api/index.ts'
import { isHostOrWildcard } from './hosts.ts'
import { segmentErrors } from './pathSegment.ts'

// upstream: pkg/apis/networking/validation/validation.go ValidateIngress…

type Spec = Ingress['spec']
type Rule = NonNullable<Spec['rules']>[number]
type Path = NonNullable<Rule['http']>['paths'][number]
type Backend = NonNullable<Spec['defaultBackend']>
type Reference = NonNullable<Backend['resource']>

/** The old way to name a class. */
export const classAnnotation = 'kubernetes.io/ingress.class'

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badEndings = ['/..', '/.']

/** What an Ingress asks that cannot be. `old` lets what was accepted once stay. */
export function ingressErrors({ spec }: Ingress, old?: Ingress): readonly FieldError[] {
  const errors: FieldError[] = []
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec
  if (rules.length === 0 && defaultBackend === undefined)
    errors.push(invalidValue('spec', spec.rules, 'either `defaultBackend` or `rules` must be specified'))
  if (defaultBackend !== undefined) backendErrors(errors, 'spec.defaultBackend', defaultBackend)
  const isLenient = old !== undefined && hasBadWildcardRule(old)
  rules.forEach((rule, index) => ruleErrors(errors, `spec.rules[${index}]`, rule, isLenient))
  const checksSecrets = old === undefined || !(old.spec.tls ?? []).some(({ secretName }) => isBadSecret(secretName))
  tls.forEach(({ hosts = [], secretName }, index) => {
    const at = `spec.tls[${index}]`
    hosts.forEach((host, place) => errors.push(...each(`${at}.hosts[${place}]`, host, isHostOrWildcard(host))))
    if (checksSecrets && secretName) errors.push(...each(`${at}.secretName`, secretName, isSubdomain(secretName)))
  })
  if (ingressClassName !== undefined)
    errors.push(...each('spec.ingressClassName', ingressClassName, isSubdomain(ingressClassName)))
  return errors
}

const isBadSecret = (name: string | undefined): boolean => (name ? isSubdomain(name).length > 0 : false)

function hasBadWildcardRule({ spec }: Ingress): boolean {
  return (spec.rules ?? []).some(({ host, http }) => {
    const errors: FieldError[] = []
    if (host?.includes('*') && http) httpErrors(errors, '', http.paths)
    return errors.length > 0
  })
}

/** An annotation and a field that name different classes. */
export function classErrors({ metadata, spec }: Ingress): readonly FieldError[] {
  const annotated = metadata.annotations?.[classAnnotation]
  if (annotated === undefined || spec.ingressClassName === undefined || annotated === spec.ingressClassName) return []
  const text = 'must match `ingressClassName` when both are specified'
  return [invalidValue(`annotations.${classAnnotation}`, annotated, text)]
}

function ruleErrors(errors: FieldError[], path: string, { host = '', http }: Rule, isLenient: boolean): void {
  if (host !== '') {
    if (ipFamily(host) !== undefined)
      errors.push(invalidValue(`${path}.host`, host, 'must be a DNS name, not an IP address'))
    errors.push(...each(`${path}.host`, host, isHostOrWildcard(host)))
  }
  if (http !== undefined && !(isLenient && host.includes('*'))) httpErrors(errors, `${path}.http`, http.paths)
}

function httpErrors(errors: FieldError[], path: string, paths: readonly Path[] | null | undefined): void {
  if (!paths?.length) errors.push(required(`${path}.paths`))
  paths?.forEach((one, index) => pathErrors(errors, `${path}.paths[${index}]`, one))
}

function pathErrors(errors: FieldError[], at: string, one: Path): void {
  const { path = '', backend } = one
  const pathType = one.pathType as string | undefined
  if (pathType === undefined) return void errors.push(required(`${at}.pathType`, 'pathType must be specified'))
  const bad = (text: string): unknown => errors.push(invalidValue(`${at}.path`, path, text))
  if (!pathTypes.includes(pathType)) errors.push(unsupported(`${at}.pathType`, pathType, pathTypes))
  else if (!path.startsWith('/') && (path !== '' || pathType !== 'ImplementationSpecific'))
    bad('must be an absolute path')
  if (pathType === 'Exact' || pathType === 'Prefix') {
    for (const sequence of badSequences) if (path.includes(sequence)) bad(`must not contain '${sequence}'`)
    for (const ending of badEndings) if (path.endsWith(ending)) bad(`cannot end with '${ending}'`)
  }
  backendErrors(errors, `${at}.backend`, backend ?? {})
}

function backendErrors(errors: FieldError[], path: string, { resource, service }: Backend): void {
  if (resource !== undefined && service !== undefined)
    return void errors.push(invalidValue(path, '', 'cannot set both resource and service backends'))
  if (resource !== undefined) return referenceErrors(errors, `${path}.resource`, resource)
  if (service === undefined) return void errors.push(invalidValue(path, '', 'resource or service backend is required'))
  const { name, port } = service
  if (!name) errors.push(required(`${path}.service.name`))
  else errors.push(...each(`${path}.service.name`, name, isLabel(name)))
  if (port?.name && port.number) errors.push(invalidValue(path, '', 'cannot set both port name & port number'))
  else if (port?.name) errors.push(...each(`${path}.service.port.name`, port.name, isPortName(port.name)))
  else if (port?.number) errors.push(...each(`${path}.service.port.number`, port.number, isPortNumber(port.number)))
  else errors.push(required(path, 'port name or number is required'))
}

function referenceErrors(errors: FieldError[], path: string, { apiGroup, kind, name }: Reference): void {
  if (apiGroup !== undefined) errors.push(...each(`${path}.apiGroup`, apiGroup, isSubdomain(apiGroup)))
  errors.push(...segmentErrors(`${path}.kind`, kind), ...segmentErrors(`${path}.name`, name))
}

/** What is wrong with the addresses a controller reports. */
// upstream: ValidateIngressLoadBalancerStatus there
export function ingressStatusErrors(next: Ingress, old: Ingress): readonly FieldError[] {
  const errors: FieldError[] = []
  const known = old.status.loadBalancer?.ingress?.map(({ ip }) => ip) ?? []
  next.status.loadBalancer?.ingress?.forEach(({ ip, hostname }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`
    if (ip && !known.includes(ip)) errors.push(...each(`${at}.ip`, ip, isIp(ip)))
    if (!hostname) return
    errors.push(...each(`${at}.hostname`, hostname, isSubdomain(hostname)))
    if (ipFamily(hostname) !== undefined)
      errors.push(invalidValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'))
  })
  return errors
}
