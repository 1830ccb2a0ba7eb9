import {
  invalid,
  invalidValue,
  notAllowed,
  required,
  tooLong,
  unsupported,
  utf8Bytes,
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
  watch: 'ListOptions',
}

const policies = ['Foreground', 'Background', 'Orphan']
const validations = ['', 'Ignore', 'Strict', 'Warn']

/** Refuses options that make no sense, each word as upstream has it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go
export function checkOptions({ request, options }: Passage): void {
  const kind = kinds[request.verb]
  if (kind === undefined) return
  const errors =
    kind !== 'ListOptions'
      ? writeErrors(options, request.verb, request.patchType)
      : request.verb === 'watch'
        ? watchErrors(options)
        : listErrors(options)
  if (errors.length > 0) throw invalid('meta.k8s.io', kind, '', errors)
}

function writeErrors(options: RequestOptions, verb: string, patchType: string | undefined): readonly FieldError[] {
  const { force, fieldManager, fieldValidation, propagationPolicy } = options
  const errors: FieldError[] = []
  if (verb === 'patch' && patchType !== 'apply' && force !== undefined)
    errors.push(notAllowed('force', 'may not be specified for non-apply patch'))
  if (verb === 'patch' && patchType === 'apply' && !fieldManager)
    errors.push(required('fieldManager', 'is required for apply patch'))
  if (fieldManager !== undefined) managerErrors(errors, fieldManager)
  if (fieldValidation !== undefined && !validations.includes(fieldValidation))
    errors.push(unsupported('fieldValidation', fieldValidation, validations))
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy))
    errors.push(unsupported('propagationPolicy', propagationPolicy, [...policies, 'nil']))
  return errors
}

// upstream: ValidateFieldManager there; Go calls no space but the plain one printable
function managerErrors(errors: FieldError[], name: string): void {
  if (utf8Bytes(name).length > 128) errors.push(tooLong('fieldManager', 128))
  if (!unprintable.test(name)) return
  let at = 0
  for (const char of name) {
    if (unprintable.test(char)) {
      const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      errors.push(invalidValue('fieldManager', name, `invalid character U+${code} (at position ${at})`))
    }
    at += utf8Bytes(char).length
  }
}

const unprintable = /\p{C}|(?! )\p{Z}/u

// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/internalversion/validation/validation.go
function listErrors({
  resourceVersion,
  resourceVersionMatch: match,
  continue: token,
  sendInitialEvents,
}: RequestOptions): readonly FieldError[] {
  if (!match && sendInitialEvents === undefined) return none
  const errors = match ? matchErrors(match, resourceVersion, token) : []
  if (sendInitialEvents !== undefined)
    errors.push(notAllowed('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function matchErrors(match: string, resourceVersion: string | undefined, token: string | undefined): FieldError[] {
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

function watchErrors({
  resourceVersionMatch: match = '',
  continue: token,
  sendInitialEvents,
}: RequestOptions): readonly FieldError[] {
  if (match === '' && sendInitialEvents === undefined) return none
  const path = 'resourceVersionMatch'
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    errors.push(notAllowed(path, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (match === '') return errors
  if (sendInitialEvents === undefined)
    errors.push(notAllowed(path, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
  if (match !== 'NotOlderThan') errors.push(unsupported(path, match, ['NotOlderThan']))
  if (token) errors.push(notAllowed(path, 'resourceVersionMatch is forbidden when continue is provided'))
  return errors
}

const none: readonly FieldError[] = Object.freeze([])
