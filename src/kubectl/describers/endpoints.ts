import type { Endpoints, EndpointSlice } from '../engine.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { eventLines, headLines } from './parts.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]

/** The endpoints of a service, as they were kept before slices. */
export const endpointsDescriber = defineDescriber<Endpoints>({
  group: '',
  kind: 'Endpoints',
  describe({ object, sheet, events, now }) {
    headLines(sheet, object.metadata)
    sheet.line(0, 'Subsets:')
    for (const subset of object.subsets ?? []) subsetLines(sheet, subset)
    eventLines(sheet, events(), now)
  },
})

function subsetLines(sheet: Sheet, { addresses, notReadyAddresses, ports }: Subset): void {
  sheet.line(1, 'Addresses:', addressText(addresses))
  sheet.line(1, 'NotReadyAddresses:', addressText(notReadyAddresses))
  if ((ports ?? []).length > 0) {
    sheet.line(1, 'Ports:')
    sheet.line(2, 'Name', 'Port', 'Protocol')
    sheet.line(2, '----', '----', '--------')
    for (const { name, port, protocol = 'TCP' } of ports!) sheet.line(2, name || '<unset>', port, protocol)
  }
  sheet.line(0, '')
}

const addressText = (addresses: Subset['addresses']): string =>
  (addresses ?? []).map(({ ip }) => ip).join(',') || '<none>'

/** One slice of the endpoints of a service. */
export const endpointSliceDescriber = defineDescriber<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  describe({ object, sheet, events, now }) {
    headLines(sheet, object.metadata)
    sheet.line(0, 'AddressType:', object.addressType)
    slicePorts(sheet, object)
    sliceEndpoints(sheet, object)
    eventLines(sheet, events(), now)
  },
})

function slicePorts(sheet: Sheet, { ports = [] }: EndpointSlice): void {
  if (ports.length === 0) return sheet.line(0, 'Ports: <unset>')
  sheet.line(0, 'Ports:')
  sheet.line(1, 'Name', 'Port', 'Protocol')
  sheet.line(1, '----', '----', '--------')
  for (const { name, port, protocol } of ports)
    sheet.line(1, name ? name : '<unset>', port ?? '<unset>', protocol ?? 'TCP')
}

function sliceEndpoints(sheet: Sheet, { endpoints }: EndpointSlice): void {
  if ((endpoints ?? []).length === 0) return sheet.line(0, 'Endpoints: <none>')
  sheet.line(0, 'Endpoints:')
  for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints!) {
    sheet.line(1, '- Addresses:', addresses.length === 0 ? '<none>' : addresses.join(', '))
    sheet.line(2, 'Conditions:')
    sheet.line(3, 'Ready:', conditions?.ready ?? '<unset>')
    sheet.line(2, 'Hostname:', hostname ?? '<unset>')
    if (targetRef) sheet.line(2, 'TargetRef:', `${targetRef.kind}/${targetRef.name}`)
    sheet.line(2, 'NodeName:', nodeName ?? '<unset>')
    sheet.line(2, 'Zone:', zone ?? '<unset>')
  }
}
