import { notAllowed, type FieldError, type ResourceClaimTemplate } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { annotationErrors, immutable, labelErrors } from '../rules/meta.ts'
import { adminErrors, claimErrors, defaultClaim } from './deviceClaim.ts'

/** What the claims look like that are made for pods. */
export const resourceClaimTemplate = defineKind<ResourceClaimTemplate>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  answersWithDeleted: true,
  defaults(draft) {
    draft.spec ??= { spec: {} }
    draft.spec.metadata ??= {}
    draft.spec.spec ??= {}
    defaultClaim(draft.spec.spec)
  },
  allocate: ({ metadata, spec }, old, context) =>
    old === undefined ? adminErrors(spec.spec, metadata.namespace, context) : [],
  validate: ({ spec }) => [...metadataErrors(spec.metadata), ...claimErrors('spec.spec', spec.spec)],
  validateUpdate: (next, old) => immutable('spec', next.spec, old.spec),
})

type Metadata = ResourceClaimTemplate['spec']['metadata']

/** A template's metadata are labels and annotations alone. */
// upstream: pkg/apis/core/validation/validation.go ValidateTemplateObjectMeta
function metadataErrors(metadata: Metadata): readonly FieldError[] {
  const path = 'spec.metadata'
  const { annotations, labels, ...rest } = metadata ?? {}
  return [
    ...annotationErrors(`${path}.annotations`, annotations),
    ...labelErrors(`${path}.labels`, labels),
    ...Object.keys(rest).map((field) => notAllowed(`${path}.${field}`, 'cannot be set')),
  ]
}
