import { each, isLabel, isSubdomain, notAllowed, required, tooLong, unsupported, utf8Bytes } from '../../api/index.ts'
import type { FieldError, IngressClass } from '../../api/index.ts'
import { ageColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'
import { domainPathErrors } from './hosts.ts'
import { segmentErrors } from './pathSegment.ts'

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class'

/** Which controller looks after the Ingresses that name this class. */
export const ingressClass = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {}
    if (draft.spec.parameters) draft.spec.parameters.scope ??= 'Cluster'
  },
  validate: classErrors,
  validateUpdate: (next, old, meta) => [
    ...immutable('spec.controller', next.spec.controller ?? '', old.spec.controller ?? ''),
    ...meta(),
    ...classErrors(next),
  ],
  columns: [
    {
      name: 'Name',
      format: 'name',
      cell: ({ metadata }) =>
        `${metadata.name}${metadata.annotations?.[defaultAnnotation] === 'true' ? ' (default)' : ''}`,
    },
    { name: 'Controller', cell: ({ spec }) => spec.controller ?? '' },
    { name: 'Parameters', cell: ({ spec }) => parametersText(spec.parameters) },
    ageColumn,
  ],
})

type Parameters = NonNullable<IngressClass['spec']['parameters']>

function parametersText(parameters: Parameters | undefined): string {
  if (parameters === undefined) return '<none>'
  const { apiGroup, kind, name } = parameters
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`
}

const controllerBytesMax = 250

// upstream: pkg/apis/networking/validation/validation.go ValidateIngressClass
function classErrors({ spec }: IngressClass): readonly FieldError[] {
  const { controller = '', parameters } = spec
  const errors: FieldError[] = []
  if (utf8Bytes(controller).length > controllerBytesMax) errors.push(tooLong('spec.controller', controllerBytesMax))
  errors.push(...domainPathErrors('spec.controller', controller))
  if (parameters !== undefined) parameterErrors(errors, parameters)
  return errors
}

const path = 'spec.parameters'
const scopes = ['Cluster', 'Namespace']

function parameterErrors(errors: FieldError[], { apiGroup, kind, name, scope, namespace }: Parameters): void {
  if (apiGroup !== undefined) errors.push(...each(`${path}.apiGroup`, apiGroup, isSubdomain(apiGroup)))
  errors.push(...segmentErrors(`${path}.kind`, kind), ...segmentErrors(`${path}.name`, name))
  if (scope === undefined) return void errors.push(required(`${path}.scope`))
  if (!scopes.includes(scope)) return void errors.push(unsupported(`${path}.scope`, scope, scopes))
  if (scope === 'Cluster') {
    if (namespace !== undefined) errors.push(notAllowed(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"))
  } else if (namespace === undefined)
    errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
  else errors.push(...each(`${path}.namespace`, namespace, isLabel(namespace)))
}
