import {
  decodeBase64,
  duplicate,
  invalidValue,
  notAllowed,
  required,
  unsupported,
  type CertificateSigningRequest,
  type FieldError,
} from '../../api/index.ts'
import { enumOf } from '../../api/schema/index.ts'
import { ageColumn, humanDuration, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { conditionChangeErrors, conditionErrors, stampConditions } from './conditions.ts'
import { signerNameErrors } from './signerName.ts'

type Request = CertificateSigningRequest

/** Asks a signer for a certificate; somebody has to approve it. */
export const certificateSigningRequest = defineKind<Request>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  subresources: ['approval', 'status'],
  validateName: () => [],
  defaults(draft) {
    draft.spec ??= { request: '', signerName: '' }
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  stampUser({ spec }, { name, uid, groups, extra }) {
    spec.username = name
    if (uid) spec.uid = uid
    else delete spec.uid
    spec.groups = [...groups]
    if (extra) spec.extra = Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]))
    else delete spec.extra
  },
  prepareForUpdate(draft, old) {
    Object.assign(draft, { spec: old.spec }) // what was asked stays, without a word
  },
  prepareForStatusUpdate(draft, old, { now }) {
    stampConditions(draft, old, now)
  },
  prepareForSubresource(_door, draft, old, { now }) {
    const { conditions } = draft.status
    const { conditions: _before, ...others } = old.status
    Object.assign(draft, { spec: old.spec, status: { ...others, ...(conditions && { conditions }) } })
    stampConditions(draft, old, now)
  },
  validate: (object) => [...specErrors(object), ...conditionErrors(object, undefined)],
  validateUpdate: (next, old, meta) => [...meta(), ...updateErrors(next, old, {})],
  validateStatusUpdate: (next, old) => updateErrors(next, old, { maySign: true }),
  validateSubresource: (_door, next, old) => updateErrors(next, old, { mayJudge: true }),
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName', cell: ({ spec }) => spec.signerName || '<none>' },
    { name: 'Requestor', cell: ({ spec }) => spec.username ?? '' },
    {
      name: 'RequestedDuration',
      cell: ({ spec: { expirationSeconds: seconds } }) =>
        seconds === undefined ? '<none>' : humanDuration(seconds * 1000),
    },
    { name: 'Condition', cell: stateOf },
  ],
})

/** `Approved,Issued`. */
// upstream: pkg/printers/internalversion/printers.go extractCSRStatus
function stateOf({ status }: Request): string {
  const has = (type: string): boolean => (status.conditions ?? []).some((condition) => condition.type === type)
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return `${verdict}${has('Failed') ? ',Failed' : ''}${status.certificate ? ',Issued' : ''}`
}

const usages = enumOf('CertificateSigningRequestSpec', 'usages')!
const legacySigner = 'kubernetes.io/legacy-unknown'

// upstream: pkg/apis/certificates/validation/validation.go validateCertificateSigningRequest
function specErrors({ spec }: Request): FieldError[] {
  const errors: FieldError[] = []
  const { request, usages: asked = [], signerName, expirationSeconds } = spec
  const bad = pemError(request, 'CERTIFICATE REQUEST')
  if (bad !== undefined) errors.push(invalidValue('spec.request', request || null, bad))
  if (asked.length === 0) errors.push(required('spec.usages'))
  asked.forEach((usage, index) => {
    if (!usages.includes(usage)) errors.push(unsupported(`spec.usages[${index}]`, usage, usages))
  })
  asked.forEach((usage, index) => {
    if (asked.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage))
  })
  if (signerName === legacySigner)
    errors.push(
      invalidValue('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version'),
    )
  else errors.push(...signerNameErrors('spec.signerName', signerName))
  if (expirationSeconds !== undefined && expirationSeconds < 600)
    errors.push(
      invalidValue(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    )
  return errors
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----\s[\s\S]*?-----END \1-----/

/** What keeps base64 from being a PEM block of that type. */
// differs: what is inside a block is not parsed, so no signature is checked
function pemError(encoded: string | undefined, type: string): string | undefined {
  const found = block.exec(decodeBase64(encoded ?? ''))
  return found?.[1] === type ? undefined : `PEM block type must be ${type}`
}

interface May {
  readonly maySign?: boolean
  readonly mayJudge?: boolean
}

function updateErrors(next: Request, old: Request, { maySign = false, mayJudge = false }: May): readonly FieldError[] {
  const errors = [...conditionErrors(next, old)]
  const { certificate } = next.status
  const path = 'status.certificate'
  const isOther = certificate !== old.status.certificate
  const isBad = (pem: string | undefined): boolean => !!pem && pemError(pem, 'CERTIFICATE') !== undefined
  if (isOther && isBad(certificate) && !isBad(old.status.certificate))
    errors.push(invalidValue(path, '<certificate data>', 'must contain at least one CERTIFICATE PEM block'))
  errors.push(...conditionChangeErrors(next, old, mayJudge))
  if (isOther && !maySign) errors.push(notAllowed(path, 'updates may not set certificate content'))
  else if (isOther && old.status.certificate)
    errors.push(notAllowed(path, 'updates may not modify existing certificate content'))
  return errors
}
