import {
  each,
  invalidValue,
  ipFamily,
  isIp,
  isLabel,
  isPortNumber,
  isQualifiedName,
  isSubdomain,
  required,
  unsupported,
  type Endpoints,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { ordinaryIp } from '../rules/addresses.ts'
import { ipWarnings } from '../rules/canonical.ts'

/** What EndpointSlices took the place of: all addresses of a Service in one object. */
export const endpoints = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  storagePrefix: 'services/endpoints',
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  defaults(draft) {
    for (const { ports } of draft.subsets ?? []) for (const port of ports ?? []) port.protocol ??= 'TCP'
  },
  validate: (object) => subsetErrors(object.subsets ?? []),
  validateUpdate: (next, _old, meta) => [...meta(), ...subsetErrors(next.subsets ?? [])],
  warnings: addressWarnings,
  columns: [nameColumn, { name: 'Endpoints', cell: ({ subsets }) => addressesText(subsets ?? []) }, ageColumn],
})

type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]
type Port = NonNullable<Subset['ports']>[number]

const protocols = ['SCTP', 'TCP', 'UDP']
const shownMax = 3

// upstream: pkg/registry/core/endpoint/strategy.go endpointsWarnings
function addressWarnings({ metadata, subsets }: Endpoints): readonly string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return []
  return (subsets ?? []).flatMap((subset, index) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, place) => ipWarnings(`subsets[${index}].${list}[${place}].ip`, ip)),
    ),
  )
}

// upstream: pkg/apis/core/validation/validation.go validateEndpointSubsets
function subsetErrors(subsets: readonly Subset[]): readonly FieldError[] {
  const errors: FieldError[] = []
  subsets.forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const path = `subsets[${index}]`
    if (addresses.length + notReadyAddresses.length === 0)
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
    addresses.forEach((address, place) => addressErrors(errors, `${path}.addresses[${place}]`, address))
    notReadyAddresses.forEach((address, place) => addressErrors(errors, `${path}.notReadyAddresses[${place}]`, address))
    ports.forEach((port, place) => portErrors(errors, `${path}.ports[${place}]`, port, ports.length > 1))
  })
  return errors
}

function addressErrors(errors: FieldError[], path: string, { ip = '', hostname, nodeName }: Address): void {
  errors.push(...each(`${path}.ip`, ip, isIp(ip)))
  if (hostname) errors.push(...each(`${path}.hostname`, hostname, isLabel(hostname)))
  if (nodeName !== undefined) errors.push(...each(`${path}.nodeName`, nodeName, isSubdomain(nodeName)))
  if (ipFamily(ip) === undefined) errors.push(invalidValue(`${path}.ip`, ip, 'must be a valid IP address'))
  else errors.push(...each(`${path}.ip`, ip, ordinaryIp(ip)))
}

function portErrors(errors: FieldError[], path: string, port: Port, needsName: boolean): void {
  const { name = '', protocol = '', appProtocol } = port
  if (needsName && name === '') errors.push(required(`${path}.name`))
  else if (name !== '') errors.push(...each(`${path}.name`, name, isLabel(name)))
  errors.push(...each(`${path}.port`, port.port ?? 0, isPortNumber(port.port ?? 0)))
  if (protocol === '') errors.push(required(`${path}.protocol`))
  else if (!protocols.includes(protocol)) errors.push(unsupported(`${path}.protocol`, protocol, protocols))
  if (appProtocol !== undefined) errors.push(...each(`${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol)))
}

/** `10.244.1.2:80,10.244.2.3:80 + 1 more...` */
// upstream: pkg/printers/internalversion/printers.go formatEndpoints
function addressesText(subsets: readonly Subset[]): string {
  if (subsets.length === 0) return '<none>'
  const texts: string[] = []
  for (const { addresses = [], ports = [] } of subsets) {
    if (ports.length === 0) texts.push(...addresses.map(({ ip }) => ip))
    for (const { port } of ports)
      texts.push(...addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)))
  }
  const shown = texts.slice(0, shownMax).join(',')
  return texts.length > shownMax ? `${shown} + ${texts.length - shownMax} more...` : shown
}
