import {
  duplicate,
  each,
  invalidValue,
  ipFamily,
  isCidr,
  isIp,
  isLabel,
  isPortNumber,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  required,
  tooMany,
  unsupported,
  type FieldError,
  type Service,
} from '../../../api/index.ts'
import { portErrors } from '../pod/probes.ts'
import { ordinaryIp } from '../../rules/addresses.ts'
import { goStruct } from '../../rules/goStruct.ts'
import { labelErrors } from '../../rules/meta.ts'
import { isExternal, isHeadless, needsHealthCheck, type ServicePort, type ServiceSpec } from './facts.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateService

/** The checks of a Service: of its name, and of the whole. */
export const serviceErrors = { name: isLabel, whole, balancerClass: classErrors }

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const protocols = ['SCTP', 'TCP', 'UDP']

function whole(service: Service): readonly FieldError[] {
  const { spec } = service
  const errors: FieldError[] = []
  const { ports = [], type = '' } = spec
  topologyErrors(errors, service.metadata.annotations)
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'))
  typeErrors(errors, spec)
  const names = new Set<string>()
  ports.forEach((port, index) => onePortErrors(errors, `spec.ports[${index}]`, port, ports.length > 1, names))
  if (spec.selector !== undefined) errors.push(...labelErrors('spec.selector', spec.selector))
  affinityErrors(errors, spec)
  errors.push(...addressErrors(spec))
  spec.externalIPs?.forEach((ip, index) => {
    const bad = isIp(ip)
    errors.push(...each(`spec.externalIPs[${index}]`, ip, bad.length > 0 ? bad : ordinaryIp(ip)))
  })
  if (type === '') errors.push(required('spec.type'))
  else if (!types.includes(type)) errors.push(unsupported('spec.type', type, types))
  if (type === 'ClusterIP')
    ports.forEach(({ nodePort }, index) => {
      if (nodePort)
        errors.push(notAllowed(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
    })
  repeatedPorts(errors, ports)
  rangeErrors(errors, service)
  balancerErrors(errors, spec)
  trafficErrors(errors, spec)
  return errors
}

const hints = 'service.kubernetes.io/topology-aware-hints'
const mode = 'service.kubernetes.io/topology-mode'

/** The older annotation and the newer one say the same, if both are there. */
function topologyErrors(errors: FieldError[], annotations: Readonly<Record<string, string>> | undefined): void {
  const [older, newer] = [annotations?.[hints], annotations?.[mode]]
  if (older !== undefined && newer !== undefined && older !== newer)
    errors.push(
      invalidValue(`metadata.annotations[${mode}]`, newer, `must match annotations[${hints}] when both are specified`),
    )
}

function typeErrors(errors: FieldError[], spec: ServiceSpec): void {
  const { type, clusterIPs, externalName } = spec
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec))
    errors.push(
      invalidValue('spec.clusterIPs[0]', clusterIPs?.[0] ?? '', `may not be set to 'None' for ${type} services`),
    )
  if (type !== 'ExternalName') return
  const text = 'may not be set for ExternalName services'
  if (clusterIPs?.length) errors.push(notAllowed('spec.clusterIPs', text))
  if (spec.ipFamilies?.length) errors.push(notAllowed('spec.ipFamilies', text))
  if (spec.ipFamilyPolicy !== undefined) errors.push(notAllowed('spec.ipFamilyPolicy', text))
  const name = (externalName ?? '').replace(/\.$/, '')
  if (name === '') errors.push(required('spec.externalName'))
  else errors.push(...each('spec.externalName', name, isSubdomain(name)))
}

function onePortErrors(
  errors: FieldError[],
  path: string,
  port: ServicePort,
  needsName: boolean,
  names: Set<string>,
): void {
  const { name, protocol, appProtocol } = port
  if (needsName && !name) errors.push(required(`${path}.name`))
  else if (name) {
    errors.push(...each(`${path}.name`, name, isLabel(name)))
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
  }
  errors.push(...each(`${path}.port`, port.port ?? 0, isPortNumber(port.port ?? 0)))
  if (!protocol) errors.push(required(`${path}.protocol`))
  else if (!protocols.includes(protocol)) errors.push(unsupported(`${path}.protocol`, protocol, protocols))
  errors.push(...portErrors(`${path}.targetPort`, port.targetPort))
  if (appProtocol !== undefined) errors.push(...each(`${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol)))
}

function affinityErrors(errors: FieldError[], { sessionAffinity, sessionAffinityConfig: config }: ServiceSpec): void {
  const path = 'spec.sessionAffinityConfig'
  if (!sessionAffinity) errors.push(required('spec.sessionAffinity'))
  else if (sessionAffinity !== 'ClientIP' && sessionAffinity !== 'None')
    errors.push(unsupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']))
  if (sessionAffinity === 'ClientIP') {
    const seconds = config?.clientIP?.timeoutSeconds
    if (seconds === undefined) errors.push(required(path, 'when session affinity type is ClientIP'))
    else if (seconds <= 0 || seconds > 86_400)
      errors.push(
        invalidValue(`${path}.clientIP.timeoutSeconds`, seconds, 'must be greater than 0 and less than 86400'),
      )
  } else if (sessionAffinity === 'None' && config !== undefined)
    errors.push(notAllowed(path, 'must not be set when session affinity is None'))
}

const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** What is wrong with the addresses inside the cluster, and with their families. */
// upstream: ValidateServiceClusterIPsRelatedFields there
export function addressErrors(spec: ServiceSpec): readonly FieldError[] {
  const { type, clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec
  if (type === 'ExternalName') return []
  const errors: FieldError[] = []
  const path = 'spec.clusterIPs'
  if (clusterIP !== '') {
    if (clusterIPs.length === 0) errors.push(required(path))
    else if (clusterIPs[0] !== clusterIP)
      errors.push(invalidValue(path, clusterIPs, 'first value must match `clusterIP`'))
  } else if (clusterIPs.length > 0)
    errors.push(invalidValue(path, clusterIPs, 'must be empty when `clusterIP` is not specified'))
  ipFamilies.forEach((family, index) => {
    if (family !== 'IPv4' && family !== 'IPv6')
      errors.push(unsupported(`spec.ipFamilies[${index}]`, family, ['IPv4', 'IPv6']))
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(`spec.ipFamilies[${index}]`, family))
  })
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy))
    errors.push(unsupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies))
  let isBroken = false
  clusterIPs.forEach((address, index) => {
    if (index === 0 && address === 'None') {
      if (clusterIPs.length === 1) return
      isBroken = true
      return void errors.push(invalidValue(path, clusterIPs, "'None' must be the first and only value"))
    }
    const bad = isIp(address)
    isBroken ||= bad.length > 0
    errors.push(...each(`${path}[${index}]`, address, bad))
  })
  if (clusterIPs.length > 2) errors.push(invalidValue(path, clusterIPs, 'may only hold up to 2 values'))
  if (isBroken) return errors
  if (clusterIPs.length === 2 && ipFamily(clusterIPs[0]!) === ipFamily(clusterIPs[1]!))
    errors.push(invalidValue(path, clusterIPs, 'may specify no more than one IP for each IP family'))
  if (isHeadless(spec) || errors.length > 0) return errors
  clusterIPs.slice(0, ipFamilies.length).forEach((address, index) => {
    if (ipFamily(address) !== ipFamilies[index])
      errors.push(
        invalidValue(
          `${path}[${index}]`,
          address,
          `expected an ${ipFamilies[index]} value as indicated by \`ipFamilies[${index}]\``,
        ),
      )
  })
  return errors
}

function repeatedPorts(errors: FieldError[], ports: readonly ServicePort[]): void {
  const nodePorts = new Set<string>()
  const numbers = new Set<string>()
  ports.forEach(({ protocol, nodePort }, index) => {
    if (!nodePort) return
    const key = `${protocol}/${nodePort}`
    if (nodePorts.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, nodePort))
    nodePorts.add(key)
  })
  ports.forEach(({ protocol, port }, index) => {
    const key = `${protocol}/${port}`
    if (numbers.has(key)) errors.push(duplicate(`spec.ports[${index}]`, goStruct('ServicePort', { protocol, port })))
    numbers.add(key)
  })
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'

function rangeErrors(errors: FieldError[], { metadata, spec }: Service): void {
  const ranges = spec.loadBalancerSourceRanges ?? []
  const annotated = metadata.annotations?.[rangesAnnotation]
  if (ranges.length === 0 && annotated === undefined) return
  const path = ranges.length > 0 ? 'spec.LoadBalancerSourceRanges' : `metadata.annotations[${rangesAnnotation}]`
  if (spec.type !== 'LoadBalancer') errors.push(notAllowed(path, "may only be used when `type` is 'LoadBalancer'"))
  ranges.forEach((range, index) => errors.push(...each(`${path}[${index}]`, range.trim(), isCidr(range.trim()))))
  if (ranges.length > 0 || !annotated?.trim()) return
  for (const range of annotated.split(',')) errors.push(...each(path, range.trim(), isCidr(range.trim())))
}

function balancerErrors(errors: FieldError[], spec: ServiceSpec): void {
  if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer')
    errors.push(notAllowed('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"))
  classErrors(errors, spec)
}

function classErrors(errors: FieldError[], spec: ServiceSpec): void {
  if (spec.loadBalancerClass === undefined) return
  if (spec.type !== 'LoadBalancer')
    errors.push(notAllowed('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"))
  else errors.push(...each('spec.loadBalancerClass', spec.loadBalancerClass, isQualifiedName(spec.loadBalancerClass)))
}

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

function trafficErrors(errors: FieldError[], spec: ServiceSpec): void {
  const { externalTrafficPolicy: outer, internalTrafficPolicy: inner, healthCheckNodePort, trafficDistribution } = spec
  if (!isExternal(spec)) {
    if (outer)
      errors.push(
        invalidValue('spec.externalTrafficPolicy', outer, 'may only be set for externally-accessible services'),
      )
  } else if (!outer) errors.push(required('spec.externalTrafficPolicy'))
  else if (outer !== 'Cluster' && outer !== 'Local')
    errors.push(unsupported('spec.externalTrafficPolicy', outer, ['Cluster', 'Local']))
  if (!needsHealthCheck(spec) && healthCheckNodePort)
    errors.push(
      invalidValue(
        'spec.healthCheckNodePort',
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    )
  if (inner !== undefined && inner !== 'Cluster' && inner !== 'Local')
    errors.push(unsupported('spec.internalTrafficPolicy', inner, ['Cluster', 'Local']))
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    errors.push(unsupported('spec.trafficDistribution', trafficDistribution, distributions))
  if ((spec.ports?.length ?? 0) > 65_536) errors.push(tooMany('spec.ports', spec.ports!.length, 65_536))
}
