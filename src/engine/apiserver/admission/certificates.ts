import { base64Bytes, decodeBase64, forbidden, isEqual, type CertificateSigningRequest } from '../../api/index.ts'
import { about } from '../authorization/attributes.ts'
import { decide } from '../authorization/authorizer.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

const group = 'certificates.k8s.io'

const isRequest = ({ kind }: AdmissionRequest): boolean =>
  kind.kind === 'CertificateSigningRequest' && kind.group === group

/** Only who may approve for a signer approves. */
// upstream: plugin/pkg/admission/certificates/approval/admission.go
export const certificateApproval = defineAdmission({
  name: 'CertificateApproval',
  kinds: ['CertificateSigningRequest'],
  verbs: ['update'],
  subresources: ['approval'],
  validate(request) {
    if (!isRequest(request)) return
    demand(request, 'approve', (request.old as CertificateSigningRequest).spec.signerName)
  },
})

/** Only who may sign for a signer hands out a certificate, or says that there will be none. */
// upstream: plugin/pkg/admission/certificates/signing/admission.go
export const certificateSigning = defineAdmission({
  name: 'CertificateSigning',
  kinds: ['CertificateSigningRequest'],
  verbs: ['update'],
  subresources: ['status'],
  validate(request) {
    if (!isRequest(request)) return
    const [next, old] = [
      request.draft as unknown as CertificateSigningRequest,
      request.old as CertificateSigningRequest,
    ]
    const failed = ({ status }: CertificateSigningRequest) =>
      status?.conditions?.filter(({ type }) => type === 'Failed')
    if (next.status?.certificate === old.status?.certificate && isEqual(failed(next) ?? [], failed(old) ?? [])) return
    demand(request, 'sign', old.spec.signerName)
  },
})

/** Nobody gets a certificate for the group that is above all rules. */
// upstream: plugin/pkg/admission/certificates/subjectrestriction/admission.go
export const certificateSubjectRestriction = defineAdmission({
  name: 'CertificateSubjectRestriction',
  kinds: ['CertificateSigningRequest'],
  verbs: ['create'],
  subresources: [''],
  validate(request) {
    if (!isRequest(request)) return
    const { spec } = request.draft as unknown as CertificateSigningRequest
    if (spec.signerName !== 'kubernetes.io/kube-apiserver-client' || !namesMasters(spec.request)) return
    throw refusal(request, `use of ${spec.signerName} signer with system:masters group is not allowed`)
  },
})

// differs: the certificate request is not parsed, its bytes are searched for the group's name
function namesMasters(encoded: string): boolean {
  const pem = decodeBase64(encoded).replace(/-----[^-]*-----|\s/g, '')
  return String.fromCharCode(...base64Bytes(pem).slice(0, 20_000)).includes('system:masters')
}

function demand(request: AdmissionRequest, verb: 'approve' | 'sign', signer: string): void {
  const { user, context } = request
  const wildcard = `${signer.split('/')[0]}/*`
  for (const name of [signer, wildcard])
    if (decide(about(user, verb, { group, resource: 'signers', name }), context).isAllowed) return
  throw refusal(request, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`)
}

function refusal({ kind, name }: AdmissionRequest, detail: string): Error {
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}
