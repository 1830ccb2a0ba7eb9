import {
  invalidValue,
  isEqual,
  required,
  type CustomResourceDefinition,
  type Draft,
  type FieldError,
} from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { formatWarnings } from './definition/formatWarnings.ts'
import { nameErrors, specErrors } from './definition/spec.ts'
import { isTrue, versionsOf } from './definition/types.ts'

/** The finalizer that lets a definition go only after its objects. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'
const approval = 'api-approved.kubernetes.io'

/** Makes a new kind of object at run time. */
export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  storagePrefix: 'apiextensions.k8s.io/customresourcedefinitions',
  subresources: ['status'],
  hasGeneration: true,
  defaults,
  prepareForCreate(draft) {
    draft.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null } as never
    noteStoredVersion(draft)
  },
  prepareForUpdate: (draft) => noteStoredVersion(draft),
  validate: (object) => [
    ...placeErrors(object),
    ...specErrors(object),
    ...statusErrors(object),
    ...approvalErrors(object),
    ...preserveErrors(object),
  ],
  validateUpdate: (next, old) => [
    ...specErrors(next),
    ...immutableErrors(next, old),
    ...statusErrors(next),
    ...approvalErrors(next, old),
    ...(old.spec.preserveUnknownFields ? [] : preserveErrors(next)),
  ],
  validateStatusUpdate: ({ status }) => nameErrors(status.acceptedNames, 'status.acceptedNames'),
  warnings: formatWarnings,
  terminate,
  columns: [
    { name: 'Name', format: 'name', cell: ({ metadata }) => metadata.name },
    { name: 'Created At', type: 'date', cell: ({ metadata }) => metadata.creationTimestamp },
  ],
})

// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go
function defaults(draft: Draft<CustomResourceDefinition>): void {
  const spec = ((draft as { spec?: typeof draft.spec }).spec ??= {} as typeof draft.spec)
  ;(spec as { names?: typeof spec.names }).names ??= {} as typeof spec.names
  const names = spec.names as Partial<Draft<CustomResourceDefinition>['spec']['names']> | undefined
  if (names !== undefined) {
    if (!names.singular && names.kind) names.singular = names.kind.toLowerCase()
    if (!names.listKind && names.kind) names.listKind = `${names.kind}List`
  }
  spec.conversion ??= { strategy: 'None' }
  const service = spec.conversion.webhook?.clientConfig?.service
  if (service !== undefined) service.port ??= 443
}

/** Every version in which objects may lie in the store is remembered. */
function noteStoredVersion(draft: Draft<CustomResourceDefinition>): void {
  const stored = draft.spec.versions?.find(({ storage }) => storage)?.name
  if (stored === undefined) return
  const known = draft.status?.storedVersions ?? []
  if (!known.includes(stored)) draft.status = { ...draft.status, storedVersions: [...known, stored] }
}

function placeErrors({ metadata, spec }: CustomResourceDefinition): readonly FieldError[] {
  const isRight = metadata.name === `${spec.names?.plural ?? ''}.${spec.group ?? ''}`
  if (isRight || !metadata.name) return []
  return [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
}

function statusErrors(definition: CustomResourceDefinition): readonly FieldError[] {
  const { status } = definition
  const path = 'status.storedVersions'
  const stored = status?.storedVersions ?? []
  const errors = [...nameErrors(status?.acceptedNames, 'status.acceptedNames')]
  if (stored.length === 0) return [...errors, invalidValue(path, null, 'must have at least one stored version')]
  const versions = versionsOf(definition)
  const left = new Set(stored) // a name counts for one version only
  for (const { name, storage } of versions)
    if (!left.delete(name) && storage) errors.push(invalidValue(path, stored, `must have the storage version ${name}`))
  stored.forEach((name, index) => {
    if (versions.some((version) => version.name === name)) return
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(invalidValue(`${path}[${index}]`, name, text))
  })
  return errors
}

function immutableErrors(next: CustomResourceDefinition, old: CustomResourceDefinition): readonly FieldError[] {
  const errors: FieldError[] = []
  const fixed = (field: string, value: unknown, before: unknown): void => {
    if (!isEqual(value, before)) errors.push(invalidValue(`spec.${field}`, value, 'field is immutable'))
  }
  if (isTrue(old, 'Established')) {
    fixed('scope', next.spec.scope, old.spec.scope)
    fixed('names.kind', next.spec.names.kind, old.spec.names.kind)
  }
  fixed('group', next.spec.group, old.spec.group)
  fixed('names.plural', next.spec.names.plural, old.spec.names.plural)
  return errors
}

/** How a definition in a group of Kubernetes' own stands: undefined outside such groups. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apihelpers/helpers.go GetAPIApprovalState
export function approvalOf({
  metadata,
  spec,
}: CustomResourceDefinition):
  { readonly state: 'missing' | 'invalid' | 'bypassed' | 'approved'; readonly text: string } | undefined {
  const { group } = spec
  const isProtected = ['k8s.io', 'kubernetes.io'].some((own) => group === own || group?.endsWith(`.${own}`))
  if (!isProtected) return undefined
  const note = metadata.annotations?.[approval]
  const start = `protected groups must have approval annotation "${approval}"`
  const more = 'see https://github.com/kubernetes/enhancements/pull/1111'
  if (!note) return { state: 'missing', text: `${start}, ${more}` }
  if (note.startsWith('unapproved')) return { state: 'bypassed', text: `not approved: ${JSON.stringify(note)}` }
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+/.test(note)) return { state: 'approved', text: `approved in ${note}` }
  return { state: 'invalid', text: `${start} with either a URL or a reason starting with "unapproved", ${more}` }
}

function approvalErrors(next: CustomResourceDefinition, old?: CustomResourceDefinition): readonly FieldError[] {
  const found = approvalOf(next)
  const note = next.metadata.annotations?.[approval]
  if (old !== undefined && approvalOf(old)?.state === found?.state) return []
  const field = `metadata.annotations[${approval}]`
  if (found?.state === 'missing') return [required(field, found.text)]
  return found?.state === 'invalid' ? [invalidValue(field, note, found.text)] : []
}

// upstream: apiextensions/validation/validation.go validatePreserveUnknownFields
function preserveErrors({ spec }: CustomResourceDefinition): readonly FieldError[] {
  if (!spec.preserveUnknownFields) return []
  const text = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalidValue('spec.preserveUnknownFields', true, text)]
}

/** The first delete marks a definition; its objects go before it. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go Delete
function terminate(definition: CustomResourceDefinition, now: string): CustomResourceDefinition {
  const { metadata, status } = definition
  const { finalizers = [] } = metadata
  const terminating = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: now,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  }
  return {
    ...definition,
    metadata: {
      ...metadata,
      deletionTimestamp: now,
      deletionGracePeriodSeconds: 0,
      finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
    },
    status: { ...status, conditions: [...(status.conditions ?? []), terminating] },
  } as CustomResourceDefinition
}
