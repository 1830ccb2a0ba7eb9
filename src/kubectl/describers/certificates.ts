import { humanDuration } from '../duration.ts'
import { CommandError } from '../errors.ts'
import type { CertificateSigningRequest } from '../engine.ts'
import { bytesOfBase64 } from '../base64.ts'
import { readCertificateRequest, type CertificateRequest } from './certificateRequest.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { eventLines, longTime, mapText } from './parts.ts'

/** One request for a certificate: who asks, for whom, and what became of it. */
// upstream: kubectl/pkg/describe/describe.go describeCertificateSigningRequest
export const certificateSigningRequestDescriber = defineDescriber<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  describe({ object, sheet, events, now }) {
    const { metadata, spec } = object
    const request = parsed(spec.request)
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Labels:', mapText(metadata.labels))
    sheet.line(0, 'Annotations:', mapText(metadata.annotations))
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    sheet.line(0, 'Requesting User:', spec.username ?? '')
    if (spec.signerName) sheet.line(0, 'Signer:', spec.signerName)
    if (spec.expirationSeconds !== undefined)
      sheet.line(0, 'Requested Duration:', humanDuration(spec.expirationSeconds * 1000))
    sheet.line(0, 'Status:', statusText(object))
    subjectLines(sheet, request)
    nameLines(sheet, request)
    eventLines(sheet, events(), now)
  },
})

function parsed(text: string): CertificateRequest {
  const pem = String.fromCharCode(...bytesOfBase64(text))
  const block = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem)
  if (block === null) throw new CommandError('Error parsing CSR: PEM block type must be CERTIFICATE REQUEST')
  const request = readCertificateRequest(bytesOfBase64(block[1]!))
  if (request === undefined) throw new CommandError("Error parsing CSR: asn1: structure error: tags don't match")
  return request
}

function statusText({ status }: CertificateSigningRequest): string {
  const has = (wanted: string): boolean => status?.conditions?.some(({ type }) => type === wanted) ?? false
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return `${verdict}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`
}

const attributes: readonly (readonly [title: string, number: string])[] = [
  ['Organization', '2.5.4.10'],
  ['Organizational Unit', '2.5.4.11'],
  ['Country', '2.5.4.6'],
  ['Locality', '2.5.4.7'],
  ['Province', '2.5.4.8'],
  ['StreetAddress', '2.5.4.9'],
  ['PostalCode', '2.5.4.17'],
]

function subjectLines(sheet: Sheet, { subject }: CertificateRequest): void {
  sheet.line(0, 'Subject:')
  sheet.line(0, '', 'Common Name:', subject['2.5.4.3']?.at(-1) ?? '')
  sheet.line(0, '', 'Serial Number:', subject['2.5.4.5']?.at(-1) ?? '')
  for (const [title, number] of attributes) listLines(sheet, title, subject[number] ?? [])
}

function nameLines(sheet: Sheet, { dnsNames, emails, uris, addresses }: CertificateRequest): void {
  if (dnsNames.length + emails.length + uris.length + addresses.length === 0) return
  sheet.line(0, 'Subject Alternative Names:')
  listLines(sheet, 'DNS Names', dnsNames)
  listLines(sheet, 'Email Addresses', emails)
  listLines(sheet, 'URIs', uris)
  listLines(sheet, 'IP Addresses', addresses)
}

function listLines(sheet: Sheet, title: string, values: readonly string[]): void {
  values.forEach((value, index) => sheet.line(0, '', index === 0 ? `${title}:` : '', value))
}
