import type { IPAddress, ServiceCIDR } from '../engine.ts'
import { defineDescriber } from './defineDescriber.ts'
import { eventLines, headLines, longTime } from './parts.ts'

/** One range that the addresses of services come from. */
export const serviceCidrDescriber = defineDescriber<ServiceCIDR>({
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  describe({ object, sheet, events, now }) {
    headLines(sheet, object.metadata)
    sheet.line(0, 'CIDRs:', (object.spec?.cidrs ?? []).join(', '))
    const conditions = object.status?.conditions ?? []
    if (conditions.length > 0) {
      sheet.line(0, 'Status:')
      sheet.line(0, 'Conditions:')
      sheet.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message')
      sheet.line(1, '----', '------', '------------------', '------', '-------')
      for (const { type, status, lastTransitionTime, reason = '', message = '' } of conditions)
        sheet.line(1, type, status, longTime(lastTransitionTime), reason, message)
    }
    eventLines(sheet, events(), now)
  },
})

/** One address of a service, and whose it is. */
export const ipAddressDescriber = defineDescriber<IPAddress>({
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  describe({ object, sheet, events, now }) {
    headLines(sheet, object.metadata)
    const parent = object.spec?.parentRef
    if (parent) {
      sheet.line(0, 'Parent Reference:')
      sheet.line(1, 'Group:', parent.group ?? '')
      sheet.line(1, 'Resource:', parent.resource)
      sheet.line(1, 'Namespace:', parent.namespace ?? '')
      sheet.line(1, 'Name:', parent.name)
    }
    eventLines(sheet, events(), now)
  },
})
