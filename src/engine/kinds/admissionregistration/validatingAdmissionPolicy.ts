import {
  duplicate,
  each,
  invalidValue,
  isQualifiedName,
  required,
  unsupported,
  type FieldError,
  type ValidatingAdmissionPolicy,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { expressionErrors, type ExpressionUse } from './expressions.ts'
import { defaultPolicy, paramKindText, policyErrors } from './policy.ts'
import { staticNameWarnings } from './rules.ts'

/** Rules in CEL that requests have to meet, wherever a binding says so. */
export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  subresources: ['status'],
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {}
    defaultPolicy(draft.spec)
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: allErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...allErrors(next)],
  validateStatusUpdate: ({ status }) => warningErrors(status.typeChecking?.expressionWarnings ?? []),
  warnings: ({ metadata }, old) => (old === undefined ? staticNameWarnings(metadata.name) : []),
  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', cell: ({ spec }) => spec.validations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => paramKindText(spec.paramKind) },
    ageColumn,
  ],
})

type Spec = ValidatingAdmissionPolicy['spec']
type Validation = NonNullable<Spec['validations']>[number]

const annotationsMax = 20
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

function allErrors({ metadata, spec }: ValidatingAdmissionPolicy): readonly FieldError[] {
  const errors = policyErrors(spec, 'validating')
  const { validations = [], auditAnnotations = [], paramKind, variables = [] } = spec
  const use: ExpressionUse = {
    returns: 'bool',
    hasParams: paramKind !== undefined,
    hasAuthorizer: true,
    variables: variables.map(({ name }) => name),
  }
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const text = 'validations or auditAnnotations must contain at least one item'
    errors.push(required('spec.validations', text), required('spec.auditAnnotations', text))
    return errors
  }
  validations.forEach((one, index) => validationErrors(errors, `spec.validations[${index}]`, one, use))
  annotationErrors(errors, metadata.name, auditAnnotations, use)
  return errors
}

function validationErrors(errors: FieldError[], path: string, validation: Validation, use: ExpressionUse): void {
  const { expression = '', message = '', messageExpression = '', reason } = validation
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'))
  else errors.push(...expressionErrors(`${path}.expression`, expression, use))
  const at = `${path}.messageExpression`
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalidValue(at, messageExpression, 'must be non-empty if specified'))
  else if (messageExpression !== '')
    errors.push(...expressionErrors(at, messageExpression, { ...use, returns: 'string', hasAuthorizer: false }))
  if (message !== '' && message.trim() === '')
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'))
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(unsupported(`${path}.reason`, reason, reasons))
}

type Annotations = NonNullable<Spec['auditAnnotations']>

const valueBytesMax = 5 * 1024

function annotationErrors(errors: FieldError[], name: string, list: Annotations, use: ExpressionUse): void {
  if (list.length > annotationsMax)
    errors.push(
      invalidValue('spec.auditAnnotations', list, `must not have more than ${annotationsMax} auditAnnotations`),
    )
  list.forEach(({ key = '', valueExpression = '' }, index) => {
    const path = `spec.auditAnnotations[${index}]`
    errors.push(...each(`${path}.key`, `${name}/${key}`, isQualifiedName(`${name}/${key}`)))
    const text = valueExpression.trim()
    const at = `${path}.valueExpression`
    if (text === '') errors.push(required(at, 'valueExpression is not specified'))
    else if (text.length > valueBytesMax) errors.push(required(at, `must not exceed ${valueBytesMax} bytes in length`))
    else errors.push(...expressionErrors(at, text, { ...use, returns: 'string' }))
    if (list.findIndex((other) => other.key === key) < index) errors.push(duplicate(`${path}.key`, key))
  })
}

type Warnings = NonNullable<NonNullable<ValidatingAdmissionPolicy['status']['typeChecking']>['expressionWarnings']>

function warningErrors(list: Warnings): readonly FieldError[] {
  const errors: FieldError[] = []
  list.forEach(({ warning, fieldRef = '' }, index) => {
    const path = `status.typeChecking.expressionWarnings[${index}]`
    if (!warning) errors.push(required(`${path}.warning`))
    if (fieldRef.trim() === '') errors.push(required(`${path}.fieldRef`))
  })
  return errors
}
