import { badRequest, jsonError, statusError } from '../../api/index.ts'
import type { Passage } from '../passage.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go

/** The patch of a request: an object, or the operations of a JSON patch. Throws a 400 in Go's words for what is neither. */
export function readPatch({ request, options }: Passage): unknown {
  const { body, patchType = 'strategic' } = request
  const isChecked = options.fieldValidation !== 'Ignore'
  // JSON patches are read twice, and the first time only to find unknown fields
  const prefix = patchType === 'merge' || (patchType === 'json' && isChecked) ? 'error decoding patch: ' : ''
  const value = typeof body === 'string' ? parse(body, prefix) : (body ?? null)
  if (patchType === 'json') return operationsIn(value, prefix, isChecked)
  if (value === null && patchType === 'merge') throw badRequest('Invalid JSON Patch')
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw mismatch(prefix, value, 'value of type map[string]interface {}')
  return value
}

function parse(text: string, prefix: string): unknown {
  const error = jsonError(text)
  if (error !== undefined) throw badRequest(prefix + error)
  return JSON.parse(text) as unknown
}

const operationsMax = 10_000

function operationsIn(value: unknown, prefix: string, isChecked: boolean): readonly unknown[] {
  if (value === null) return []
  if (!Array.isArray(value))
    throw mismatch(prefix, value, `value of type ${isChecked ? '[]handlers.jsonPatchOp' : 'jsonpatch.Patch'}`)
  const operations = value as readonly unknown[]
  for (const operation of operations) checkOperation(operation, prefix, isChecked)
  if (operations.length > operationsMax)
    throw statusError({
      message: `Request entity too large: The allowed maximum operations in a JSON patch is ${operationsMax}, got ${operations.length}`,
      reason: 'RequestEntityTooLarge',
      code: 413,
    })
  return operations
}

function checkOperation(operation: unknown, prefix: string, isChecked: boolean): void {
  if (operation === null) return
  if (typeof operation !== 'object' || Array.isArray(operation))
    throw mismatch(prefix, operation, `value of type ${isChecked ? 'handlers.jsonPatchOp' : 'jsonpatch.Operation'}`)
  if (!isChecked) return
  for (const name of ['op', 'path', 'from']) {
    const given = (operation as Readonly<Record<string, unknown>>)[name]
    if (given !== undefined && given !== null && typeof given !== 'string')
      throw mismatch(prefix, given, `struct field jsonPatchOp.${name} of type string`)
  }
}

function mismatch(prefix: string, value: unknown, wanted: string) {
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return badRequest(`${prefix}json: cannot unmarshal ${word} into Go ${wanted}`)
}
