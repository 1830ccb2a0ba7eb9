import {
  duplicate,
  each,
  invalidValue,
  ipFamily,
  isEqual,
  isIp,
  isLabel,
  isLabelValue,
  isPortNumber,
  isQualifiedName,
  isSubdomain,
  required,
  tooMany,
  unsupported,
  type EndpointSlice,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { ordinaryIp } from '../rules/addresses.ts'
import { ipWarnings } from '../rules/canonical.ts'
import { immutable } from '../rules/meta.ts'

/** The addresses behind a Service. */
export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  hasGeneration: true,
  isNewGeneration: (next, old) =>
    !isEqual({ ...next, metadata: 0 }, { ...old, metadata: 0 }) ||
    !isEqual(next.metadata.labels ?? {}, old.metadata.labels ?? {}),
  defaults(draft) {
    const record = draft as unknown as Record<string, unknown>
    record['endpoints'] ??= null
    record['ports'] ??= null
    for (const one of draft.endpoints ?? []) one.conditions ??= {}
    for (const port of draft.ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  },
  validate: sliceErrors,
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...sliceErrors(next),
    ...immutable('addressType', next.addressType, old.addressType),
  ],
  warnings: (slice, old) => [
    ...(old === undefined && slice.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...addressWarnings(slice),
  ],
  columns: [
    nameColumn,
    { name: 'AddressType', cell: ({ addressType }) => addressType },
    { name: 'Ports', cell: ({ ports }) => fewOf((ports ?? []).map(({ name, port }) => String(port ?? name ?? '*'))) },
    {
      name: 'Endpoints',
      cell: ({ endpoints }) => fewOf((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
    },
    ageColumn,
  ],
})

const managers = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io']

/** Kubernetes' own controllers write addresses as they should be. */
// upstream: pkg/registry/discovery/endpointslice/strategy.go warnOnBadIPs
function addressWarnings({ metadata, addressType, endpoints }: EndpointSlice): readonly string[] {
  if (addressType === 'FQDN' || managers.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? ''))
    return []
  return (endpoints ?? []).flatMap(({ addresses }, index) =>
    (addresses ?? []).flatMap((address, place) => ipWarnings(`endpoints[${index}].addresses[${place}]`, address)),
  )
}

/** The first three, and how many more. */
function fewOf(list: readonly string[]): string {
  if (list.length === 0) return '<unset>'
  const few = list.slice(0, 3).join(',')
  return list.length > 3 ? `${few} + ${list.length - 3} more...` : few
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

// upstream: pkg/apis/discovery/validation/validation.go ValidateEndpointSlice
function sliceErrors({ addressType, endpoints, ports }: EndpointSlice): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!addressType) errors.push(required('addressType'))
  else if (!addressTypes.includes(addressType)) errors.push(unsupported('addressType', addressType, addressTypes))
  const isKnown = addressTypes.includes(addressType)
  if ((endpoints?.length ?? 0) > 1000) errors.push(tooMany('endpoints', endpoints!.length, 1000))
  else if (isKnown) endpoints?.forEach((one, index) => endpointErrors(errors, `endpoints[${index}]`, one, addressType))
  if ((ports?.length ?? 0) > 100) errors.push(tooMany('ports', ports!.length, 100))
  else portErrors(errors, ports ?? [])
  return errors
}

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]

function endpointErrors(
  errors: FieldError[],
  path: string,
  { addresses, hostname, nodeName, hints }: Endpoint,
  type: string,
): void {
  const list = addresses ?? []
  if (list.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'))
  else if (list.length > 100) errors.push(tooMany(`${path}.addresses`, list.length, 100))
  list.forEach((address, index) => addressErrors(errors, `${path}.addresses`, index, address, type))
  if (nodeName !== undefined) errors.push(...each(`${path}.nodeName`, nodeName, isSubdomain(nodeName)))
  if (hostname !== undefined) errors.push(...each(`${path}.hostname`, hostname, isLabel(hostname)))
  if (hints !== undefined) hintErrors(errors, `${path}.hints`, hints)
}

function addressErrors(errors: FieldError[], path: string, index: number, address: string, type: string): void {
  const at = `${path}[${index}]`
  if (type === 'FQDN') return fullNameErrors(errors, at, address)
  const bad = isIp(address)
  if (bad.length > 0) return void errors.push(...each(at, address, bad))
  if (ipFamily(address) !== type)
    errors.push(invalidValue(path, address, type === 'IPv4' ? 'must be an IPv4 address' : 'must be an IPv6 address'))
  else errors.push(...each(at, address, ordinaryIp(address)))
}

/** A domain of at least two parts, each a DNS label; a dot may end it. */
// upstream: apimachinery/pkg/util/validation IsFullyQualifiedDomainName
function fullNameErrors(errors: FieldError[], path: string, address: string): void {
  if (address === '') return void errors.push(required(path))
  const name = address.replace(/\.$/, '')
  const bad = isSubdomain(name)
  if (bad.length > 0) return void errors.push(invalidValue(path, name, bad.join(',')))
  const labels = name.split('.')
  if (labels.length < 2)
    return void errors.push(invalidValue(path, name, 'should be a domain with at least two segments separated by dots'))
  for (const label of labels)
    if (isLabel(label).length > 0) errors.push(invalidValue(path, label, isLabel(label).join(',')))
}

const hintsMax = 8

/** Which zones and nodes should use an endpoint. */
function hintErrors(errors: FieldError[], path: string, { forZones = [], forNodes = [] }: Hints): void {
  const lists = [
    ['forZones', forZones, isLabelValue],
    ['forNodes', forNodes, isSubdomain],
  ] as const
  for (const [field, list] of lists)
    if (list.length > hintsMax) return void errors.push(tooMany(`${path}.${field}`, list.length, hintsMax))
  for (const [field, list, check] of lists) {
    const seen = new Set<string>()
    list.forEach(({ name }, index) => {
      const at = `${path}.${field}[${index}].name`
      if (seen.has(name)) errors.push(duplicate(at, name))
      seen.add(name)
      errors.push(...each(at, name, check(name)))
    })
  }
}

type Hints = NonNullable<Endpoint['hints']>
type Port = NonNullable<EndpointSlice['ports']>[number]

function portErrors(errors: FieldError[], ports: readonly Port[]): void {
  const names = new Set<string>()
  const protocols = ['SCTP', 'TCP', 'UDP']
  ports.forEach(({ name = '', protocol, port, appProtocol }, index) => {
    const at = `ports[${index}]`
    if (name !== '') errors.push(...each(`${at}.name`, name, isLabel(name)))
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
    names.add(name)
    if (!protocol) errors.push(required(`${at}.protocol`))
    else if (!protocols.includes(protocol)) errors.push(unsupported(`${at}.protocol`, protocol, protocols))
    if (port !== undefined) errors.push(...each(`${at}.port`, port, isPortNumber(port)))
    if (appProtocol !== undefined) errors.push(...each(`${at}.appProtocol`, appProtocol, isQualifiedName(appProtocol)))
  })
}
