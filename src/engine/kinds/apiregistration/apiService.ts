import {
  base64Size,
  each,
  invalidValue,
  isLabel1035,
  isSubdomain,
  required,
  unsupported,
  type APIService,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'

/** Who serves a version of an API group: this server, or a Service. */
export const apiService = defineKind<APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  subresources: ['status'],
  storagePrefix: 'apiregistration.k8s.io/apiservices',
  validateName: isPathSegment,
  defaults(draft) {
    draft.spec ??= { groupPriorityMinimum: 0, versionPriority: 0 }
    if (draft.spec.service) draft.spec.service.port ??= 443
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
    // what this server serves itself is there from the start
    if (!draft.spec.service) draft.status.conditions = [localCondition(draft.metadata.creationTimestamp)]
  },
  validate: serviceErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...serviceErrors(next)],
  validateStatusUpdate: ({ status }) =>
    (status.conditions ?? []).flatMap(({ status: state }, index) =>
      states.includes(state) ? [] : [unsupported(`status.conditions[${index}].status`, state, states)],
    ),
  columns: [
    nameColumn,
    {
      name: 'Service',
      cell: ({ spec: { service } }) =>
        service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`,
    },
    { name: 'Available', cell: availability },
    ageColumn,
  ],
})

const states = ['True', 'False', 'Unknown']

/** The condition of a version that this server serves itself. */
// upstream: kube-aggregator/pkg/apis/apiregistration/helpers.go NewLocalAvailableAPIServiceCondition
export function localCondition(lastTransitionTime: string) {
  const message = 'Local APIServices are always available'
  return { type: 'Available', status: 'True', lastTransitionTime, reason: 'Local', message }
}

function availability({ status }: APIService): string {
  const condition = status.conditions?.find(({ type }) => type === 'Available')
  if (condition === undefined) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`
}

// upstream: kube-aggregator/pkg/apis/apiregistration/validation/validation.go ValidateAPIService
function serviceErrors({ metadata, spec }: APIService): readonly FieldError[] {
  const errors: FieldError[] = []
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0, service } = spec
  const name = `${version}.${group}`
  if (metadata.name !== name && isPathSegment(metadata.name).length === 0)
    errors.push(invalidValue('metadata.name', metadata.name, `must be \`spec.version+"."+spec.group\`: "${name}"`))
  if (group === '' && version !== 'v1')
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'))
  if (group !== '') errors.push(...each('spec.group', group, isSubdomain(group)))
  errors.push(...each('spec.version', version, isLabel1035(version)))
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    errors.push(invalidValue('spec.groupPriorityMinimum', groupPriorityMinimum, 'must be positive and less than 20000'))
  if (versionPriority <= 0 || versionPriority > 1000)
    errors.push(invalidValue('spec.versionPriority', versionPriority, 'must be positive and less than 1000'))
  return [...errors, ...(service === undefined ? localErrors(spec) : remoteErrors(spec))]
}

type Spec = APIService['spec']

function localErrors({ caBundle, insecureSkipTLSVerify }: Spec): readonly FieldError[] {
  const errors: FieldError[] = []
  if (caBundle)
    errors.push(
      invalidValue('spec.caBundle', `${base64Size(caBundle)} bytes`, 'local APIServices may not have a caBundle'),
    )
  if (insecureSkipTLSVerify)
    errors.push(
      invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
    )
  return errors
}

function remoteErrors({ service, caBundle, insecureSkipTLSVerify }: Spec): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!service!.namespace) errors.push(required('spec.service.namespace'))
  if (!service!.name) errors.push(required('spec.service.name'))
  const { port = 0 } = service!
  if (port < 1 || port > 65_535)
    errors.push(invalidValue('spec.service.port', port, 'port is not valid: must be between 1 and 65535, inclusive'))
  if (insecureSkipTLSVerify && caBundle)
    errors.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'))
  return errors
}
