import {
  invalid,
  notAllowed,
  required,
  tooLong,
  unsupported,
  type FieldError,
  type RequestOptions,
} from '../api/index.ts'
import type { Passage } from './passage.ts'

const kinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
  list: 'ListOptions',
}

const policies = ['Foreground', 'Background', 'Orphan']
const validations = ['', 'Ignore', 'Strict', 'Warn']

/** Refuses options that make no sense, each word as upstream has it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go
export function checkOptions({ request, options }: Passage): void {
  const kind = kinds[request.verb]
  if (kind === undefined) return
  const errors = kind === 'ListOptions' ? listErrors(options) : writeErrors(options, request.verb, request.patchType)
  if (errors.length > 0) throw invalid('meta.k8s.io', kind, '', errors)
}

function writeErrors(options: RequestOptions, verb: string, patchType: string | undefined): readonly FieldError[] {
  const { force, fieldManager, fieldValidation, propagationPolicy } = options
  const errors: FieldError[] = []
  if (verb === 'patch' && patchType !== 'apply' && force !== undefined)
    errors.push(notAllowed('force', 'may not be specified for non-apply patch'))
  if (verb === 'patch' && patchType === 'apply' && !fieldManager)
    errors.push(required('fieldManager', 'is required for apply patch'))
  if (fieldManager !== undefined && fieldManager.length > 128) errors.push(tooLong('fieldManager', 128))
  if (fieldValidation !== undefined && !validations.includes(fieldValidation))
    errors.push(unsupported('fieldValidation', fieldValidation, validations))
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy))
    errors.push(unsupported('propagationPolicy', propagationPolicy, [...policies, 'nil']))
  return errors
}

// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/internalversion/validation/validation.go
function listErrors({
  resourceVersion,
  resourceVersionMatch: match,
  continue: token,
}: RequestOptions): readonly FieldError[] {
  if (match === undefined || match === '') return []
  const path = 'resourceVersionMatch'
  const errors: FieldError[] = []
  if (!resourceVersion)
    errors.push(notAllowed(path, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (token) errors.push(notAllowed(path, 'resourceVersionMatch is forbidden when continue is provided'))
  if (match !== 'Exact' && match !== 'NotOlderThan')
    errors.push(unsupported(path, match, ['Exact', 'NotOlderThan', '']))
  if (match === 'Exact' && resourceVersion === '0')
    errors.push(notAllowed(path, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  return errors
}
