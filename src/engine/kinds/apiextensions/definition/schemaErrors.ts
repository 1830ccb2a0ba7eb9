import { invalidValue, notAllowed, type FieldError } from '../../../api/index.ts'
import type { Schema } from '../schema.ts'
import { defaultErrors } from './defaultErrors.ts'
import { schemaForm } from './goForm.ts'
import { openApiErrors } from './openApi.ts'
import { structuralErrors } from './structural.ts'
import { unusableWord } from './unusable.ts'

const rootFields =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems ' +
  'MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations'
const allowed: ReadonlySet<string> = new Set(rootFields.split(' '))

/** What is wrong with the schema of a version, or of all. */
// upstream: apiextensions/validation/validation.go validateCustomResourceDefinitionValidation
export function schemaErrors(schema: Schema | undefined, path: string, hasStatus: boolean): readonly FieldError[] {
  if (schema === undefined) return []
  const at = `${path}.openAPIV3Schema`
  const errors: FieldError[] = hasStatus ? [...rootErrors(schema, at)] : []
  if (schema.nullable) errors.push(notAllowed(`${at}.nullable`, 'nullable cannot be true at the root'))
  const unusable = unusableWord(schema)
  if (unusable === undefined) {
    const structural = structuralErrors(schema, at)
    const wrong = structural.length > 0 ? structural : defaultErrors(schema, at)
    errors.push(...wrong, ...openApiErrors(schema, at, wrong.length === 0))
  } else errors.push(...openApiErrors(schema, at, false))
  return errors.length === 0 && unusable !== undefined ? [invalidValue(at, '', unusable)] : errors
}

/** With a status of its own, what is said at the root must hold for the status too. */
function rootErrors(schema: Schema, path: string): readonly FieldError[] {
  const form = schemaForm(schema)
  for (const [name, value] of Object.entries(form)) {
    if (value === '' || value === false || value === null) continue
    const text = 'at the root of the schema if the status subresource is enabled'
    if (name === 'Type' && value !== 'object')
      return [invalidValue(`${path}.type`, value, `only "object" is allowed as the type ${text}`)]
    if (!allowed.has(name)) return [invalidValue(path, form, `only [${rootFields}] fields are allowed ${text}`)]
  }
  return []
}
