import type { ConfigMap, LimitRange, Namespace, ResourceQuota, Secret, ServiceAccount } from '../engine.ts'
import { bytesOfBase64 } from '../base64.ts'
import { defineDescriber } from './defineDescriber.ts'
import { limitLines, quotaLines } from './limits.ts'
import { annotationLines, eventLines, headLines, labelLines, longTime } from './parts.ts'

/** One config map with all it holds. */
export const configMapDescriber = defineDescriber<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  describe({ object, sheet, events, now }) {
    const { metadata, data = {}, binaryData = {} } = object
    headLines(sheet, metadata)
    sheet.line(0, '\nData\n====')
    for (const key of Object.keys(data).sort()) {
      sheet.line(0, `${key}:\n----`)
      sheet.line(0, `${data[key]}\n`)
    }
    sheet.line(0, '\nBinaryData\n====')
    for (const key of Object.keys(binaryData).sort())
      sheet.line(0, `${key}: ${bytesOfBase64(binaryData[key]!).length} bytes`)
    sheet.line(0, '')
    eventLines(sheet, events(), now)
  },
})

/** One secret: how long its values are, and nothing of what they say. */
export const secretDescriber = defineDescriber<Secret>({
  group: '',
  kind: 'Secret',
  describe({ object, sheet }) {
    const { metadata, data = {}, type = '' } = object
    headLines(sheet, metadata)
    sheet.line(0, '\nType:', type)
    sheet.line(0, '\nData\n====')
    for (const key of Object.keys(data).sort()) {
      const isToken = type === 'kubernetes.io/service-account-token' && key === 'token'
      sheet.line(0, `${key}:`, isToken ? data[key] : `${bytesOfBase64(data[key]!).length} bytes`)
    }
  },
})

/** One service account. */
export const serviceAccountDescriber = defineDescriber<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  describe({ object, sheet, events, now }) {
    headLines(sheet, object.metadata)
    const names = (object.imagePullSecrets ?? []).map(({ name }) => name ?? '')
    if (names.length === 0) sheet.line(0, 'Image pull secrets:', '<none>')
    names.forEach((name, index) => sheet.line(0, index === 0 ? 'Image pull secrets:' : '', name))
    eventLines(sheet, events(), now)
  },
})

/** One namespace, with the quotas and limits that hold in it. */
export const namespaceDescriber = defineDescriber<Namespace>({
  group: '',
  kind: 'Namespace',
  describe({ object, sheet, cluster }) {
    const { metadata, status } = object
    sheet.line(0, 'Name:', metadata.name)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Status:', status?.phase ?? '')
    const conditions = status?.conditions ?? []
    if (conditions.length > 0) {
      sheet.line(0, 'Conditions:')
      sheet.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message')
      sheet.line(1, '----', '------', '------------------', '------', '-------')
      for (const { type, status: value, lastTransitionTime, reason = '', message = '' } of conditions)
        sheet.line(1, type, value, longTime(lastTransitionTime), reason, message)
    }
    sheet.line(0, '')
    quotaLines(sheet, cluster.list<ResourceQuota>(cluster.kind('resourcequotas'), metadata.name))
    sheet.line(0, '')
    limitLines(sheet, cluster.list<LimitRange>(cluster.kind('limitranges'), metadata.name))
  },
})
