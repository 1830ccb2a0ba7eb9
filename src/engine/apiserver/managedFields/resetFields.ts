import type { Kind } from '../../kinds/defineKind.ts'
import { noFields, setOf, type FieldSet } from './fieldSet.ts'

/**
 * Fields that a write cannot change, so that it cannot own them either: `status` through the object's own door, `spec` through the
 * door of its status.
 */
// upstream: GetResetFields of the strategies in pkg/registry
export function resetFields(kind: Kind, subresource: string): FieldSet {
  const name = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  if (subresource === '') return mainDoors[name] ?? (kind.subresources.includes('status') ? status : noFields)
  if (subresource === 'status') return statusDoors[name] ?? spec
  return otherDoors[`${name}/${subresource}`] ?? noFields
}

const status = setOf('f:status')
const spec = setOf('f:spec')
const specAndLabels = setOf('f:spec', 'f:metadata f:labels')
const allMeta = [
  'f:metadata f:deletionTimestamp',
  'f:metadata f:finalizers',
  'f:metadata f:ownerReferences',
  'f:metadata f:labels',
  'f:metadata f:annotations',
]

const mainDoors: Readonly<Record<string, FieldSet>> = {
  'CertificateSigningRequest.certificates.k8s.io': setOf('f:spec', 'f:status'),
  Event: noFields,
}

const statusDoors: Readonly<Record<string, FieldSet>> = {
  Pod: setOf('f:spec', 'f:metadata f:deletionTimestamp', 'f:metadata f:ownerReferences'),
  'Deployment.apps': specAndLabels,
  'APIService.apiregistration.k8s.io': setOf('f:spec', 'f:metadata'),
  'CustomResourceDefinition.apiextensions.k8s.io': setOf('f:spec', 'f:metadata'),
  'FlowSchema.flowcontrol.apiserver.k8s.io': setOf('f:spec', 'f:metadata'),
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io': setOf('f:spec', 'f:metadata'),
  'VolumeAttachment.storage.k8s.io': setOf('f:spec', 'f:metadata'),
  'ResourceClaim.resource.k8s.io': setOf('f:spec', 'f:metadata'),
  'ServiceCIDR.networking.k8s.io': setOf('f:spec'),
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': setOf('f:spec', 'f:metadata'),
  'CertificateSigningRequest.certificates.k8s.io': setOf('f:spec', 'f:status f:conditions'),
}

const otherDoors: Readonly<Record<string, FieldSet>> = {
  'Pod/resize': setOf('f:status', ...allMeta),
  'Pod/ephemeralcontainers': setOf('f:status'),
  'Namespace/finalize': setOf('f:status'),
  'CertificateSigningRequest.certificates.k8s.io/approval': setOf('f:spec'),
}
